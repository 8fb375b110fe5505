import { Type, type Static } from 'typebox'
import { LeftOutSchema, MissingFieldSchema, RejectedLineSchema } from './batches.js'
import { SeriesSchema } from './incidents.js'
import { BreakdownRowSchema, SummarySchema } from './reports.js'
import { SpikesSchema } from './spikes.js'

const isoOrNull = () => Type.Union([Type.String({ format: 'date-time' }), Type.Null()])

/** What was read for the report. */
export const TakenSchema = Type.Object({
  inputs: Type.Array(Type.String(), { description: 'Files and folders as they were given' }),
  lines: Type.Integer(),
  stored: Type.Integer(),
  duplicates: Type.Integer(),
  rejected: Type.Integer(),
  rejections: Type.Array(RejectedLineSchema, { description: 'The first 100' }),
  missingFields: Type.Array(MissingFieldSchema),
  via: Type.Array(Type.String()),
  weighted: Type.Boolean(),
  leftOut: Type.Array(LeftOutSchema),
  refused: Type.Array(Type.Object({ input: Type.String(), code: Type.String(), message: Type.String() })),
})
export type Taken = Static<typeof TakenSchema>

/** `faultline report --format json`: all that the page says, as data. */
export const StandaloneReportSchema = Type.Object({
  version: Type.Literal(1),
  lang: Type.String(),
  createdAt: Type.String({ format: 'date-time' }),
  from: isoOrNull(),
  to: isoOrNull(),
  taken: TakenSchema,
  summary: SummarySchema,
  clients: Type.Union([Type.Integer(), Type.Null()], { description: 'Different addresses; null: not exported' }),
  charts: Type.Object(
    { classes: SeriesSchema, errorClasses: SeriesSchema, sources: SeriesSchema, errorSources: SeriesSchema },
    { description: 'Requests and errors over time, by class and by who answered' },
  ),
  spikes: SpikesSchema,
  breakdowns: Type.Array(
    Type.Object({
      of: Type.Enum(['errors', 'requests'] as const, { description: 'What is counted: 4xx, 499 and 5xx, or all' }),
      dimension: Type.String(),
      rows: Type.Array(
        Type.Object({ ...BreakdownRowSchema.properties, label: Type.String({ description: 'The value in words' }) }),
      ),
      other: Type.Number({ description: 'Of values beyond those' }),
      total: Type.Number(),
      values: Type.Integer({ description: 'Number of distinct values' }),
    }),
  ),
  latency: Type.Array(
    Type.Object({
      key: Type.String(),
      requests: Type.Number(),
      p50: Type.Union([Type.Number(), Type.Null()]),
      p95: Type.Union([Type.Number(), Type.Null()]),
    }),
    { description: 'Time to first byte, ms, of the hosts with the most requests' },
  ),
})
export type StandaloneReport = Static<typeof StandaloneReportSchema>
