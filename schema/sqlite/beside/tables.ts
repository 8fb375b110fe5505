/**
 * What a ledger keeps whose records rest elsewhere, beside the tables of every store: what was begun there and is not yet
 * reported. Made when such a ledger is opened; `if not exists` is its migration, and columns are only ever added.
 */
export const BESIDE_SQL = `
-- a part on its way into the other store: begun, not yet reported. turn: grows with every part, the first to begin wins
create table if not exists part_begun (
  turn integer primary key autoincrement,
  batch integer not null,
  number integer not null,
  rows integer not null,
  first_time integer,
  last_time integer,
  owner text not null,
  unique (batch, number)
);

-- a batch whose records are being taken out, and what that came to before anything was taken
create table if not exists deletion_begun (
  batch integer primary key,
  removed integer not null,
  brought_again integer not null
);

-- hours of records, and whether what was summed up of them is still right: it is while rolled = touched. Both are numbers of
-- touches; an hour is touched before its records change
create table if not exists hour_state (
  hour integer primary key,
  touched integer not null,
  touched_at integer not null,
  rolled integer,
  -- 1: sums of before may lie there, which nobody reads
  old integer not null default 0
);
-- days that were summed up by the values of dimensions
create table if not exists day_state (
  day integer primary key,
  generation integer not null,
  old integer not null default 0
);
create table if not exists touch (counter integer not null);
insert into touch select 0 where not exists (select 1 from touch);

-- who writes to the other store: one at a time
create table if not exists lease (
  name text primary key,
  owner text not null,
  host text not null,
  pid integer not null,
  seen_at integer not null
) without rowid;
`
