/** Parts that can be given again, batches that are opened and closed once, and the small tables of the ledger. */
export const sql = `
-- chosen by who opens a batch, so that asking again after a cut connection opens no second one
alter table batch add column key text;
create unique index batch_key on batch (key) where key is not null;

-- closed by its own process; null: open, or given up by somebody else (see writing/owners.ts)
alter table batch add column closed_at integer;
update batch set closed_at = written_at where state <> 'open';

-- what each part of a batch came to: given again, it is answered so and stored no second time
create table part (
  batch integer not null,
  number integer not null,
  rows integer not null,
  stored integer not null,
  duplicates integer not null,
  primary key (batch, number)
) without rowid;

create table checkpoint (
  input text not null,
  key text not null,
  value text not null,
  version text not null,
  updated_at integer not null,
  primary key (input, key)
) without rowid;

-- zones: JSON list, or null for all
create table token (
  seq integer primary key autoincrement,
  id text not null unique,
  name text not null,
  role text not null,
  zones text,
  hash text not null unique,
  created_at integer not null,
  created_by text,
  expires_at integer,
  last_used_at integer,
  revoked_at integer
);

create table session (
  seq integer primary key autoincrement,
  id text not null unique,
  token text,
  subject text,
  role text not null,
  zones text,
  created_at integer not null,
  last_seen_at integer not null,
  expires_at integer not null,
  address text,
  user_agent text,
  ended_at integer
);
create index session_token on session (token) where ended_at is null;
create index session_subject on session (subject) where ended_at is null;

create table audit (
  id integer primary key autoincrement,
  time integer not null,
  actor text,
  role text,
  address text,
  action text not null,
  target text,
  outcome text not null,
  detail text not null
);
create index audit_time on audit (time);

-- entries from this time on can not go; it only ever rises
create table audit_floor (time integer not null);
insert into audit_floor values (-9223372036854775807);
create trigger audit_is_kept before delete on audit when old.time >= (select time from audit_floor)
  begin select raise(abort, 'the audit log is append-only'); end;
create trigger audit_is_written_once before update on audit
  begin select raise(abort, 'the audit log is append-only'); end;
create trigger audit_floor_rises before update on audit_floor when new.time < old.time
  begin select raise(abort, 'the audit log is append-only'); end;
create trigger audit_floor_is_kept before delete on audit_floor
  begin select raise(abort, 'the audit log is append-only'); end;
create trigger audit_floor_is_one before insert on audit_floor
  begin select raise(abort, 'the audit log is append-only'); end;

-- last_time: excluded end; null: a moment
create table annotation (
  id text primary key,
  text text not null,
  first_time integer not null,
  last_time integer,
  url text,
  kind text,
  zone text,
  host text,
  author text,
  created_at integer not null
) without rowid;
create index annotation_time on annotation (first_time, id);
`
