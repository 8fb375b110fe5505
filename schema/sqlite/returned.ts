import type { Statement } from 'better-sqlite3'

/**
 * The row that a statement with `returning` gives; undefined: none. Outside of a transaction such a statement commits when it is
 * done with, which `get` of the driver does not look at: where the disk fails, the row was there and is not stored. `all` throws.
 */
export const returned = (statement: Statement<unknown[]>, ...values: unknown[]): unknown => statement.all(...values)[0]
