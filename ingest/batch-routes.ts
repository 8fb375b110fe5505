/** What was taken in: the reports of the batches, their rejected lines, and the way to undo one. */
import { pipeline, Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { BatchReportSchema, DeletionReportSchema, type RejectedLine } from '../schema/api/batches.js'
import { MOST_REJECTED_LINES } from '../schema/words/rejections.js'
import { notFound, RequestError } from '../schema/api/errors.js'
import { typed } from '../schema/api/typed.js'
import { everyItem } from '../schema/store/paging.js'
import type { Store } from '../schema/store/store.js'

/** Rejected lines read at a time for the download. */
const REJECTED_PAGE = 1_000

export async function batchRoutes(instance: FastifyInstance, { store }: { store: Store }): Promise<void> {
  const app = typed(instance)
  app.get(
    '/batches',
    {
      schema: {
        description: 'Reports of what was taken in, newest first',
        tags: ['logs'],
        querystring: Type.Object({
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
          after: Type.Optional(Type.String({ description: 'The cursor of the page before' })),
          before: Type.Optional(Type.String({ description: 'Id of a batch: only those that came before it' })),
        }),
        response: {
          200: Type.Object({
            batches: Type.Array(BatchReportSchema),
            next: Type.Union([Type.String(), Type.Null()], { description: 'Cursor of the next page; null at the end' }),
          }),
        },
      },
    },
    async (request) => {
      const { limit = 50, after, before } = request.query
      const { items, next } = await store.ledger.reports.page({ limit, after: after ?? before ?? null })
      return { batches: items, next }
    },
  )

  const params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 100 }) })
  const noSuchBatch = (id: string) =>
    notFound('NO_SUCH_BATCH', `There is no batch ${id}. GET /api/v1/batches lists them.`)

  app.get(
    '/batches/:id',
    {
      schema: { description: 'The report of one batch', tags: ['logs'], params, response: { 200: BatchReportSchema } },
    },
    async (request) => {
      const { id } = request.params
      const report = await store.ledger.reports.get(id)
      if (!report) throw noSuchBatch(id)
      return report
    },
  )

  app.delete(
    '/batches/:id',
    {
      schema: {
        description: 'Takes the records of one batch out again, rollups included',
        tags: ['logs'],
        params,
        response: { 200: DeletionReportSchema },
      },
    },
    async (request) => {
      const { id } = request.params
      // its sender would be told of our own fault when the next part finds no batch
      if ((await store.ledger.reports.get(id))?.state === 'open') {
        throw new RequestError(
          409,
          'BATCH_OPEN',
          `Batch ${id} is still being read. Stop its upload or wait for its end, then remove it.`,
        )
      }
      const report = await store.batches.delete(id)
      if (!report) throw noSuchBatch(id)
      return report
    },
  )

  app.get(
    '/batches/:id/rejected',
    {
      schema: {
        description: `The rejected lines, at most ${MOST_REJECTED_LINES} of a batch, as NDJSON`,
        tags: ['logs'],
        params,
      },
    },
    async (request, reply) => {
      const { id } = request.params
      if (!(await store.ledger.reports.get(id))) throw noSuchBatch(id)
      const { default: ndjson } = await import('ndjson')
      return reply
        .type('application/x-ndjson')
        .header('content-disposition', `attachment; filename="rejected-lines-${id}.ndjson"`)
        .send(pipeline(Readable.from(rejectedLines(store, id)), ndjson.stringify(), () => {}))
    },
  )
}

function rejectedLines(store: Store, batch: string): AsyncGenerator<RejectedLine> {
  return everyItem((query) => store.ledger.reports.rejectedLines(batch, query), REJECTED_PAGE)
}
