/** Triggers in the layout refuse what would change or remove an entry; only what is older than the floor may go. */
import type { Audit } from '../../store/ledger/audit.js'
import { cursorOf, placeOf } from '../../store/cursor.js'
import { pageOf } from '../../store/paging.js'
import { entryOf, type AuditRow as Row } from '../../store/rows/audit.js'
import type { Connection } from '../database.js'
import type { Table } from './table.js'

export function auditTable(db: Connection): Table<Audit> {
  const insert = db.prepare(`insert into audit (time, actor, role, address, action, target, outcome, detail)
    values (@time, @actor, @role, @address, @action, @target, @outcome, @detail)`)
  const page = db.prepare(`select * from audit where id < @before
    and (@from is null or time >= @from) and (@to is null or time < @to)
    and (@actor is null or actor = @actor) and (@outcome is null or outcome = @outcome)
    and (@action is null or action = @action or substr(action, 1, length(@action) + 1) = @action || '.')
    order by id desc limit @limit + 1`)
  const raiseFloor = db.prepare('update audit_floor set time = @before where time < @before')
  const remove = db.prepare('delete from audit where time < @before')

  return {
    append: (entries) =>
      db
        .transaction(() => {
          for (const { detail, ...entry } of entries) insert.run({ ...entry, detail: JSON.stringify(detail) })
        })
        .immediate(),
    page: ({ limit, after, from = null, to = null, actor = null, action = null, outcome = null }) => {
      const before = after === null ? Number.MAX_SAFE_INTEGER : placeOf(after, ['number'])[0]
      const rows = page.all({ before, from, to, actor, action, outcome, limit }) as Row[]
      return pageOf(rows, limit, entryOf, (row) => cursorOf([row.id]))
    },
    expire: (before) =>
      db
        .transaction(() => {
          raiseFloor.run({ before })
          return remove.run({ before }).changes
        })
        .immediate(),
  }
}
