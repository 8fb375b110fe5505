/** Settings by name. Names of the store's own lie beside them without the prefix. */
import type { Settings } from '../../store/ledger/settings.js'
import type { Connection } from '../database.js'
import type { Table } from './table.js'

export function settingTable(db: Connection): Table<Settings> {
  const get = db.prepare('select value from setting where name = ?').pluck()
  const set = db.prepare(`insert into setting (name, value) values (?, ?)
    on conflict (name) do update set value = excluded.value`)
  return {
    get: (name) => (get.get(`user:${name}`) as string | undefined) ?? null,
    set: (name, value) => {
      set.run(`user:${name}`, value)
    },
  }
}
