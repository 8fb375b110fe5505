/** All migrations in order. One is never edited once released: add the next. Statements name tables without their schema. */
import { sql as ledger } from './0001-ledger.js'
import { sql as alerts } from './0002-alerts.js'
import { sql as beside } from './0003-beside.js'
import { sql as sender } from './0004-sender.js'

export const MIGRATIONS: readonly string[] = [ledger, alerts, beside, sender]
