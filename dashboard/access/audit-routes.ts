/** GET /api/v1/audit: who did what; page by page, or all of it as a file. */
import { pipeline, Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import ndjson from 'ndjson'
import { Type } from 'typebox'
import { instant, refuseUnknown } from '../../analyze/http/parameters.js'
import { AuditEntrySchema, type AuditEntryJson } from '../../schema/api/access.js'
import { badRequest } from '../../schema/api/errors.js'
import { typed } from '../../schema/api/typed.js'
import { AUDIT_OUTCOMES, type Audit, type AuditEntry } from '../../schema/store/ledger/audit.js'
import { everyItem } from '../../schema/store/paging.js'
import { csvLine } from '../../schema/words/csv.js'
import { iso } from '../../schema/words/iso.js'
import type { Trail } from './audit-trail.js'

const MOST = 500
/** Entries read at a time for a file. */
const FILE_PAGE = 1_000
const FORMATS = ['json', 'ndjson', 'csv'] as const
const COLUMNS = ['time', 'actor', 'role', 'address', 'action', 'target', 'outcome', 'detail', 'id'] as const

const querystring = {
  from: Type.Optional(Type.String({ description: 'Start, included: ISO 8601 or epoch ms' })),
  to: Type.Optional(Type.String({ description: 'End, excluded' })),
  actor: Type.Optional(Type.String({ description: 'By whom' })),
  action: Type.Optional(Type.String({ description: 'This one and those below it: token is also token.create' })),
  outcome: Type.Optional(Type.Enum([...AUDIT_OUTCOMES])),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST })),
  after: Type.Optional(Type.String({ description: '`next` of the page before' })),
  format: Type.Optional(Type.String({ description: 'json (a page), ndjson or csv (all of it). Default: json' })),
}

export async function auditRoutes(
  instance: FastifyInstance,
  { audit, trail }: { audit: Audit; trail: Trail },
): Promise<void> {
  typed(instance).get(
    '/audit',
    {
      schema: {
        description: 'Sign-ins, refusals, changes, deletions, uploads and looks at requests, the latest first',
        tags: ['access'],
        querystring: Type.Object(querystring),
        response: {
          200: Type.Unsafe<unknown>(
            Type.Object({
              entries: Type.Array(AuditEntrySchema),
              next: Type.Union([Type.String(), Type.Null()]),
            }),
          ),
        },
      },
      serializerCompiler: () => JSON.stringify,
    },
    async ({ query }, reply) => {
      refuseUnknown(query, Object.keys(querystring))
      const { from, to, actor, action, outcome, limit = 100, after = null, format = 'json' } = query
      if (!FORMATS.some((one) => one === format))
        throw badRequest('BAD_FORMAT', `"format=${format}" is not known. Give one of: ${FORMATS.join(', ')}.`)
      const wanted = {
        from: from === undefined ? undefined : instant(from, 'from'),
        to: to === undefined ? undefined : instant(to, 'to'),
        actor,
        action,
        outcome,
      }
      await trail.flush()
      if (format === 'json') {
        const { items, next } = await audit.page({ ...wanted, limit, after })
        return { entries: items.map(entryView), next }
      }
      const entries = everyItem((page) => audit.page({ ...wanted, ...page }), FILE_PAGE)
      reply.header('content-disposition', `attachment; filename="faultline-audit.${format}"`)
      return format === 'csv'
        ? reply.type('text/csv; charset=utf-8').send(Readable.from(csvOf(entries)))
        : reply
            .type('application/x-ndjson')
            .send(pipeline(Readable.from(viewsOf(entries)), ndjson.stringify(), () => {}))
    },
  )
}

const entryView = ({ time, ...entry }: AuditEntry): AuditEntryJson => ({ ...entry, time: iso(time) })

async function* viewsOf(entries: AsyncIterable<AuditEntry>): AsyncGenerator<AuditEntryJson> {
  for await (const entry of entries) yield entryView(entry)
}

async function* csvOf(entries: AsyncIterable<AuditEntry>): AsyncGenerator<string> {
  yield csvLine(COLUMNS)
  for await (const entry of viewsOf(entries))
    yield csvLine(COLUMNS.map((name) => (name === 'detail' ? JSON.stringify(entry.detail) : entry[name])))
}
