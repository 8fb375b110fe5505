import { randomUUID } from 'node:crypto'
import type { Incidents } from '../../store/ledger/incidents.js'
import { cursorOf, placeOf } from '../../store/cursor.js'
import { pageOf } from '../../store/paging.js'
import {
  headOf,
  incidentOf,
  type IncidentHeadRow as Head,
  type IncidentRow as Row,
} from '../../store/rows/incidents.js'
import type { Connection } from '../database.js'
import { returned } from '../returned.js'
import type { Table } from './table.js'

export function incidentTable(db: Connection): Table<Incidents> {
  const insert = db.prepare(`insert into incident (id, title, first_time, last_time, author, created_at, frozen)
    values (@id, @title, @from, @to, @author, @createdAt, @frozen) returning *`)
  const one = db.prepare('select * from incident where id = ?')
  const page = db.prepare(`select seq, id, title, first_time, last_time, author, created_at,
      (select json_group_object(key, value ->> '$.summary') from json_each(frozen, '$.explained') where type = 'object') as summaries
    from incident
    where @seq is null or seq < @seq order by seq desc limit @limit + 1`)
  const remove = db.prepare('delete from incident where id = ?')
  return {
    create: (incident) =>
      incidentOf(returned(insert, { ...incident, id: randomUUID(), frozen: JSON.stringify(incident.frozen) }) as Row),
    get: (id) => {
      const row = one.get(id) as Row | undefined
      return row === undefined ? null : incidentOf(row)
    },
    page: ({ limit, after }) => {
      const [seq] = after === null ? [null] : placeOf(after, ['number'])
      return pageOf(page.all({ seq, limit }) as Head[], limit, headOf, (row) => cursorOf([row.seq]))
    },
    remove: (id) => remove.run(id).changes > 0,
  }
}
