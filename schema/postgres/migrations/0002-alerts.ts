/** What alerting remembers. Documents are JSON as text: their order is theirs. */
export const sql = `
-- counter: changes with everything that evaluation depends on. edits: what people changed; news: what may look different
create table alert_revision (counter bigint not null, edits bigint not null, news bigint not null);
insert into alert_revision values (1, 0, 0);

create table alert_setting (
  name text primary key,
  value text not null
);

create table alert_rule (
  id text collate "C" primary key,
  origin text not null,
  draft text not null,
  created_at bigint not null,
  updated_at bigint not null
);

-- how far each rule was evaluated; checkpoint: event time from which it may be evaluated again
create table alert_memory (
  rule text primary key,
  checkpoint bigint not null,
  doc text not null
);

-- times: event time, epoch ms
create table alert_episode (
  id text collate "C" primary key,
  rule text not null,
  state text not null,
  settled boolean not null,
  fired_at bigint not null,
  resolved_at bigint,
  seen_at bigint not null,
  doc text not null
);
create index alert_episode_open on alert_episode (settled) where not settled;
create index alert_episode_time on alert_episode (fired_at, id);
create index alert_episode_end on alert_episode (resolved_at);

create table alert_silence (
  id text collate "C" primary key,
  ends_at bigint not null,
  doc text not null
);

create table alert_maintenance (
  id text collate "C" primary key,
  doc text not null
);

-- changed_at: wall time; what failed before is no verdict on what it is now
create table alert_notifier (
  id text collate "C" primary key,
  doc text not null,
  secrets text not null,
  changed_at bigint not null default 0
);

-- hash: SHA-256 of the key, which may be longer than an index holds
create table alert_group (
  notifier text not null,
  hash text not null,
  doc text not null,
  primary key (notifier, hash)
);

-- the queue and its log; times: wall time, epoch ms. fence: token of the lease under which it was taken
create table alert_notice (
  seq bigint generated always as identity primary key,
  id text not null unique,
  notifier text not null,
  key text not null,
  state text not null,
  due_at bigint not null,
  leased_until bigint,
  fence bigint,
  created_at bigint not null,
  sent_at bigint,
  doc text not null
);
create index alert_notice_waiting on alert_notice (notifier, seq) where state = 'queued';
create index alert_notice_notifier on alert_notice (notifier, seq);

create table alert_attempt (
  notice bigint not null references alert_notice (seq) on delete cascade,
  n integer not null,
  at bigint not null,
  ok boolean not null,
  status integer,
  error text,
  milliseconds double precision not null,
  primary key (notice, n)
);

-- which notice is about which episode: who was told is what the receivers took
create table alert_telling (
  episode text not null,
  notice bigint not null references alert_notice (seq) on delete cascade,
  phase text not null,
  primary key (episode, notice)
);
create index alert_telling_notice on alert_telling (notice);
`
