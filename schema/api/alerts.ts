/**
 * The shapes of alerting over HTTP: rules, alerts, silences, maintenance windows, notifiers, deliveries, backtests.
 * Durations are texts as Prometheus writes them (90s, 5m, 1h30m, 3d); times out are ISO 8601 except in points.
 */
import { Type, type Static, type TSchema } from 'typebox'

export const SEVERITIES = ['critical', 'warning', 'info'] as const
export type Severity = (typeof SEVERITIES)[number]

export const RULE_KINDS = ['count', 'ratio', 'surge', 'burn-rate', 'absence'] as const
export type RuleKind = (typeof RULE_KINDS)[number]

const oneOf = <const T extends readonly string[]>(words: T, description?: string) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...words], ...(description ? { description } : {}) })
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const time = (description?: string) => Type.String({ format: 'date-time', ...(description ? { description } : {}) })
const timeOrNull = (description?: string) =>
  Type.Union([Type.String({ format: 'date-time' }), Type.Null()], description ? { description } : {})
const duration = (description: string) => Type.String({ description: `${description}. A duration: 90s, 5m, 1h30m, 3d` })

const SeveritySchema = oneOf(SEVERITIES)

/** Filters under their names in the API: `{ status: '403', 'not.country': ['FR', 'DE'], visitor: 'all' }`. */
export type Where = { [filter: string]: string | number | boolean | (string | number | boolean)[] }
const where = (description: string) => Type.Unsafe<Where>({ type: 'object', additionalProperties: true, description })

export interface BurnWindow {
  short: string
  long: string
  factor: number
}

export type RuleExpr =
  | { kind: 'count'; where?: Where; window: string; above: number; recover?: number }
  | { kind: 'ratio'; where?: Where; errors: Where; window: string; above: number; recover?: number; minimum?: number }
  | { kind: 'surge'; where?: Where; sensitivity?: 'low' | 'medium' | 'high' }
  | { kind: 'burn-rate'; where?: Where; errors: Where; objective: number; windows?: BurnWindow[]; minimum?: number }
  | { kind: 'absence'; where?: Where; after: string }

const scope = where('Which requests, with the filters of the API. Default: all that visitors made')
const errors = where('Which of them count as errors')
const above = Type.Number({ description: 'Broken above this' })
const recover = Type.Optional(
  Type.Number({ description: 'Once broken, over only at or below this. Default: the same as above' }),
)

const ExprSchema = Type.Unsafe<RuleExpr>(
  Type.Union([
    Type.Object({
      kind: Type.Literal('count'),
      where: Type.Optional(scope),
      window: duration('Counted over'),
      above,
      recover,
    }),
    Type.Object({
      kind: Type.Literal('ratio'),
      where: Type.Optional(scope),
      errors,
      window: duration('Counted over'),
      above,
      recover,
      minimum: Type.Optional(
        Type.Number({ description: 'Fewer requests than this in the window break nothing. Default: 100' }),
      ),
    }),
    Type.Object({
      kind: Type.Literal('surge'),
      where: Type.Optional(scope),
      sensitivity: Type.Optional(
        oneOf(['low', 'medium', 'high'] as const, 'How improbable a rise must be. Default: medium'),
      ),
    }),
    Type.Object({
      kind: Type.Literal('burn-rate'),
      where: Type.Optional(scope),
      errors,
      objective: Type.Number({ description: 'Share of requests that must go well, like 0.999' }),
      windows: Type.Optional(
        Type.Array(
          Type.Object({
            short: duration('Short window'),
            long: duration('Long window'),
            factor: Type.Number({ description: 'Burn rate that both windows must exceed' }),
          }),
          { description: 'Default: 5m and 1h at 14.4, 30m and 6h at 6, 6h and 3d at 1' },
        ),
      ),
      minimum: Type.Optional(Type.Number({ description: 'Requests that a short window needs to count. Default: 100' })),
    }),
    Type.Object({
      kind: Type.Literal('absence'),
      where: Type.Optional(scope),
      after: duration('Broken when no log came for so long; longer where such a silence is ordinary'),
    }),
  ]),
)

