/**
 * What stays of records that are too old: counts of a day, in the form of segments that have sums and no records. In tables of their
 * own, so that whoever looks for records never meets them. See segments/counted.ts.
 */
export const sql = `
create table counted_segment (
  id integer primary key autoincrement,
  day integer not null,
  -- records that were counted
  rows integer not null,
  first_time integer not null,
  last_time integer not null,
  chunk_bits integer not null,
  bytes integer not null,
  slots blob,
  checksum integer
);
create index counted_segment_day on counted_segment (day);

create table counted_segment_total (
  day integer primary key,
  segments integer not null,
  checksums integer not null
);

create table counted_segment_batch (
  batch integer not null,
  segment integer not null,
  rows integer not null,
  primary key (batch, segment)
) without rowid;
create index counted_segment_batch_segment on counted_segment_batch (segment);

-- id: segment * 256 + slot
create table counted_segment_blob (
  id integer primary key,
  data blob not null,
  crc integer
);
`
