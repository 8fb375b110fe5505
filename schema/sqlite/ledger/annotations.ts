import { randomUUID } from 'node:crypto'
import type { Annotations } from '../../store/ledger/annotations.js'
import { cursorOf, placeOf } from '../../store/cursor.js'
import { pageOf } from '../../store/paging.js'
import { annotationOf, type AnnotationRow as Row } from '../../store/rows/annotations.js'
import type { Connection } from '../database.js'
import { returned } from '../returned.js'
import type { Table } from './table.js'

export function annotationTable(db: Connection): Table<Annotations> {
  const insert = db.prepare(`insert into annotation
    (id, text, first_time, last_time, url, kind, zone, host, author, created_at) values
    (@id, @text, @from, @to, @url, @kind, @zone, @host, @author, @createdAt) returning *`)
  const one = db.prepare('select * from annotation where id = ?')
  const page = db.prepare(`select * from annotation
    where first_time < @to and case when last_time is null then first_time >= @from else last_time > @from end
    and (@kind is null or kind = @kind)
    and (@zones is null or zone is null or zone in (select value from json_each(@zones)))
    and (@lastTime is null or (first_time, id) > (@lastTime, @lastId))
    order by first_time, id limit @limit + 1`)
  const change = db.prepare(`update annotation set text = @text, first_time = @from, last_time = @to, url = @url,
    kind = @kind, zone = @zone, host = @host where id = @id returning *`)
  const remove = db.prepare('delete from annotation where id = ?')

  return {
    create: (annotation) => annotationOf(returned(insert, { ...annotation, id: randomUUID() }) as Row),
    get: (id) => annotationOrNull(one.get(id)),
    page: ({ limit, after, from, to, kind = null, zones }) => {
      const [lastTime, lastId] = after === null ? [null, null] : placeOf(after, ['number', 'string'])
      const only = zones === undefined ? null : JSON.stringify(zones)
      const rows = page.all({ from, to, kind, zones: only, lastTime, lastId, limit }) as Row[]
      return pageOf(rows, limit, annotationOf, (row) => cursorOf([row.first_time, row.id]))
    },
    change: (id, to) => annotationOrNull(returned(change, { ...to, id })),
    remove: (id) => remove.run(id).changes > 0,
  }
}

const annotationOrNull = (row: unknown) => (row === undefined ? null : annotationOf(row as Row))
