/** What was taken in: the reports of the batches, their rejected lines, and the way to undo one. */
import { pipeline, Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import ndjson from 'ndjson'
import { Type } from 'typebox'
import {
  BatchReportSchema,
  DeletionReportSchema,
  MOST_REJECTED_LINES,
  type RejectedLine,
} from '../schema/api/batches.js'
import { notFound, RequestError } from '../schema/api/errors.js'
import { typed } from '../schema/api/typed.js'
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
          before: Type.Optional(Type.Integer({ description: 'Only ids below this one' })),
        }),
        response: { 200: Type.Object({ batches: Type.Array(BatchReportSchema) }) },
      },
    },
    async (request) => {
      const { limit, before } = request.query
      return { batches: await store.ledger.reports.page({ limit: limit ?? 50, before: before ?? null }) }
    },
  )

  const params = Type.Object({ id: Type.Integer({ minimum: 1 }) })
  const noSuchBatch = (id: number) =>
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
      return reply
        .type('application/x-ndjson')
        .header('content-disposition', `attachment; filename="rejected-lines-${id}.ndjson"`)
        .send(pipeline(Readable.from(rejectedLines(store, id)), ndjson.stringify(), () => {}))
    },
  )
}

/** In the order in which they came. A page begins behind all that were given: among good lines a number of lines is none of rejected ones. */
async function* rejectedLines(store: Store, id: number): AsyncGenerator<RejectedLine> {
  for (let given = 0; ;) {
    const lines = await store.ledger.reports.rejectedLines(id, { limit: REJECTED_PAGE, after: given })
    yield* lines
    if (lines.length < REJECTED_PAGE) return
    given += lines.length
  }
}
