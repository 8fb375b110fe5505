import { randomUUID } from 'node:crypto'
import { cursorOf, placeOf } from '../../store/cursor.js'
import type { Annotations } from '../../store/ledger/annotations.js'
import { pageOf } from '../../store/paging.js'
import { annotationOf, type AnnotationRow } from '../../store/rows/annotations.js'
import type { Database } from '../database.js'

export function annotations(db: Database): Annotations {
  const found = (row: AnnotationRow | undefined) => (row === undefined ? null : annotationOf(row))
  return {
    create: (annotation) =>
      db.commit('write an annotation to', 'people', async (ask) =>
        annotationOf(
          (await ask.row<AnnotationRow>(
            `insert into annotation (id, text, first_time, last_time, url, kind, zone, host, author, created_at)
            values (@id, @text, @from, @to, @url, @kind, @zone, @host, @author, @createdAt) returning *`,
            { ...annotation, id: randomUUID() },
          )) as AnnotationRow,
        ),
      ),
    get: (id) =>
      db.read('read', async (ask) => found(await ask.row('select * from annotation where id = @id', { id }))),
    page: async ({ limit, after, from, to, kind = null, zones = null }) => {
      const [lastTime, lastId] = after === null ? [null, null] : placeOf(after, ['number', 'string'])
      const rows = await db.read('read', (ask) =>
        ask.rows<AnnotationRow>(
          `select * from annotation
          where first_time < @to and case when last_time is null then first_time >= @from else last_time > @from end
          and (@kind::text is null or kind = @kind)
          and (@zones::text[] is null or zone is null or zone = any(@zones))
          and (@lastTime::bigint is null or (first_time, id) > (@lastTime, @lastId::text))
          order by first_time, id limit @limit::int + 1`,
          { from, to, kind, zones, lastTime, lastId, limit },
        ),
      )
      return pageOf(rows, limit, annotationOf, (row) => cursorOf([row.first_time, row.id]))
    },
    change: (id, to) =>
      db.commit('change an annotation in', 'people', async (ask) =>
        found(
          await ask.row(
            `update annotation set text = @text, first_time = @from, last_time = @to, url = @url,
            kind = @kind, zone = @zone, host = @host where id = @id returning *`,
            { ...to, id },
          ),
        ),
      ),
    remove: (id) =>
      db.commit(
        'take an annotation out of',
        'people',
        async (ask) => (await ask.run('delete from annotation where id = @id', { id })) > 0,
      ),
  }
}
