/** A store from a backup, compared with it figure by figure. */
import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { StoreError } from '../store/store-error.js'
import { backupTo } from './backup.js'
import { attempt, filesOf, openToRead } from './database.js'
import { DAY_MS } from './segments/order.js'
import { verify } from './verify.js'

/** What two files must agree in: rows of every table, and records of every day. */
export function figuresOf(path: string): { records: number; figures: Map<string, number> } {
  const db = openToRead(path)
  try {
    return attempt(path, 'count what is in', () => {
      const tables = db
        .prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by name")
        .pluck()
        .all() as string[]
      const figures = new Map(
        tables.map((table) => [
          `rows of ${table}`,
          db
            .prepare(`select count(*) from "${table.replaceAll('"', '""')}"`)
            .pluck()
            .get() as number,
        ]),
      )
      const days = db.prepare('select day, sum(rows) as rows from segment group by day').all() as {
        day: number
        rows: number
      }[]
      for (const { day, rows } of days)
        figures.set(`records of ${new Date(day * DAY_MS).toISOString().slice(0, 10)}`, rows)
      const counted = db.prepare('select day, sum(rows) as rows from counted_segment group by day').all() as typeof days
      for (const { day, rows } of counted)
        figures.set(`counted records of ${new Date(day * DAY_MS).toISOString().slice(0, 10)}`, rows)
      return { records: days.reduce((sum, { rows }) => sum + rows, 0), figures }
    })
  } finally {
    db.close()
  }
}

/** Never writes over a store. Throws a StoreError where what arrived is not what was in the backup. */
export function restore(backup: string, path: string): { records: number; compared: number } {
  if (!existsSync(backup)) throw new StoreError('STORE_UNUSABLE', `There is no file ${backup}.`)
  if (existsSync(path)) {
    throw new StoreError(
      'STORE_UNUSABLE',
      `${path} exists: a backup is never restored over a store. Stop the service, move that file and those that end in ` +
        '-wal and -shm away, or name another store.',
    )
  }
  // SQLite would take them for parts of whatever bears the name
  const left = filesOf(path)[0]
  if (left !== undefined) {
    throw new StoreError(
      'STORE_UNUSABLE',
      `${left} is left of a store that was there, and would be mixed into the backup: move what ends in -wal and -shm away, or name another store.`,
    )
  }
  const { findings } = verify(backup, false)
  const lost = findings.filter(({ kind }) => kind !== 'derived')
  if (lost.length > 0) throw new StoreError('STORE_DAMAGED', `${backup} is damaged itself: ${lost[0].what}.`)
  mkdirSync(dirname(path), { recursive: true })
  const wanted = figuresOf(backup)
  backupTo(backup, path)
  const { figures } = figuresOf(path)
  for (const [what, count] of wanted.figures) {
    if (figures.get(what) !== count)
      throw new StoreError('STORE_UNUSABLE', `${path} has ${figures.get(what) ?? 0} ${what}, the backup ${count}.`)
  }
  return { records: wanted.records, compared: wanted.figures.size }
}
