/** Triggers in the layout refuse what would change or remove an entry; only what is older than the floor may go. */
import { cursorOf, placeOf } from '../../store/cursor.js'
import type { Audit } from '../../store/ledger/audit.js'
import { pageOf } from '../../store/paging.js'
import { entryOf, type AuditRow } from '../../store/rows/audit.js'
import type { Database } from '../database.js'

export function audit(db: Database): Audit {
  return {
    append: (entries) =>
      db.commit('write to the audit log of', 'people', async (ask) => {
        for (const { detail, ...entry } of entries)
          await ask.run(
            `insert into audit (time, actor, role, address, action, target, outcome, detail)
            values (@time, @actor, @role, @address, @action, @target, @outcome, @detail)`,
            { ...entry, detail: JSON.stringify(detail) },
          )
      }),
    page: async ({ limit, after, from = null, to = null, actor = null, action = null, outcome = null }) => {
      const before = after === null ? Number.MAX_SAFE_INTEGER : placeOf(after, ['number'])[0]
      const rows = await db.read('read the audit log of', (ask) =>
        ask.rows<AuditRow>(
          `select * from audit where id < @before::bigint
          and (@from::bigint is null or time >= @from) and (@to::bigint is null or time < @to)
          and (@actor::text is null or actor = @actor) and (@outcome::text is null or outcome = @outcome)
          and (@action::text is null or action = @action or starts_with(action, @action || '.'))
          order by id desc limit @limit::int + 1`,
          { before, from, to, actor, action, outcome, limit },
        ),
      )
      return pageOf(rows, limit, entryOf, (row) => cursorOf([row.id]))
    },
    expire: (before) =>
      db.commit('remove old entries from', 'people', async (ask) => {
        await ask.run('update audit_floor set time = @before where time < @before', { before })
        return ask.run('delete from audit where time < @before', { before })
      }),
  }
}
