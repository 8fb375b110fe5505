/** The questions over HTTP: GET /api/v1/summary, timeseries, breakdown, dimensions, values, percentiles, records, fields. */
import { iso } from '../schema/words/iso.js'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { typed } from '../schema/api/typed.js'
import {
  BreakdownSchema,
  CarriedSchema,
  PercentilesSchema,
  SummarySchema,
  TimeseriesSchema,
  ValuesSchema,
} from '../schema/api/reports.js'
import { FIELDS, type Field } from '../schema/words/fields.js'
import type { Language } from '../schema/words/languages.js'
import { DIMENSIONS, type Dimension, type PercentileMeasure } from '../schema/store/query.js'
import { RecordShape, type Record } from '../schema/words/record.js'
import { reasonInWords } from '../schema/words/source-reasons.js'
import type { ReadRecords } from '../schema/store/records.js'
import { badRequest, notFound } from '../schema/api/errors.js'
import {
  dimensionOf,
  langParameter,
  languageOf,
  oneOf,
  refuseUnknown,
  selectionOf,
  selectionParameters,
  wholeNumberOf,
  type RawQuery,
} from './http/parameters.js'
import { breakdown } from './reports/breakdown.js'
import { carried } from './reports/carried.js'
import { rounded } from './reports/counts.js'
import { knownStep, parseStep, parseZone, type MostSeries } from './reports/buckets.js'
import { compareOf, compareParameter } from './reports/compare.js'
import { PERCENTILE_MEASURES, percentileReport } from './reports/percentiles.js'
import { summary } from './reports/summary.js'
import { timeseries } from './reports/timeseries.js'

const text = (description: string) => Type.Optional(Type.String({ description }))

const parameters = {
  step: text('Bucket width: whole ms, or hour, day, week with tz. Default: what gives a readable chart'),
  tz: text('Time zone of hour, day and week, like Europe/Paris. Default: UTC'),
  limit: text('At most so many'),
}

export interface AnalyzeOptions {
  /** what whoever asks may see */
  recordsFor: (request: FastifyRequest) => ReadRecords
}