const draft = {
  name: Type.String({ description: 'Unique among the rules; the label alertname' }),
  enabled: Type.Optional(Type.Boolean({ description: 'Default: true' })),
  expr: ExprSchema,
  by: Type.Optional(Type.Array(Type.String(), { maxItems: 2, description: 'One alert per value of these dimensions' })),
  for: Type.Optional(duration('Broken for so long before the alert fires. Default: 0s')),
  keepFiringFor: Type.Optional(duration('Over for so long before the alert resolves. Default: 0s')),
  severity: Type.Optional(SeveritySchema),
  labels: Type.Optional(Type.Record(Type.String(), Type.String())),
  note: Type.Optional(Type.String({ description: 'Goes with every notice' })),
  runbook: Type.Optional(Type.String({ description: 'A link that goes with every notice' })),
  notify: Type.Optional(
    Type.Array(Type.String(), { description: 'Ids of notifiers. Default: all that take the severity' }),
  ),
}

/** What people write: the body of POST and PUT. */
export const RuleDraftSchema = Type.Object(draft)
export interface RuleDraft {
  name: string
  enabled?: boolean
  expr: RuleExpr
  by?: string[]
  for?: string
  keepFiringFor?: string
  severity?: Severity
  labels?: { [name: string]: string }
  note?: string
  runbook?: string
  notify?: string[]
}

export const RULE_STATES = [
  'off',
  'waiting',
  'inactive',
  'pending',
  'firing',
  'no-data',
  'cannot-be-evaluated',
] as const
export type RuleState = (typeof RULE_STATES)[number]

const AlertInstanceSchema = Type.Object({
  labels: Type.Record(Type.String(), Type.String()),
  state: oneOf(['pending', 'firing'] as const),
  since: time('Event time: broken since'),
  value: nullable(Type.Number()),
  noData: Type.Boolean({ description: 'The logs that would tell have not come: the state is held' }),
  flapping: Type.Boolean(),
})

export const RuleSchema = Type.Object({
  id: Type.String(),
  origin: oneOf(['person', 'starter', 'file'] as const, 'A rule from the rules file is changed in the file'),
  ...draft,
  enabled: Type.Boolean(),
  state: oneOf(RULE_STATES),
  error: nullable(Type.Object({ code: Type.String(), message: Type.String() })),
  problems: Type.Array(Type.String(), { description: 'What the evaluation left out' }),
  noDataSince: timeOrNull(),
  evaluatedTo: timeOrNull('The watermark: event time up to which the rule was evaluated'),
  evaluatedAt: timeOrNull(),
  instances: Type.Array(AlertInstanceSchema),
  createdAt: time(),
  updatedAt: time(),
})
export type RuleJson = RuleDraft & {
  id: string
  origin: 'person' | 'starter' | 'file'
  enabled: boolean
  state: RuleState
  error: { code: string; message: string } | null
  problems: string[]
  noDataSince: string | null
  evaluatedTo: string | null
  evaluatedAt: string | null
  instances: {
    labels: { [name: string]: string }
    state: 'pending' | 'firing'
    since: string
    value: number | null
    noData: boolean
    flapping: boolean
  }[]
  createdAt: string
  updatedAt: string
}

/** What is wrong with a rule, and where. */
export const RuleProblemSchema = Type.Object({
  path: Type.String({ description: 'Which part, like expr.window' }),
  line: nullable(Type.Integer({ description: 'In a rules file, from 1' })),
  column: nullable(Type.Integer()),
  rule: nullable(Type.String({ description: 'Name of the rule, if it has one' })),
  reason: Type.String(),
})
export type RuleProblem = Static<typeof RuleProblemSchema>

export const RulesSchema = Type.Object({
  rules: Type.Array(RuleSchema),
  file: nullable(
    Type.Object({
      path: Type.String(),
      loadedAt: timeOrNull(),
      rules: Type.Integer(),
      problems: Type.Array(RuleProblemSchema),
    }),
  ),
  watermark: timeOrNull('Event time up to which logs are taken as complete'),
  delays: Type.Array(
    Type.Object({
      input: Type.String(),
      seconds: Type.Number({ description: 'How long this input is waited for' }),
      lastArrival: time(),
      learned: Type.Boolean(),
    }),
  ),
})

