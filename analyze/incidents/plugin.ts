/** …/api/v1/incidents: what was known of a trouble, frozen for good; read as JSON, as a page or as Markdown. */
import { iso } from '../../schema/words/iso.js'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import {
  IncidentDraftSchema,
  IncidentHeadSchema,
  IncidentSchema,
  type Frozen,
  type IncidentDraft,
  type IncidentJson,
} from '../../schema/api/incidents.js'
import type { EpisodeJson } from '../../schema/api/alerts.js'
import { badRequest, notFound } from '../../schema/api/errors.js'
import { typed } from '../../schema/api/typed.js'
import type { Json } from '../../schema/words/json.js'
import type { Incident, IncidentHead } from '../../schema/store/ledger/incidents.js'
import type { Selection } from '../../schema/store/query.js'
import type { Store } from '../../schema/store/store.js'
import { langParameter, languageOf, refuseUnknown, selectionOf, wholeNumberOf } from '../http/parameters.js'
import type { ExplainedSpike } from '../spikes/explain.js'
import type { SpikeService } from '../spikes/service.js'
import { freeze } from './freeze.js'
import { POLICY } from '../page/html.js'
import { incidentCsv } from './csv.js'
import { incidentHtml } from './html.js'
import { incidentMarkdown } from './markdown.js'
import { headlineOf, titleOfHead } from './title.js'

export interface IncidentPluginOptions {
  store: Pick<Store, 'records' | 'ledger'>
  spikes: SpikeService
  alertsIn?: (range: { from: number; to: number }) => Promise<EpisodeJson[]>
  authorOf?: (request: FastifyRequest) => string | null
  /** wall time */
  now?: () => number
}

const TAGS = ['incidents']
const BODY_LIMIT = 50_000
const MOST = 200
const FORMATS = ['json', 'html', 'md', 'csv'] as const
const idParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 200 }) })