export async function analyzePlugin(instance: FastifyInstance, { recordsFor }: AnalyzeOptions): Promise<void> {
  const app = typed(instance)

  function get(
    path: string,
    description: string,
    own: { [name: string]: ReturnType<typeof text> },
    response: object,
    answer: (query: RawQuery, records: ReadRecords) => Promise<unknown>,
  ) {
    const querystring = { ...own, ...selectionParameters }
    const known = Object.keys(querystring)
    app.get(
      path,
      {
        schema: {
          description,
          tags: ['questions'],
          querystring: Type.Object(querystring),
          response: { 200: response },
        },
        // a serializer made of the schema takes ten times as long for thousands of points; a test holds answers to it instead
        serializerCompiler: () => JSON.stringify,
      },
      async (request) => {
        const query = request.query
        refuseUnknown(query, known)
        return answer(query, recordsFor(request))
      },
    )
  }

  get(
    '/summary',
    'The head figures: classes, sources, error rate, speed, and the period before',
    { compare: compareParameter, tz: parameters.tz },
    SummarySchema,
    async (query, records) => {
      const extent = await records.extent()
      return summary(records, selectionOf(query, extent), extent, {
        compare: compareOf(query),
        zone: parseZone(oneOf(query, 'tz')),
      })
    },
  )

  get(
    '/timeseries',
    'Requests over time, by one dimension',
    {
      by: text('A dimension. Default: class'),
      ...parameters,
      limit: text('At most so many series. Default: 100, or as many as have 250,000 points together; more are refused'),
      compare: compareParameter,
    },
    TimeseriesSchema,
    async (query, records) => {
      const extent = await records.extent()
      const selection = selectionOf(query, extent)
      return timeseries(
        records,
        selection,
        dimensionOf(query, 'by', 'class'),
        knownStep(parseStep(oneOf(query, 'step'), selection), selection, extent),
        parseZone(oneOf(query, 'tz')),
        mostSeries(query, 100),
        compareOf(query),
      )
    },
  )

  get(
    '/breakdown',
    'Requests by the values of one dimension, the most first',
    {
      by: text('A dimension'),
      limit: parameters.limit,
      compare: compareParameter,
      tz: parameters.tz,
      sort: text(
        'count (default): the most requests first; change: what rose most against the window of compare; p95: of the 1,000 values with the most requests those with 20 or more of them, the slowest first byte first',
      ),
      search: text('Only values that contain this text'),
      networks: text(
        'true, with by=clientIp or originIp: by network (/24, /48), named like 192.0.2.0/24; of the 200,000 addresses with the most requests, where there are more the answer says so',
      ),
      speed: text('true: also how long the answers took, p50 and p95 of each row; not with networks'),
    },
    BreakdownSchema,
    async (query, records) => {
      const compare = compareOf(query)
      const sort = oneOf(query, 'sort') ?? 'count'
      if (sort !== 'count' && sort !== 'change' && sort !== 'p95')
        throw badRequest('BAD_SORT', `"sort=${sort}" is not known. Give count, change or p95.`)
      if (sort === 'change' && compare === null)
        throw badRequest('BAD_SORT', '"sort=change" needs "compare": say against which window.')
      const by = dimensionOf(query, 'by')
      const networks = isSaid(query, 'networks')
      if (sort === 'p95' && networks)
        throw badRequest('BAD_SORT', '"sort=p95" is not for networks: they have no speed.')
      if (networks && by !== 'clientIp' && by !== 'originIp')
        throw badRequest(
          'BAD_NETWORKS',
          `"networks" are those of addresses. Give by=clientIp or by=originIp, not by=${by}.`,
        )
      return breakdown(records, selectionOf(query, await records.extent()), by, {
        limit: wholeNumberOf(query, 'limit', { fallback: 50, min: 1, max: 10_000 }),
        compare,
        zone: parseZone(oneOf(query, 'tz')),
        sort,
        search: oneOf(query, 'search') ?? null,
        networks,
        speed: isSaid(query, 'speed') || sort === 'p95',
      })
    },
  )

  get(
    '/dimensions',
    'Which dimensions the records carry: what an export leaves out has no values',
    { of: text('Dimensions, with commas between. Default: all') },
    CarriedSchema,
    async (query, records) => ({
      dimensions: await carried(records, selectionOf(query, await records.extent()), dimensionsIn(query)),
    }),
  )

  get(
    '/values',
    'The values of one dimension that a text finds, the most frequent first',
    {
      dimension: text('A dimension'),
      contains: text(
        'Text that is in the value, the case of A-Z ignored; with *, which stands for anything, the whole value',
      ),
      limit: parameters.limit,
    },
    ValuesSchema,
    async (query, records) =>
      records
        .values({
          ...selectionOf(query, await records.extent()),
          dimension: dimensionOf(query, 'dimension'),
          contains: oneOf(query, 'contains') ?? '',
          limit: wholeNumberOf(query, 'limit', { fallback: 50, min: 1, max: 10_000 }),
        })
        .then(({ values, ...rest }) => ({
          values: values.map(({ key, count }) => ({ key, count: rounded(count) })),
          ...rest,
        })),
  )

  get(
    '/percentiles',
    'How long answers took',
    {
      measure: text(`One of ${PERCENTILE_MEASURES.join(', ')}. Default: the first`),
      p: text('Percentiles, 0–1, with commas between. Default: 0.5,0.95,0.99'),
      by: text('A dimension. Default: none'),
      limit: text(
        'With by, at most so many values: those with the most requests. Default: 1000, or as many as have 250,000 points together; more are refused',
      ),
      step: parameters.step,
      tz: parameters.tz,
      compare: compareParameter,
    },
    PercentilesSchema,
    async (query, records) => {
      const selection = selectionOf(query, await records.extent())
      const step = oneOf(query, 'step')
      return percentileReport(
        records,
        selection,
        measureOf(query),
        percentilesOf(query),
        query.by === undefined ? null : dimensionOf(query, 'by'),
        step === undefined ? null : parseStep(step, selection),
        parseZone(oneOf(query, 'tz')),
        mostSeries(query, 1_000),
        compareOf(query),
      )
    },
  )

  get(
    '/records',
    'Records, newest first',
    {
      limit: parameters.limit,
      after: text('The cursor of the page before'),
      lang: langParameter,
    },
    Type.Object({
      records: Type.Array(RecordShape),
      next: Type.Union([Type.String(), Type.Null()]),
      goneBefore: Type.Optional(
        Type.String({
          format: 'date-time',
          description: 'At the end: records before that may have been meant are gone, counts of them remain',
        }),
      ),
    }),
    async (query, records) => {
      const selection = selectionOf(query, await records.extent())
      const lang = languageOf(query)
      const page = await records.newest({
        ...selection,
        limit: wholeNumberOf(query, 'limit', { fallback: 50, min: 1, max: 1_000 }),
        after: oneOf(query, 'after') ?? null,
      })
      return {
        records: page.records.map((record) => recordJson(record, lang)),
        next: page.next,
        ...(page.goneBefore === undefined ? {} : { goneBefore: iso(page.goneBefore) }),
      }
    },
  )

  app.get(
    '/records/:rayId',
    {
      schema: {
        description: 'The raw facts of one request, and why it has its source',
        tags: ['questions'],
        params: Type.Object({ rayId: Type.String({ minLength: 1, maxLength: 200 }) }),
        querystring: Type.Object({ lang: langParameter }),
        response: { 200: Type.Object({ records: Type.Array(RecordShape) }) },
      },
    },
    async (request) => {
      const { rayId } = request.params
      const lang = languageOf(request.query)
      // what a visitor is shown carries the data centre after the id: 7a1f7ad4df2f870a-ORD
      const found = await recordsFor(request).byRayId(
        rayId.replace(/^([0-9a-fA-F]{16})-[A-Za-z]{3}$/, '$1').replace(/^[0-9A-F]{16}$/i, (id) => id.toLowerCase()),
      )
      const { counted } = found.length === 0 ? await recordsFor(request).extent() : {}
      if (counted)
        throw notFound(
          'RECORD_GONE',
          `No record with RayID ${rayId} is stored, and some from before ${iso(counted.to).slice(0, 10)} are gone and counted only: whether it was among them cannot be told.`,
        )
      if (found.length === 0)
        throw notFound(
          'NO_SUCH_RECORD',
          `No record with RayID ${rayId} is stored. Check the id (16 hex digits), or take in the logs of that time.`,
        )
      return { records: found.map((record) => recordJson(record, lang)) }
    },
  )

  app.get(
    '/fields',
    {
      schema: {
        description: 'The field catalogue',
        tags: ['questions'],
        response: {
          200: Type.Object({
            fields: Type.Array(
              Type.Object({
                name: Type.String(),
                filter: Type.Union([Type.String(), Type.Null()]),
                meaning: Type.String(),
                cloudflare: Type.Array(Type.String()),
              }),
            ),
          }),
        },
      },
    },
    async () => ({
      fields: (FIELDS as readonly Field[]).map((f) => ({
        name: f.name,
        filter: f.filter ?? null,
        meaning: f.meaning,
        cloudflare: [...f.from],
      })),
    }),
  )
}

