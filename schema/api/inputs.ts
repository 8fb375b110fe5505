/** GET /api/v1/inputs: what each input does, what it brought, and what to do about it. */
import { Type, type Static, type TSchema } from 'typebox'
import { DoingSchema } from '../words/doing.js'
import { REJECTION_REASONS } from '../words/rejections.js'
import { MissingFieldSchema } from './batches.js'

const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const time = (description: string) => orNull(Type.String({ format: 'date-time', description }))

/**
 * ready: waits for whoever brings something · working: brings or fetches · waiting: fetched all there is · failing: could
 * not, and tries again · silent: something should have come and has not · stopped
 */
export const INPUT_STATES = ['ready', 'working', 'waiting', 'failing', 'silent', 'stopped'] as const
export type InputStateName = (typeof INPUT_STATES)[number]

export const InputStateSchema = Type.Object({
  name: Type.String(),
  kind: Type.Enum(['posted', 'opened', 'fetching'], {
    description: 'posted to /api/v1/logs, opened by a command, or fetching by itself',
  }),
  live: Type.Boolean({ description: 'It brings what happens now: alerts wait for it' }),
  job: orNull(
    Type.String({ description: 'What a fetching input was told to fetch, what a sender calls its job; null: unknown' }),
  ),
  state: Type.Enum(INPUT_STATES),
  since: time('Since when it works, fails or is silent'),
  until: time('When it looks or tries again'),
  doing: orNull(DoingSchema),
  code: orNull(Type.String()),
  problem: orNull(Type.String({ description: 'What went wrong, and what to do' })),
})
export type InputState = Static<typeof InputStateSchema>

export const ADVICE = [
  'failing',
  'silent',
  'gaps',
  'late',
  'clock',
  'retries',
  'duplicates',
  'rejected',
  'interrupted',
  'fields',
] as const
export type AdviceId = (typeof ADVICE)[number]

export const AdviceSchema = Type.Object({
  id: Type.Enum(ADVICE),
  serious: Type.Boolean({ description: 'Figures are or may be wrong as long as it lasts' }),
  symptom: Type.String({ description: 'What is seen' }),
  cause: Type.String({ description: 'What mostly is behind it' }),
  todo: Type.String({ description: 'What to do' }),
})
export type Advice = Static<typeof AdviceSchema>

export const SpanSchema = Type.Object({
  from: Type.String({ format: 'date-time' }),
  to: Type.String({ format: 'date-time' }),
})

export const InputFlowSchema = Type.Object({
  batches: Type.Integer({ description: 'That came since `from`' }),
  lastBatchAt: time('When the last batch came'),
  lastBatch: orNull(Type.String({ description: 'Its id' })),
  everyMs: orNull(Type.Number({ description: 'Usual time between two batches, ms' })),
  newest: time('Event time of the newest record'),
  lagMs: orNull(
    Type.Object({ p50: Type.Number(), p95: Type.Number() }, { description: 'From the event to its being stored, ms' }),
  ),
  recordsPerMinute: Type.Number({ description: 'Over the last hour' }),
  bytesPerMinute: Type.Number({ description: 'Unpacked, over the last hour' }),
  gaps: Type.Array(SpanSchema, {
    description: 'Minutes that at the usual pace should have come and have not, newest first, at most 50',
  }),
  retries: Type.Integer({ description: 'Batches that held nothing new: sent again' }),
  duplicates: Type.Integer({ description: 'Records already stored' }),
  interrupted: Type.Integer({ description: 'Batches that ended before their end' }),
  rejected: Type.Object({
    lines: Type.Integer(),
    byReason: Type.Partial(Type.Record(Type.Enum(REJECTION_REASONS), Type.Integer())),
  }),
  missingFields: Type.Array(MissingFieldSchema, { description: 'What its newest batches lack, and for which figures' }),
})
export type InputFlow = Static<typeof InputFlowSchema>

export const InputHealthSchema = Type.Object({
  ...InputStateSchema.properties,
  ...InputFlowSchema.properties,
  why: orNull(Type.String({ description: '`doing` as a sentence' })),
  waitsMs: orNull(Type.Number({ description: 'How long alerts wait for its logs, ms; null: they do not' })),
  advice: Type.Array(AdviceSchema, { description: 'The most serious first' }),
})
export type InputHealth = Static<typeof InputHealthSchema>

export const InputsSchema = Type.Object({
  from: Type.String({ format: 'date-time', description: 'Batches that came since then are counted' }),
  to: Type.String({ format: 'date-time' }),
  watermark: time('Event time up to which alerts take logs as complete'),
  completeTo: time('The same, or where an input that delivers what happens now fell silent; null: none delivers'),
  fileProblem: orNull(
    Type.Object(
      { since: Type.String({ format: 'date-time' }), message: Type.String() },
      {
        description:
          'What is wrong with the file of inputs since it changed: what it said before goes on. null: it is right',
      },
    ),
  ),
  inputs: Type.Array(InputHealthSchema),
})
export type Inputs = Static<typeof InputsSchema>
/** What is known without asking who reads the file of inputs. */
export type InputsHealth = Omit<Inputs, 'fileProblem'>
