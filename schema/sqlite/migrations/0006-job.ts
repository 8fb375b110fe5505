/** Which job of an input brought a batch. */
export const sql = `
alter table batch add column job text;
`