export const EpisodeSchema = Type.Object({
  id: Type.String(),
  rule: Type.String(),
  name: Type.String({ description: 'Name of the rule' }),
  kind: oneOf(RULE_KINDS),
  severity: SeveritySchema,
  labels: Type.Record(Type.String(), Type.String()),
  state: oneOf(['firing', 'resolved'] as const),
  pendingAt: time('Event time at which the rule began to be broken'),
  firedAt: time('Event time'),
  resolvedAt: timeOrNull('Event time'),
  reason: nullable(
    oneOf(['recovered', 'no-data', 'withdrawn', 'rule-changed', 'rule-off', 'rule-deleted'] as const, 'Why it is over'),
  ),
  value: nullable(Type.Number({ description: 'The highest value' })),
  unit: oneOf(['requests', 'share', 'burn', 'score', 'minutes'] as const),
  threshold: nullable(Type.Number()),
  expected: nullable(
    Type.Number({
      description: 'What is usual; null where nobody can tell. Of a surge it counts requests, as `observed` does',
    }),
  ),
  observed: nullable(
    Type.Number({ description: 'Requests of a surge, whose value is a score; null for every other kind' }),
  ),
  flapping: Type.Boolean(),
  noData: Type.Boolean(),
  acknowledged: nullable(Type.Object({ at: time(), by: Type.String(), note: Type.String() })),
  muted: nullable(Type.String({ description: 'Why nobody is told at the moment: a silence or a maintenance window' })),
  history: Type.Boolean({ description: 'True: it would have fired, had these logs come in time. Nobody was told' }),
  notified: Type.Array(Type.Object({ notifier: Type.String(), phase: Type.String(), at: time() })),
  explanation: Type.Optional(
    nullable(
      Type.Object(
        {
          spike: nullable(Type.String({ description: 'Id of the spike behind it' })),
          cause: Type.String({ description: 'The most likely documented cause' }),
          confidence: nullable(Type.Number()),
          firstCheck: nullable(Type.String()),
        },
        { description: 'Of one alert only, not in lists' },
      ),
    ),
  ),
})
export type EpisodeJson = Static<typeof EpisodeSchema>

export const MatcherSchema = Type.Object(
  {
    label: Type.String({ minLength: 1, maxLength: 200 }),
    op: Type.Optional(
      oneOf(
        ['=', '!=', '=~', '!~'] as const,
        'Default: =. With =~ and !~ the value is a pattern in which * stands for anything and | for or',
      ),
    ),
    value: Type.String({ maxLength: 1_000 }),
  },
  { additionalProperties: false },
)
export type Matcher = Static<typeof MatcherSchema>

export const SilenceDraftSchema = Type.Object(
  {
    matchers: Type.Array(MatcherSchema, { minItems: 1, maxItems: 20, description: 'All must hold' }),
    startsAt: Type.Optional(Type.String({ description: 'Default: now' })),
    endsAt: Type.String({ description: 'ISO 8601 or epoch ms' }),
    reason: Type.String({ minLength: 1, maxLength: 1_000 }),
    by: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { additionalProperties: false },
)
export type SilenceDraft = Static<typeof SilenceDraftSchema>

export const SilenceSchema = Type.Object({
  id: Type.String(),
  matchers: Type.Array(MatcherSchema),
  startsAt: time(),
  endsAt: time(),
  reason: Type.String(),
  by: Type.String(),
  state: oneOf(['active', 'coming', 'over'] as const),
  alerts: Type.Integer({ description: 'Firing alerts it mutes now' }),
})
export type SilenceJson = Static<typeof SilenceSchema>

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
export const MaintenanceDraftSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200 }),
    matchers: Type.Optional(Type.Array(MatcherSchema, { maxItems: 20, description: 'Default: every alert' })),
    timeZone: Type.Optional(Type.String({ description: 'Like Europe/Paris. Default: UTC' })),
    weekdays: Type.Optional(Type.Array(oneOf(WEEKDAYS), { description: 'Recurs on these days. Default: every day' })),
    start: Type.String({
      pattern: '^([01]\\d|2[0-3]):[0-5]\\d$',
      description: 'Wall clock in the time zone, like 02:30',
    }),
    duration: duration('How long, at most 7d'),
    from: Type.Optional(Type.String({ description: 'First day, like 2026-05-20' })),
    until: Type.Optional(Type.String({ description: 'Last day' })),
    reason: Type.Optional(Type.String({ maxLength: 1_000 })),
  },
  { additionalProperties: false },
)
export type MaintenanceDraft = Static<typeof MaintenanceDraftSchema>

