/** The first layout. Times are epoch milliseconds, days whole days since 1970, both UTC. */
export const sql = `
create table setting (
  name text primary key,
  value text not null
) without rowid;

-- counted up by every commit that changes an answer, so that other processes notice
create table change (counter integer not null);
insert into change values (0);

-- processes that write, see writing/owners.ts
create table owner (
  id text primary key,
  host text not null,
  pid integer not null,
  seen_at integer not null
) without rowid;

create table batch (
  id integer primary key autoincrement,
  input text not null,
  name text,
  state text not null,
  message text,
  owner text,
  lines integer not null default 0,
  stored integer not null default 0,
  duplicates integer not null default 0,
  rejected integer not null default 0,
  rejected_by_reason text not null default '{}',
  missing_fields text not null default '[]',
  bytes integer not null default 0,
  first_time integer,
  last_time integer,
  received_at integer not null,
  written_at integer not null,
  seconds real not null default 0
);
create index batch_open on batch (owner) where state = 'open';

create table rejected_line (
  batch integer not null,
  n integer not null,
  input text not null,
  line integer not null,
  reason text not null,
  sample text not null,
  primary key (batch, n)
) without rowid;

-- some thousand records of one day, in columns; never changed, only replaced
create table segment (
  id integer primary key autoincrement,
  day integer not null,
  rows integer not null,
  first_time integer not null,
  last_time integer not null,
  chunk_bits integer not null,
  bytes integer not null
);
create index segment_day on segment (day);

create table segment_batch (
  batch integer not null,
  segment integer not null,
  rows integer not null,
  primary key (batch, segment)
) without rowid;
create index segment_batch_segment on segment_batch (segment);

-- what kinds of blobs a segment has; a field added later gets the next slot
create table slot (
  id integer primary key,
  name text not null unique
);

-- id: segment * 256 + slot
create table segment_blob (
  id integer primary key,
  data blob not null
);

-- id: segment * 256 + chunk
create table fingerprint (
  id integer primary key,
  data blob not null
);

-- keys of records that a batch brought though they were stored already (8 bytes each)
create table duplicate (
  id integer primary key,
  batch integer not null,
  first_time integer not null,
  last_time integer not null,
  keys blob not null
);
create index duplicate_batch on duplicate (batch);
`