export async function incidentPlugin(
  instance: FastifyInstance,
  { store, spikes, alertsIn = async () => [], authorOf = () => null, now = Date.now }: IncidentPluginOptions,
): Promise<void> {
  const app = typed(instance)
  const { incidents } = store.ledger

  app.post(
    '/incidents',
    {
      bodyLimit: BODY_LIMIT,
      schema: {
        description: 'Freezes a spike or a window: figures, charts, causes, evidence, alerts, annotations, records',
        tags: TAGS,
        body: IncidentDraftSchema,
        response: { 201: IncidentSchema },
      },
    },
    async (request, reply) => {
      const { body } = request
      const { selection, explained } = await whatToFreeze(body)
      const frozen = await freeze(selection, explained, body.spike ?? null, { store, spikes, alertsIn })
      const created = await incidents.create({
        title:
          body.title?.trim() ??
          headlineOf(frozen, languageOf({ lang: body.lang })) ??
          `${frozen.selection.from} – ${frozen.selection.to}`,
        from: selection.from,
        to: selection.to,
        author: authorOf(request) ?? (body.by?.trim() || null),
        createdAt: now(),
        frozen: frozen as unknown as Json,
      })
      return reply.code(201).send(view(created))
    },
  )

  async function whatToFreeze(
    body: IncidentDraft,
  ): Promise<{ selection: Selection; explained: ExplainedSpike | null }> {
    if (body.spike !== undefined) {
      if (body.from !== undefined || body.to !== undefined || body.filters !== undefined)
        throw badRequest('TWO_SELECTIONS', 'Give "spike", or "from" and "to" with "filters", not both.')
      const spike = await spikes.byId(body.spike, [])
      if (!spike) throw notFound('NO_SUCH_SPIKE', `There is no spike ${body.spike}. GET /api/v1/spikes lists them.`)
      return { selection: spike.selection, explained: spike }
    }
    if (body.from === undefined || body.to === undefined)
      throw badRequest('NO_SELECTION', 'Say what to freeze: "spike" with its id, or "from" and "to".')
    const query = { ...body.filters, from: body.from, to: body.to }
    const selection = selectionOf(query, await store.records.extent())
    refuseUnknown(
      body.filters ?? {},
      selection.filters.map(({ dimension, not }) => (not ? `not.${dimension}` : dimension)),
    )
    if (selection.to <= selection.from) throw badRequest('EMPTY_RANGE', '"from" and "to" are the same time.')
    return { selection, explained: await spikes.window(selection) }
  }

  const querystring = {
    limit: Type.Optional(Type.String({ description: `At most so many, up to ${MOST}` })),
    after: Type.Optional(Type.String({ description: '`next` of the page before' })),
    lang: Type.Optional(
      Type.String({ description: 'Of titles that nobody gave. Default: that of whoever froze the incident' }),
    ),
  }
  app.get(
    '/incidents',
    {
      schema: {
        description: 'Frozen incidents, the latest first',
        tags: TAGS,
        querystring: Type.Object(querystring),
        response: {
          200: Type.Object({
            incidents: Type.Array(IncidentHeadSchema),
            next: Type.Union([Type.String(), Type.Null()]),
          }),
        },
      },
    },
    async ({ query }) => {
      refuseUnknown(query, Object.keys(querystring))
      const limit = wholeNumberOf(query, 'limit', { fallback: MOST, min: 1, max: MOST })
      const { items, next } = await incidents.page({ limit, after: query.after ?? null })
      const titled = (one: IncidentHead) =>
        query.lang === undefined ? one : { ...one, title: titleOfHead(one, languageOf(query)) }
      return { incidents: items.map((one) => headView(titled(one))), next }
    },
  )

  app.get(
    '/incidents/:id',
    {
      schema: {
        description: 'One incident as JSON, as a page that needs nothing else, as Markdown or as a table',
        tags: TAGS,
        params: idParams,
        querystring: Type.Object({
          format: Type.Optional(Type.String({ description: 'json, html, md or csv. Default: json' })),
          lang: langParameter,
        }),
        response: { 200: Type.Union([IncidentSchema, Type.String()]) },
      },
      // the document is what was frozen, byte for byte, not what a serializer would make of it
      serializerCompiler: () => JSON.stringify,
    },
    async ({ params, query }, reply) => {
      refuseUnknown(query, ['format', 'lang'])
      const format = FORMATS.find((one) => one === (query.format ?? 'json'))
      if (format === undefined)
        throw badRequest('BAD_FORMAT', `"format=${query.format}" is not known. Give one of: ${FORMATS.join(', ')}.`)
      const found = view((await incidents.get(params.id)) ?? missing(params.id))
      if (format === 'json') return found
      const lang = languageOf(query)
      if (format === 'csv')
        return reply
          .type('text/csv; charset=utf-8')
          .serializer((page: string) => page)
          .send(incidentCsv(found, lang))
      return format === 'html'
        ? reply
            .type('text/html; charset=utf-8')
            .header('content-security-policy', `${POLICY}; frame-ancestors 'self'`)
            .serializer((page: string) => page)
            .send(incidentHtml(found, lang))
        : reply
            .type('text/markdown; charset=utf-8')
            .serializer((page: string) => page)
            .send(incidentMarkdown(found, lang))
    },
  )

  app.delete(
    '/incidents/:id',
    { schema: { description: 'Deletes an incident', tags: TAGS, params: idParams, response: { 204: Type.Null() } } },
    async ({ params }, reply) => {
      if (!(await incidents.remove(params.id))) missing(params.id)
      return reply.code(204).send(null)
    },
  )
}

function missing(id: string): never {
  throw notFound('NO_SUCH_INCIDENT', `There is no incident ${id}. GET /api/v1/incidents lists them.`)
}

function headView({ id, title, from, to, author, createdAt }: Omit<Incident, 'frozen'>) {
  return { id, title, from: iso(from), to: iso(to), author, createdAt: iso(createdAt) }
}

function view(incident: Incident): IncidentJson {
  return { ...headView(incident), frozen: incident.frozen as unknown as Frozen }
}
