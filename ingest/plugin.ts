/** Taking in over HTTP: POST /api/v1/logs. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Readable } from 'node:stream'
import { Type } from 'typebox'
import { badRequest, RequestError } from '../schema/api/errors.js'
import { systemClock, type WaitingClock } from '../schema/runtime/clock.js'
import { typed } from '../schema/api/typed.js'
import { BatchReportSchema, type BatchReport } from '../schema/api/batches.js'
import type { BatchOrigin } from '../schema/store/batches.js'
import type { Leading } from '../schema/store/leading.js'
import type { Store } from '../schema/store/store.js'
import { batchRoutes } from './batch-routes.js'
import { follow } from './inputs/following.js'
import { keepJobs, type KeptJobs } from './inputs/keeping.js'
import { INPUTS, POSTED_NAMES, postedBy } from './inputs/index.js'
import type { ConfiguredJob } from './inputs/input.js'
import { inputRoutes, type HealthOf } from './input-routes.js'
import type { InputStates } from './inputs/states.js'
import { IngestError, type IngestErrorCode } from './errors.js'
import type { Gate } from './gate.js'
import { ingest, type Input } from './pipeline.js'
import { mappingOf, type FieldMapping } from './reader/names.js'
import { DEFAULT_READ_SETTINGS, type ReadSettings } from './reader/normalise.js'
import type { ReaderPool, Sender } from './reader/pool.js'
import { stopShaping } from './shape/large.js'

export interface IngestOptions {
  store: Store
  readers: ReaderPool
  settings?: Partial<ReadSettings>
  onProgress?: (report: BatchReport) => void
  /** what the inputs that fetch by themselves were told to fetch */
  jobs?: readonly ConfiguredJob[]
  /** the same as they are said now; looked at every few seconds */
  readJobs?: () => readonly ConfiguredJob[]
  clock?: WaitingClock
  /** of several nodes: whether this one fetches a job */
  lead?: (job: string) => Leading
  /** how much is taken in at once */
  gate: Gate
  /** the zones, in lower case, whose logs whoever asks may send; null: all */
  zonesOf?: (request: FastifyRequest) => readonly string[] | null
  /** the name that whoever sends goes by; null: nobody by name */
  senderOf?: (request: FastifyRequest) => string | null
  /** who sends, as far as the door knows: senders are served in turn, and none may take all the room */
  waitsAs?: (request: FastifyRequest) => string
  /** what inputs do, for whoever asks */
  states: InputStates
  healthOf: HealthOf
}

export type { ConfiguredJob } from './inputs/input.js'

const STATUS_OF: { [code in IngestErrorCode]: number } = {
  NOT_NDJSON: 400,
  WRONG_ENCODING: 400,
  TRUNCATED: 400,
  CORRUPT: 400,
  INTERRUPTED: 400,
  TOO_SLOW: 408,
  UNREADABLE: 400,
  STREAM_ERROR: 502,
  DECOMPRESSION_BOMB: 413,
}

const PARAMETERS = ['name', 'job', 'sampleRate', 'field', 'input']

/** Mapped fields of one upload. */
const MOST_FIELDS = 64