export const MaintenanceSchema = Type.Object({
  id: Type.String(),
  ...MaintenanceDraftSchema.properties,
  active: Type.Boolean(),
  next: timeOrNull('Start of the next window, or of this one'),
})

export const NOTIFIER_TYPES = [
  'webhook',
  'slack',
  'teams',
  'pagerduty',
  'email',
  'feishu',
  'dingtalk',
  'alertmanager',
] as const
export type NotifierType = (typeof NOTIFIER_TYPES)[number]

export const NotifierDraftSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    type: oneOf(NOTIFIER_TYPES),
    enabled: Type.Optional(Type.Boolean()),
    language: Type.Optional(Type.String({ description: 'en, fr or zh. Default: en' })),
    timeZone: Type.Optional(Type.String({ description: 'Of the times in texts. Default: UTC' })),
    severities: Type.Optional(Type.Array(SeveritySchema, { description: 'Default: all' })),
    matchers: Type.Optional(
      Type.Array(MatcherSchema, { maxItems: 20, description: 'Only alerts whose labels match. Default: all' }),
    ),
    sendResolved: Type.Optional(Type.Boolean({ description: 'Default: true' })),
    groupBy: Type.Optional(
      Type.Array(Type.String(), {
        description: 'Alerts with the same values of these labels share a notice. Default: alertname',
      }),
    ),
    groupWait: Type.Optional(duration('How long a first notice waits for more alerts of its group. Default: 0s')),
    groupInterval: Type.Optional(duration('How long after a notice the next of its group goes out. Default: 5m')),
    repeatInterval: Type.Optional(duration('How often an alert that keeps firing is told again. Default: 4h')),
    settings: Type.Record(Type.String(), Type.Unknown(), {
      description: 'As GET /notifiers/types describes; a secret that is left out stays as it was',
    }),
  },
  { additionalProperties: false },
)
export interface NotifierDraft {
  name: string
  type: NotifierType
  enabled?: boolean
  language?: string
  timeZone?: string
  severities?: Severity[]
  matchers?: Matcher[]
  sendResolved?: boolean
  groupBy?: string[]
  groupWait?: string
  groupInterval?: string
  repeatInterval?: string
  settings: { [name: string]: unknown }
}

export const NotifierSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  type: oneOf(NOTIFIER_TYPES),
  enabled: Type.Boolean(),
  language: Type.String(),
  timeZone: Type.String(),
  severities: Type.Array(SeveritySchema),
  matchers: Type.Array(MatcherSchema),
  sendResolved: Type.Boolean(),
  groupBy: Type.Array(Type.String()),
  groupWait: Type.String(),
  groupInterval: Type.String(),
  repeatInterval: Type.String(),
  settings: Type.Unsafe<{ [name: string]: unknown }>({
    type: 'object',
    additionalProperties: true,
    description: 'Without the secrets',
  }),
  secrets: Type.Record(Type.String(), Type.Boolean(), { description: 'Which secrets are set. They are never shown' }),
  destination: Type.String({ description: 'Where notices go, without what is secret of it' }),
  queued: Type.Integer({ description: 'Notices that wait for delivery' }),
  failed: Type.Integer({ description: 'Notices that were given up' }),
  lastDelivery: nullable(Type.Object({ at: time(), ok: Type.Boolean(), error: nullable(Type.String()) })),
})
export type NotifierJson = Static<typeof NotifierSchema>

