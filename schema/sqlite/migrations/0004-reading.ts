/** How a batch was read, and where a rejected line stops being JSON. */
export const sql = `
-- JSON: via, weighted, after, leftOut
alter table batch add column reading text not null default '{}';
alter table rejected_line add column at integer;
alter table rejected_line add column found text;
`