function recordJson(record: Record, lang: Language) {
  return {
    ...record,
    time: iso(record.time),
    sourceReason: reasonInWords(record.sourceReason, lang),
  }
}

const mostSeries = (query: RawQuery, usual: number): MostSeries => ({
  wanted: query.limit === undefined ? null : wholeNumberOf(query, 'limit', { fallback: usual, min: 1, max: 1_000 }),
  usual,
})

/** A switch: `true`, or the name alone. */
function isSaid(query: RawQuery, name: string): boolean {
  const said = oneOf(query, name) ?? 'false'
  if (said === 'true' || said === '') return true
  if (said === 'false') return false
  throw badRequest('BAD_SWITCH', `"${name}=${said}" is neither true nor false.`)
}

function dimensionsIn(query: RawQuery): readonly Dimension[] {
  const names = oneOf(query, 'of')
  return names === undefined ? DIMENSIONS : names.split(',').map((name) => dimensionOf({ of: name.trim() }, 'of'))
}

function measureOf(query: RawQuery): PercentileMeasure {
  const name = oneOf(query, 'measure') ?? PERCENTILE_MEASURES[0]
  const measure = PERCENTILE_MEASURES.find((m) => m === name)
  if (!measure)
    throw badRequest(
      'UNKNOWN_MEASURE',
      `"measure=${name}" is not known. Give one of: ${PERCENTILE_MEASURES.join(', ')}.`,
    )
  return measure
}

function percentilesOf(query: RawQuery): number[] {
  const words = (oneOf(query, 'p') ?? '0.5,0.95,0.99').split(',').map(Number)
  if (words.length > 10 || words.some((p) => !(p >= 0 && p <= 1)))
    throw badRequest('BAD_PERCENTILE', '"p" takes up to ten numbers from 0 to 1 with commas between, like 0.5,0.95.')
  return words
}
