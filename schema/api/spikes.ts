import { Type, type Static } from 'typebox'

const nullableString = Type.Union([Type.String(), Type.Null()])

export const EvidenceSchema = Type.Object({
  text: Type.String(),
  share: Type.Number({
    description: "0–1 of the spike's records; 0 with baselineShare 0 where the sentence names no such share",
  }),
  baselineShare: Type.Number({ description: '0–1 of the same kind of records before' }),
})

export const SpikeCauseSchema = Type.Object({
  id: Type.String({ description: '<status>/<slug> of the catalogue' }),
  title: Type.String(),
  explanation: Type.String(),
  check: Type.Array(Type.String()),
  confidence: Type.Number(),
  evidence: Type.Array(EvidenceSchema),
  url: Type.String(),
})

/** What a person said of a spike. It is kept and shown, and lowers nothing that is told. */
export const VerdictSchema = Type.Object({
  verdict: Type.Enum(['confirmed', 'not-a-problem'] as const),
  note: nullableString,
  at: Type.String({ format: 'date-time' }),
})
export type Verdict = Static<typeof VerdictSchema>

export const SpikeSchema = Type.Object({
  id: Type.String(),
  start: Type.String({ format: 'date-time' }),
  end: Type.String({ format: 'date-time' }),
  detectedAt: Type.String({
    format: 'date-time',
    description: 'Close of the first minute whose data sufficed; delivery delays not included',
  }),
  ongoing: Type.Boolean(),
  status: Type.Union([Type.Integer(), Type.Null()], { description: 'Null for a spike of a whole class' }),
  statusClass: Type.String(),
  classes: Type.Optional(
    Type.Array(Type.String(), {
      description: 'Of a chosen window whose errors are of several classes: these, the commonest first',
    }),
  ),
  source: nullableString,
  observed: Type.Number({ description: 'Requests over the interval' }),
  expected: Type.Number({ description: 'Requests its past predicts for the interval' }),
  score: Type.Number(),
  scope: Type.Record(Type.String(), Type.String(), {
    description: "The values that set the spike's records apart from the time before",
  }),
  after: Type.Optional(
    Type.Union(
      [
        Type.Object({
          id: Type.String(),
          text: Type.String(),
          kind: nullableString,
          at: Type.String({ format: 'date-time' }),
          sentence: Type.String({ description: '"4 min after “deploy 1.42”"' }),
        }),
        Type.Null(),
      ],
      { description: 'What people wrote on the time line shortly before it began' },
    ),
  ),
  changed: Type.Array(
    Type.Object({
      dimension: Type.String(),
      value: Type.String(),
      share: Type.Number({ description: "0–1 of the spike's records" }),
      baselineShare: Type.Number({ description: '0–1 of the records compared with' }),
      comparedWith: Type.Enum(['same-kind', 'all-requests'], {
        description:
          'The same status and source in the time before; all requests of that time where there were too few of them',
      }),
    }),
    { description: 'What is out of proportion; fields whose past the export does not hold are left out' },
  ),
  summary: Type.String(),
  causes: Type.Array(SpikeCauseSchema),
  kind: Type.Optional(
    Type.Enum(['rise', 'client', 'pattern', 'slow', 'stale'] as const, {
      description:
        'A rise that many suffer; errors of one client, all codes together; what one client gets again and again by the clock; answers that became slow; expired copies that the cache served in place of an origin that cannot be reached',
    }),
  ),
  slow: Type.Optional(
    Type.Union(
      [
        Type.Object({
          measure: Type.String({ description: 'Cloudflare’s name of the duration' }),
          percentile: Type.Number({ description: '0–1' }),
          nowMs: Type.Number(),
          beforeMs: Type.Number(),
        }),
        Type.Null(),
      ],
      { description: 'How long answers took; null of a spike of errors' },
    ),
  ),
  severity: Type.Optional(
    Type.Enum(['page', 'ticket', 'note'] as const, {
      description: 'Somebody has to look now; during the day; or may know. From who suffers, how much and how long',
    }),
  ),
  severityReason: Type.Optional(Type.String()),
  clients: Type.Optional(
    Type.Union([Type.Integer(), Type.Null()], { description: 'Different addresses; null where the export has none' }),
  ),
  client: Type.Optional(
    Type.Union([Type.Object({ address: Type.String(), asn: nullableString, userAgent: nullableString }), Type.Null()], {
      description: 'The one client behind it',
    }),
  ),
  pattern: Type.Optional(
    Type.Union(
      [
        Type.Object({
          everyMs: Type.Integer(),
          phaseMs: Type.Integer({ description: 'After the beginning of each period, UTC' }),
          times: Type.Integer(),
          requestsEach: Type.Number(),
          text: Type.String(),
        }),
        Type.Null(),
      ],
      { description: 'Told once; `times` says how often it came in the logs' },
    ),
  ),
  verdict: Type.Optional(
    Type.Union([VerdictSchema, Type.Null()], {
      description: 'What a person said of it, PUT /api/v1/spikes/{id}/verdict',
    }),
  ),
  recurrence: Type.Optional(
    Type.Union(
      [
        Type.Object({
          times: Type.Integer({ description: 'In the week up to now, this one included' }),
          last: Type.String({ format: 'date-time', description: 'When it began the last time' }),
          text: Type.String(),
        }),
        Type.Null(),
      ],
      { description: 'Whether it was here before' },
    ),
  ),
})
export type Spike = Static<typeof SpikeSchema>

export const SpikesSchema = Type.Object({
  spikes: Type.Array(SpikeSchema),
  phantoms: Type.Integer({ description: 'Records of the range left out because no visitor saw them' }),
  from: nullableString,
  to: nullableString,
  lang: Type.String(),
  notice: Type.Optional(
    Type.Union([Type.String(), Type.Null()], {
      description: 'Said of logs that are too short to know what is usual, and where records of the range are gone',
    }),
  ),
})
export type Spikes = Static<typeof SpikesSchema>
