import { Type, type Static } from 'typebox'
import { eachLanguage } from '../words/languages.js'
import { RecordShape, type RecordJson } from '../words/record.js'
import { EpisodeSchema } from './alerts.js'
import { AnnotationSchema } from './annotations.js'
import { BreakdownRowSchema } from './reports.js'
import { SpikeSchema } from './spikes.js'

const time = () => Type.String({ format: 'date-time' })
const text = () => Type.Union([Type.String(), Type.Null()])

/** What to freeze: a spike, or any window. */
export const IncidentDraftSchema = Type.Object(
  {
    spike: Type.Optional(Type.String({ minLength: 1, maxLength: 400, description: 'Id of a spike' })),
    from: Type.Optional(Type.String({ description: 'ISO 8601 or epoch ms' })),
    to: Type.Optional(Type.String({ description: 'ISO 8601 or epoch ms' })),
    filters: Type.Optional(
      Type.Record(Type.String(), Type.Union([Type.String(), Type.Array(Type.String(), { maxItems: 100 })]), {
        description: 'As in query parameters: {"host": "www.example.com", "status": ["500", "502"]}',
      }),
    ),
    title: Type.Optional(Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' })),
    by: Type.Optional(Type.String({ maxLength: 200, description: 'Where the sender is known, its own name counts' })),
    lang: Type.Optional(Type.String({ description: 'Of the title, where none is given' })),
  },
  { additionalProperties: false },
)
export type IncidentDraft = Static<typeof IncidentDraftSchema>

export const SeriesSchema = Type.Object({
  step: Type.Integer({ description: 'ms' }),
  series: Type.Array(
    Type.Object({
      key: Type.String(),
      points: Type.Array(Type.Array(Type.Number()), { description: '[epoch ms, requests]' }),
    }),
  ),
})

/** Everything that was known when it was frozen. */
export const FrozenSchema = Type.Object({
  version: Type.Literal(1),
  selection: Type.Object({
    from: time(),
    to: time(),
    filters: Type.Record(Type.String(), Type.Array(Type.String())),
    spike: text(),
  }),
  /** the spike or the window explained, once in each language; null where the window holds no error */
  explained: Type.Union([Type.Object(eachLanguage(() => SpikeSchema)), Type.Null()]),
  figures: Type.Object({
    requests: Type.Number({ description: 'Of the selection' }),
    all: Type.Number({ description: 'Of all visitors in that time' }),
    share: Type.Number(),
    clients: Type.Union([Type.Integer(), Type.Null()], { description: 'Different addresses; null: not exported' }),
  }),
  /** around the incident: all requests by class, and the selection itself */
  charts: Type.Object({ classes: SeriesSchema, selection: SeriesSchema }),
  breakdowns: Type.Array(
    Type.Object({ dimension: Type.String(), rows: Type.Array(BreakdownRowSchema), other: Type.Number() }),
  ),
  alerts: Type.Array(EpisodeSchema),
  annotations: Type.Array(AnnotationSchema),
  records: Type.Array(RecordShape, { description: 'The first of the selection' }),
})
export type Frozen = Omit<Static<typeof FrozenSchema>, 'records'> & { records: RecordJson[] }

const head = {
  id: Type.String(),
  title: Type.String(),
  from: time(),
  to: time(),
  author: text(),
  createdAt: time(),
}
export const IncidentHeadSchema = Type.Object(head)
export const IncidentSchema = Type.Object({ ...head, frozen: FrozenSchema })
export type IncidentJson = Omit<Static<typeof IncidentSchema>, 'frozen'> & { frozen: Frozen }
