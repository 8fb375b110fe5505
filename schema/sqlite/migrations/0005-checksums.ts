/**
 * Checksums of all that figures are made of, so that a damaged byte is told of and never counted; and dictionaries in the order of
 * hashes keyed with the store's secret. Segments of before have neither: they are written again, see writing/renew.ts.
 */
export const sql = `
-- slots: one bit for each slot that has a blob; checksum: over the row. Null: to be written again
alter table segment add column slots blob;
alter table segment add column checksum integer;
alter table segment_blob add column crc integer;
alter table fingerprint add column crc integer;
alter table slot add column crc integer;

-- segments of a day, and the sum of their checksums modulo 2^32: tells where one is missing
create table segment_total (
  day integer primary key,
  segments integer not null,
  checksums integer not null
);
`
