/** Who sent a batch, and from where. */
export const sql = `
alter table batch add column sender text;
alter table batch add column sender_address text;
`
