/**
 * The tables of alerting and how they came about. They lie beside the records' tables but have a version of
 * their own, so that either can change without the other.
 */
import { StoreError } from '../../store/store-error.js'
import type { Connection } from '../database.js'

/** Each applied once, in order. What was released is never changed: add another. */
const MIGRATIONS = [
  `
create table alert_revision (counter integer not null);
insert into alert_revision values (1);

create table alert_setting (
  name text primary key,
  value text not null
) without rowid;

create table alert_rule (
  id text primary key,
  origin text not null,
  draft text not null,
  created_at integer not null,
  updated_at integer not null
) without rowid;

-- how far each rule was evaluated; checkpoint: event time from which it may be evaluated again
create table alert_memory (
  rule text primary key,
  checkpoint integer not null,
  doc text not null
) without rowid;

-- times: event time, epoch ms
create table alert_episode (
  id text primary key,
  rule text not null,
  state text not null,
  settled integer not null,
  fired_at integer not null,
  resolved_at integer,
  seen_at integer not null,
  doc text not null
) without rowid;
create index alert_episode_open on alert_episode (settled) where settled = 0;
create index alert_episode_time on alert_episode (fired_at, id);
create index alert_episode_end on alert_episode (resolved_at);

create table alert_silence (
  id text primary key,
  ends_at integer not null,
  doc text not null
) without rowid;

create table alert_maintenance (
  id text primary key,
  doc text not null
) without rowid;

create table alert_notifier (
  id text primary key,
  doc text not null,
  secrets text not null
) without rowid;

create table alert_group (
  notifier text not null,
  key text not null,
  doc text not null,
  primary key (notifier, key)
) without rowid;

-- the queue and its log; times: wall time, epoch ms
create table alert_notice (
  seq integer primary key autoincrement,
  id text not null unique,
  notifier text not null,
  key text not null,
  state text not null,
  due_at integer not null,
  leased_until integer,
  created_at integer not null,
  sent_at integer,
  doc text not null
);
create index alert_notice_waiting on alert_notice (notifier, key, seq) where state = 'queued';
create index alert_notice_notifier on alert_notice (notifier, seq);

create table alert_attempt (
  notice integer not null references alert_notice (seq) on delete cascade,
  n integer not null,
  at integer not null,
  ok integer not null,
  status integer,
  error text,
  milliseconds real not null,
  primary key (notice, n)
) without rowid;
`,
  `
-- which notice is about which episode: who was told is what the receivers took
create table alert_telling (
  episode text not null,
  notice integer not null references alert_notice (seq) on delete cascade,
  phase text not null,
  primary key (episode, notice)
) without rowid;
create index alert_telling_notice on alert_telling (notice);
insert or ignore into alert_telling
  select json_extract(a.value, '$.episode'), n.seq, json_extract(a.value, '$.phase')
  from alert_notice as n, json_each(n.doc, '$.alerts') as a;

-- wall time: what failed before is no verdict on what it is now
alter table alert_notifier add column changed_at integer not null default 0;
`,
]

/** Throws StoreError if the tables of alerting are those of a newer Faultline. */
export function checkAlertLayout(db: Connection): void {
  const version = alertLayoutOf(db)
  if (version !== null) checkVersion(db, version)
}

/** Which layout the tables of alerting have; null: there are none. */
export function alertLayoutOf(db: Connection): number | null {
  const isThere = db.prepare("select 1 from sqlite_schema where name = 'alert_layout'").get() !== undefined
  return isThere ? versionOf(db) : null
}

/** Brings the tables of alerting up to `last`; made if they are missing. Throws as `checkAlertLayout` does. */
export function migrateAlerts(db: Connection, last = MIGRATIONS.length): void {
  db.transaction(() => {
    db.exec('create table if not exists alert_layout (version integer not null)')
    const version = versionOf(db)
    checkVersion(db, version)
    if (version >= last) return
    for (const sql of MIGRATIONS.slice(version, last)) db.exec(sql)
    db.exec('delete from alert_layout')
    db.prepare('insert into alert_layout values (?)').run(last)
  }).immediate()
}

/** Throws where the tables are missing or older than this version, for who cannot change that. */
export function checkAlertsAreThere(db: Connection): void {
  const version = alertLayoutOf(db) ?? 0
  checkVersion(db, version)
  if (version === MIGRATIONS.length) return
  throw new StoreError(
    'STORE_UNUSABLE',
    `${db.name} has no rules and alerts of today's layout, and this user may not change it. ` +
      'Run it as the user whose file it is, or name a rules file where the command takes one.',
  )
}

function versionOf(db: Connection): number {
  return (db.prepare('select version from alert_layout').pluck().get() as number | undefined) ?? 0
}

function checkVersion(db: Connection, version: number): void {
  if (version <= MIGRATIONS.length) return
  throw new StoreError(
    'STORE_NEWER',
    `The alerts in ${db.name} were written by a newer Faultline (layout ${version}; this one knows up to ` +
      `${MIGRATIONS.length}). Install the newer Faultline again, or name another store.`,
  )
}
