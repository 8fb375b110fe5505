/** All migrations in order. A layout is never edited once released: add the next number. */
import { sql as segments } from './0001-segments.js'
import { sql as ledger } from './0002-ledger.js'
import { sql as incidents } from './0003-incidents.js'
import { sql as reading } from './0004-reading.js'
import { sql as checksums } from './0005-checksums.js'
import { sql as job } from './0006-job.js'
import { sql as sender } from './0007-sender.js'
import { sql as counts } from './0008-counts.js'

export const MIGRATIONS: readonly { version: number; sql: string }[] = [
  { version: 1, sql: segments },
  { version: 2, sql: ledger },
  { version: 3, sql: incidents },
  { version: 4, sql: reading },
  { version: 5, sql: checksums },
  { version: 6, sql: job },
  { version: 7, sql: sender },
  { version: 8, sql: counts },
]

export const LATEST_VERSION = MIGRATIONS[MIGRATIONS.length - 1].version
