/** Incidents frozen for good: nothing but deleting them changes them. */
export const sql = `
-- frozen: JSON, as the API gives it
create table incident (
  seq integer primary key autoincrement,
  id text not null unique,
  title text not null,
  first_time integer not null,
  last_time integer not null,
  author text,
  created_at integer not null,
  frozen text not null
);
create trigger incident_is_frozen before update on incident
  begin select raise(abort, 'a frozen incident does not change'); end;
`
