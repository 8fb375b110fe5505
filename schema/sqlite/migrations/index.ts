/** All migrations in order. A layout is never edited once released: add the next number. */
import { sql as segments } from './0001-segments.js'

export const MIGRATIONS: readonly { version: number; sql: string }[] = [{ version: 1, sql: segments }]

export const LATEST_VERSION = MIGRATIONS[MIGRATIONS.length - 1].version