export const NotifierTypesSchema = Type.Object({
  types: Type.Array(
    Type.Object({
      type: oneOf(NOTIFIER_TYPES),
      label: Type.String(),
      settings: Type.Array(
        Type.Object({
          name: Type.String(),
          label: Type.String(),
          kind: oneOf(['url', 'text', 'secret', 'number', 'boolean', 'list', 'headers'] as const),
          required: Type.Boolean(),
          secret: Type.Boolean(),
          help: Type.String(),
        }),
      ),
    }),
  ),
})

export const DELIVERY_STATES = ['queued', 'sending', 'sent', 'failed', 'cancelled'] as const
export const DeliverySchema = Type.Object({
  id: Type.String({ description: "The notice's id, the same on every attempt: receivers can tell repeats by it" }),
  notifier: Type.String(),
  notifierName: Type.String(),
  reason: oneOf(['change', 'repeat', 'acknowledged', 'test'] as const),
  state: oneOf(DELIVERY_STATES),
  alerts: Type.Array(Type.Object({ episode: Type.String(), name: Type.String(), phase: Type.String() })),
  createdAt: time(),
  dueAt: timeOrNull('The next attempt'),
  sentAt: timeOrNull(),
  attempts: Type.Array(
    Type.Object({
      at: time(),
      ok: Type.Boolean(),
      status: nullable(Type.Integer()),
      error: nullable(Type.String()),
      milliseconds: Type.Number(),
    }),
  ),
})
export type DeliveryJson = Static<typeof DeliverySchema>

const HistoryEpisodeSchema = Type.Object({
  labels: Type.Record(Type.String(), Type.String()),
  pendingAt: time(),
  firedAt: time(),
  resolvedAt: timeOrNull('Null: still firing at the end of the range'),
  reason: nullable(Type.String()),
  flapping: Type.Boolean(),
  value: nullable(Type.Number()),
  threshold: nullable(Type.Number()),
  expected: nullable(Type.Number()),
  observed: nullable(Type.Number()),
})

/** What a rule would have done over a range. */
export const BacktestSchema = Type.Object({
  from: time(),
  to: time(),
  episodes: Type.Array(HistoryEpisodeSchema),
  notices: Type.Integer({ description: 'Notices that a notifier with the usual grouping would have sent' }),
  noticesPerWeek: Type.Number(),
  firingMinutes: Type.Integer(),
  noDataMinutes: Type.Integer({ description: 'Minutes for which the logs cannot tell' }),
  unit: Type.String(),
  threshold: nullable(Type.Number()),
  problems: Type.Array(Type.String(), { description: 'What the logs lack, what was left out' }),
  seconds: Type.Number({ description: 'Time taken' }),
})
export type Backtest = Static<typeof BacktestSchema>

/** A rule's value against its threshold, for a chart. */
export const PreviewSchema = Type.Object({
  ...BacktestSchema.properties,
  step: Type.Integer({ description: 'ms between points; each point is the highest value of its step' }),
  series: Type.Array(
    Type.Object({
      labels: Type.Record(Type.String(), Type.String()),
      points: Type.Array(
        Type.Unsafe<[number, number | null]>({
          type: 'array',
          items: { type: ['number', 'null'] },
          description: '[epoch ms, value or null where nobody can tell]',
        }),
      ),
    }),
  ),
})
export type Preview = Static<typeof PreviewSchema>

export const WouldHaveFiredSchema = Type.Object({
  from: timeOrNull(),
  to: timeOrNull(),
  rules: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      enabled: Type.Boolean(),
      severity: SeveritySchema,
      episodes: Type.Array(HistoryEpisodeSchema),
      notices: Type.Integer(),
      error: nullable(Type.String()),
      summary: Type.String(),
    }),
  ),
})
export type WouldHaveFired = Static<typeof WouldHaveFiredSchema>
