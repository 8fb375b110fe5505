/** …/api/v1/annotations: what people write on the time line, a deployment above all. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import {
  AnnotationChangeSchema,
  AnnotationDraftSchema,
  AnnotationSchema,
  type AnnotationChange,
} from '../../schema/api/annotations.js'
import { badRequest, notFound } from '../../schema/api/errors.js'
import { typed } from '../../schema/api/typed.js'
import type { Annotations } from '../../schema/store/ledger/annotations.js'
import { instant, refuseUnknown, wholeNumberOf } from '../http/parameters.js'
import { annotationView } from './view.js'

export interface AnnotationPluginOptions {
  /** those that whoever asks may see and change */
  annotationsFor: (request: FastifyRequest) => Annotations
  /** who asks, as far as the door knows; null: nobody by name */
  authorOf?: (request: FastifyRequest) => string | null
  /** wall time */
  now?: () => number
}

const TAGS = ['annotations']
const BODY_LIMIT = 20_000
/** Annotations given at once. */
const MOST = 500
const idParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 200 }) })
const moment = Type.Optional(Type.String({ description: 'ISO 8601 or epoch ms' }))

export async function annotationPlugin(
  instance: FastifyInstance,
  { annotationsFor, authorOf = () => null, now = Date.now }: AnnotationPluginOptions,
): Promise<void> {
  const app = typed(instance)

  app.post(
    '/annotations',
    {
      bodyLimit: BODY_LIMIT,
      schema: {
        description: 'Writes an annotation: a moment (at) or a span (from and to)',
        tags: TAGS,
        body: AnnotationDraftSchema,
        response: { 201: AnnotationSchema },
      },
    },
    async (request, reply) => {
      const { text, url = null, kind = null, zone = null, host = null, by } = request.body
      const times = timesOf(request.body)
      if (times === null) throw badRequest('NO_TIME', 'Say when: "at" for a moment, "from" and "to" for a span.')
      const author = authorOf(request) ?? (by?.trim() || null)
      const created = await annotationsFor(request).create({
        text: text.trim(),
        ...times,
        url,
        kind,
        zone: zone?.toLowerCase() ?? null,
        host: host?.toLowerCase() ?? null,
        author,
        createdAt: now(),
      })
      return reply.code(201).send(annotationView(created))
    },
  )

  const querystring = {
    from: moment,
    to: moment,
    kind: Type.Optional(Type.String()),
    limit: Type.Optional(Type.String({ description: `At most so many, up to ${MOST}` })),
    after: Type.Optional(Type.String({ description: '`next` of the page before' })),
  }
  app.get(
    '/annotations',
    {
      schema: {
        description: 'Annotations that touch the range, the earliest first. Default: all',
        tags: TAGS,
        querystring: Type.Object(querystring),
        response: {
          200: Type.Object({
            annotations: Type.Array(AnnotationSchema),
            next: Type.Union([Type.String(), Type.Null()]),
          }),
        },
      },
    },
    async (request) => {
      const { query } = request
      refuseUnknown(query, Object.keys(querystring))
      const { items, next } = await annotationsFor(request).page({
        from: query.from === undefined ? Number.MIN_SAFE_INTEGER : instant(query.from, 'from'),
        to: query.to === undefined ? Number.MAX_SAFE_INTEGER : instant(query.to, 'to'),
        kind: query.kind,
        limit: wholeNumberOf(query, 'limit', { fallback: MOST, min: 1, max: MOST }),
        after: query.after ?? null,
      })
      return { annotations: items.map(annotationView), next }
    },
  )

  app.get(
    '/annotations/:id',
    {
      schema: { description: 'One annotation', tags: TAGS, params: idParams, response: { 200: AnnotationSchema } },
    },
    async (request) => {
      const { id } = request.params
      return annotationView((await annotationsFor(request).get(id)) ?? missing(id))
    },
  )

  app.patch(
    '/annotations/:id',
    {
      bodyLimit: BODY_LIMIT,
      schema: {
        description: 'Changes what is given; author and time of writing stay. null takes away',
        tags: TAGS,
        params: idParams,
        body: AnnotationChangeSchema,
        response: { 200: AnnotationSchema },
      },
    },
    async (request) => {
      const { params, body } = request
      const annotations = annotationsFor(request)
      const before = (await annotations.get(params.id)) ?? missing(params.id)
      const kept = <K extends 'url' | 'kind' | 'zone' | 'host'>(name: K) =>
        body[name] === undefined ? before[name] : body[name]
      const changed = await annotations.change(params.id, {
        text: body.text?.trim() ?? before.text,
        ...(timesOf(body) ?? { from: before.from, to: before.to }),
        url: kept('url'),
        kind: kept('kind'),
        zone: kept('zone')?.toLowerCase() ?? null,
        host: kept('host')?.toLowerCase() ?? null,
      })
      return annotationView(changed ?? missing(params.id))
    },
  )

  app.delete(
    '/annotations/:id',
    {
      schema: { description: 'Deletes an annotation', tags: TAGS, params: idParams, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const { id } = request.params
      if (!(await annotationsFor(request).remove(id))) missing(id)
      return reply.code(204).send(null)
    },
  )
}

function missing(id: string): never {
  throw notFound('NO_SUCH_ANNOTATION', `There is no annotation ${id}. GET /api/v1/annotations lists them.`)
}

/** Null: nothing is said of the time. */
function timesOf({ at, from, to }: Pick<AnnotationChange, 'at' | 'from' | 'to'>) {
  if (at !== undefined) {
    if (from !== undefined || to !== undefined)
      throw badRequest('TWO_TIMES', 'Give "at" for a moment or "from" and "to" for a span, not both.')
    return { from: instant(at, 'at'), to: null }
  }
  if (from === undefined && to === undefined) return null
  if (from === undefined || to === undefined)
    throw badRequest('HALF_A_SPAN', 'A span needs both "from" and "to"; a moment is "at".')
  const span = { from: instant(from, 'from'), to: instant(to, 'to') }
  if (span.to <= span.from) throw badRequest('EMPTY_RANGE', 'The span ends before it begins. Swap "from" and "to".')
  return span
}