export async function ingestPlugin(instance: FastifyInstance, options: IngestOptions): Promise<void> {
  const app = typed(instance)
  const {
    store,
    readers,
    onProgress,
    gate,
    states,
    zonesOf = () => null,
    senderOf = () => null,
    waitsAs = ({ ip }) => ip,
  } = options
  const settings: ReadSettings = { ...DEFAULT_READ_SETTINGS, ...options.settings }

  // The body is a stream, whatever it calls itself: Logpush does not say which type its posts have.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))

  const senders = new WeakMap<FastifyRequest, Sender>()

  /** Posts that ask for nothing of their own have one object in common: by that it is known that they are read alike. */
  function settingsOf(
    { sampleRate, field }: { sampleRate?: number; field?: string | string[] },
    zones: readonly string[] | null,
  ): ReadSettings {
    if (sampleRate === undefined && field === undefined && zones === settings.zones) return settings
    return {
      ...settings,
      weight: sampleRate === undefined ? settings.weight : 1 / sampleRate,
      fields: { ...settings.fields, ...mappingIn(field) },
      zones,
    }
  }

  async function take(input: Input): Promise<BatchReport> {
    try {
      return await ingest(input, { store, readers, onProgress })
    } catch (error) {
      if (!(error instanceof IngestError)) throw error
      throw new RequestError(STATUS_OF[error.code], error.code, error.message, {
        seen: error.seen,
        report: error.report,
      })
    }
  }

  app.post(
    '/logs',
    {
      bodyLimit: Number.MAX_SAFE_INTEGER,
      // before the body is read; the answer, whichever it is, gives the place back
      onRequest: async (request, reply) => {
        // jobs of one sender count one by one: a zone under attack leaves room to the others
        const name = JSON.stringify([waitsAs(request), request.query.job ?? null])
        const place = gate.enter(lengthOf(request), name)
        senders.set(request, { name, isLarge: place.isUpload })
        reply.raw.once('close', () => place.leave())
      },
      schema: {
        description:
          'Records as NDJSON, in another arrangement of JSON, as CSV with a header or as Parquet; plain, gzip, zstd, tar, zip or a form (curl -F), told by content; of any length. Answers when all is stored and durable. Whoever cannot set headers may give the token as ?token=, here only.',
        tags: ['logs'],
        querystring: Type.Object({
          name: Type.Optional(Type.String({ maxLength: 500, description: 'Name of the file, for the report' })),
          job: Type.Optional(
            Type.String({
              minLength: 1,
              maxLength: 200,
              description: 'Tells several jobs that send to this address apart: their health is told one by one',
            }),
          ),
          sampleRate: Type.Optional(
            Type.Number({
              exclusiveMinimum: 0,
              maximum: 1,
              description: 'Sample rate of the job: each record then counts 1 / rate. No field of a record says it.',
            }),
          ),
          field: Type.Optional(
            Type.Union([Type.String(), Type.Array(Type.String(), { maxItems: MOST_FIELDS })], {
              description:
                'A field that the input has under a name of its own, repeatable: field=EdgeResponseStatus=status. Where names differ only in case or underscores nothing need be said.',
            }),
          ),
          input: Type.Optional(
            Type.Union(
              POSTED_NAMES.map((name) => Type.Literal(name)),
              { description: 'Where it comes from. Default: by what the sender calls itself' },
            ),
          ),
        }),
        response: { 200: BatchReportSchema },
      },
    },
    async (request) => {
      const { query } = request
      refuseMisspelt(query)
      const origin: BatchOrigin = {
        input: query.input ?? postedBy(request.headers),
        name: query.name ?? null,
        job: query.job ?? null,
        sender: { name: senderOf(request), address: request.ip },
      }
      return take({
        origin,
        sender: senders.get(request),
        bytes: bodyOf(request.body),
        settings: settingsOf(query, zonesOf(request)),
      })
    },
  )

  app.post(
    '/demo',
    {
      schema: {
        description: 'Loads a day of simulated logs with three incidents',
        tags: ['logs'],
        response: { 200: BatchReportSchema },
      },
    },
    async (request) => {
      const { name, bytes } = await INPUTS.simulate.open('demo')
      const sender = { name: senderOf(request), address: request.ip }
      return take({ origin: { input: 'simulate', name, sender }, bytes, settings })
    },
  )

  let kept: KeptJobs | undefined
  app.addHook('onReady', async () => {
    const start = (job: ConfiguredJob) =>
      follow(job.name, job.input, job.settings, {
        checkpoints: store.ledger.checkpoints,
        ...(options.lead && { lead: options.lead }),
        take: (origin, bytes) =>
          ingest(
            { origin, bytes, settings: { ...settings, ...job.input.reading?.(job.settings) } },
            { store, readers, onProgress },
          ),
        clock: options.clock ?? systemClock,
        onError: (error) => app.log.error(error),
      })
    const { readJobs: read } = options
    const onProblem = (error: Error) => app.log.error(error)
    kept = keepJobs(options.jobs ?? [], read ? { read, onProblem, now: Date.now } : null, start)
    states.kept = kept
  })
  app.addHook('preClose', async () => kept?.stop())
  // after the posts: what is still at work was cut off
  app.addHook('onClose', async () => stopShaping())

  await app.register(batchRoutes, { store })
  await app.register(inputRoutes, { states, healthOf: options.healthOf })
}

/**
 * `sample_rate=0.1` would be taken for no rate at all, and every figure be wrong. What is no parameter of ours under any
 * spelling is let through: destinations of Logpush carry parameters of their own.
 */
function refuseMisspelt(query: { [name: string]: unknown }): void {
  const letters = (name: string) => name.replaceAll(/[^a-z]/gi, '').toLowerCase()
  for (const name of Object.keys(query)) {
    const meant = PARAMETERS.find((known) => letters(known) === letters(name))
    if (meant !== undefined && meant !== name)
      throw badRequest('UNKNOWN_PARAMETER', `"${name}" is not a parameter here. Did you mean "${meant}"?`)
  }
}

/** A post without a body has an empty one. */
const bodyOf = (body: unknown): AsyncIterable<Uint8Array> => (body instanceof Readable ? body : Readable.from([]))

/** What the parameter `field` says, once or several times, or with commas between. */
function mappingIn(field: string | string[] = []): FieldMapping {
  const mapping = mappingOf([field].flat().flatMap((text) => text.split(',')))
  if (typeof mapping === 'string') throw badRequest('BAD_SETTING', mapping)
  return mapping
}

/** Bytes of the body as its sender says; null: it does not say. */
function lengthOf({ headers }: FastifyRequest): number | null {
  const length = headers['content-length']
  return length === undefined ? (headers['transfer-encoding'] === undefined ? 0 : null) : Number(length)
}
