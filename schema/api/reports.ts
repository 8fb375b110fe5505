import { Type, type Static } from 'typebox'

const point = Type.Array(Type.Number(), { minItems: 2, maxItems: 2, description: '[epoch ms, count]' })

/** Of another window, with `compare`. */
const comparedTimes = { from: Type.String({ format: 'date-time' }), to: Type.String({ format: 'date-time' }) }

const timeseries = {
  step: Type.Union([Type.Integer(), Type.String()], { description: 'Bucket width in ms, or hour, day, week' }),
  series: Type.Array(Type.Object({ key: Type.String(), points: Type.Array(point) })),
  excluded: Type.Integer({ description: 'Records of the range left out because no visitor saw them' }),
}
export const TimeseriesSchema = Type.Object({
  ...timeseries,
  compared: Type.Optional(
    Type.Object(
      { ...comparedTimes, ...timeseries },
      {
        description:
          'The other window, with compare: its n-th point stands in the place of the n-th of the range, under its own time',
      },
    ),
  ),
})
interface OneTimeseries {
  step: number | string
  series: { key: string; points: [number, number][] }[]
  excluded: number
}
export type Timeseries = OneTimeseries & { compared?: OneTimeseries & { from: string; to: string } }

/** Said where a flood of values came. */
const MORE =
  'On some day more values came than are told apart (FAULTLINE_NAMED_VALUES): there are at least so many. Rows and totals are exact; what has no name is in other'

const middleAndTail = Type.Object({
  p50: Type.Union([Type.Number(), Type.Null()]),
  p95: Type.Union([Type.Number(), Type.Null()]),
})
export type MiddleAndTail = Static<typeof middleAndTail>

export const BreakdownRowSchema = Type.Object({
  key: Type.String({ description: 'The value; empty where the record carries none' }),
  count: Type.Number(),
  share: Type.Number({ description: '0–1 of the total' }),
  errors: Type.Number({ description: 'Of the count, 4xx, 499 and 5xx' }),
  previous: Type.Optional(Type.Number({ description: 'Count in the other window, with compare' })),
  speed: Type.Optional(
    Type.Object(
      { timeToFirstByteMs: middleAndTail, originDurationMs: middleAndTail },
      { description: 'How long the answers took, ms, with speed; null where no record says it' },
    ),
  ),
})
const breakdown = {
  rows: Type.Array(BreakdownRowSchema),
  total: Type.Number({ description: 'All requests of the range and filters' }),
  other: Type.Number({ description: 'Requests of the values beyond the limit' }),
  values: Type.Integer({ description: 'Number of distinct values' }),
  more: Type.Optional(Type.Literal(true, { description: MORE })),
}
export const BreakdownSchema = Type.Object({
  ...breakdown,
  compared: Type.Optional(
    Type.Object(
      { ...comparedTimes, ...breakdown },
      { description: 'The same values in the other window, with compare' },
    ),
  ),
})
export type Breakdown = Static<typeof BreakdownSchema>

/** GET /api/v1/dimensions */
export const CarriedSchema = Type.Object({
  dimensions: Type.Array(Type.String(), { description: 'Of those asked for, in their order' }),
})

/** GET /api/v1/values */
export const ValuesSchema = Type.Object({
  values: Type.Array(Type.Object({ key: Type.String(), count: Type.Number() }), {
    description: 'Those with the most requests first; an empty key stands for records that carry none',
  }),
  total: Type.Integer({ description: 'Number of values found, also those beyond the limit' }),
  more: Type.Optional(Type.Literal(true, { description: MORE })),
})
export type FoundValues = Static<typeof ValuesSchema>

const period = {
  requests: Type.Number(),
  bytes: Type.Number(),
  byClass: Type.Record(Type.String(), Type.Number()),
  bySource: Type.Record(Type.String(), Type.Number()),
  errorRate: Type.Number({ description: '4xx, 499 and 5xx, 0–1 of the requests' }),
  timeToFirstByteMs: middleAndTail,
  originDurationMs: middleAndTail,
}

const covered = Type.Number({
  description:
    'How much of it the store holds against the range itself, 0–1, whatever the filters: figures of half a period are not to be compared',
})

/** The head figures of the page in one answer. */
export const SummarySchema = Type.Object({
  from: Type.String({ format: 'date-time' }),
  to: Type.String({ format: 'date-time' }),
  ...period,
  previous: Type.Union(
    [
      Type.Object({
        ...period,
        covered,
      }),
      Type.Null(),
    ],
    {
      description:
        'The period of the same length before; null if the store holds nothing of it, or compare asks for another window',
    },
  ),
  compared: Type.Optional(
    Type.Union([Type.Object({ ...comparedTimes, ...period, covered }), Type.Null()], {
      description: 'The other window, with compare; null if the store holds nothing of it',
    }),
  ),
  excluded: Type.Integer({ description: 'Records of the range left out because no visitor saw them' }),
  staleAnswers: Type.Union([Type.Number(), Type.Null()], {
    description:
      'Answers given from a stale cache: an origin may be failing behind a 200; null: records of the range are gone, and counts do not tell',
  }),
  goneBefore: Type.Optional(
    Type.String({
      format: 'date-time',
      description:
        'The range reaches back to where records are gone by age: from here on none is missing, before it counts by zone, host, status and source remain',
    }),
  ),
  extent: Type.Object(
    {
      records: Type.Integer(),
      from: Type.Union([Type.String(), Type.Null()]),
      to: Type.Union([Type.String(), Type.Null()]),
    },
    {
      description:
        'What the store holds at all: tells an empty store (`from` is null) from an empty range, and from one whose records are all gone by age',
    },
  ),
})
export type Summary = Static<typeof SummarySchema>

const nullableNumber = Type.Union([Type.Number(), Type.Null()])

/** GET /api/v1/percentiles?measure=&by=&step= */
export const PercentilesSchema = Type.Object({
  measure: Type.String(),
  percentiles: Type.Array(Type.Number()),
  step: Type.Union([Type.Integer(), Type.String(), Type.Null()]),
  series: Type.Array(
    Type.Object({
      key: Type.String(),
      points: Type.Array(Type.Array(Type.Union([Type.Number(), Type.Null()])), {
        description: '[epoch ms, one value in ms per percentile …]',
      }),
    }),
  ),
  compared: Type.Optional(
    Type.Object(
      {
        ...comparedTimes,
        series: Type.Array(Type.Object({ key: Type.String(), points: Type.Array(Type.Array(nullableNumber)) })),
      },
      { description: 'The other window, with compare: its n-th point stands in the place of the n-th of the range' },
    ),
  ),
})

export const ErrorSchema = Type.Object({
  statusCode: Type.Integer(),
  code: Type.String(),
  error: Type.String(),
  message: Type.String({ description: 'What was tried, on what, and what to do' }),
})
export type ApiError = Static<typeof ErrorSchema>
