import { randomUUID } from 'node:crypto'
import { cursorOf, placeOf } from '../../store/cursor.js'
import type { Incidents } from '../../store/ledger/incidents.js'
import { pageOf } from '../../store/paging.js'
import { headOf, incidentOf, type IncidentHeadRow, type IncidentRow } from '../../store/rows/incidents.js'
import type { Database } from '../database.js'

export function incidents(db: Database): Incidents {
  return {
    create: (incident) =>
      db.commit('keep an incident in', 'people', async (ask) =>
        incidentOf(
          (await ask.row<IncidentRow>(
            `insert into incident (id, title, first_time, last_time, author, created_at, frozen)
            values (@id, @title, @from, @to, @author, @createdAt, @frozen) returning *`,
            { ...incident, id: randomUUID(), frozen: JSON.stringify(incident.frozen) },
          )) as IncidentRow,
        ),
      ),
    get: (id) =>
      db.read('read', async (ask) => {
        const row = await ask.row<IncidentRow>('select * from incident where id = @id', { id })
        return row === undefined ? null : incidentOf(row)
      }),
    page: async ({ limit, after }) => {
      const [seq] = after === null ? [null] : placeOf(after, ['number'])
      const rows = await db.read('read', (ask) =>
        ask.rows<IncidentHeadRow>(
          `select seq, id, title, first_time, last_time, author, created_at,
            (select json_object_agg(key, value ->> 'summary')::text
              from json_each(case json_typeof(frozen::json -> 'explained') when 'object' then frozen::json -> 'explained' end)) as summaries
          from incident
          where @seq::bigint is null or seq < @seq order by seq desc limit @limit::int + 1`,
          { seq, limit },
        ),
      )
      return pageOf(rows, limit, headOf, (row) => cursorOf([row.seq]))
    },
    remove: (id) =>
      db.commit(
        'remove an incident from',
        'people',
        async (ask) => (await ask.run('delete from incident where id = @id', { id })) > 0,
      ),
  }
}
