/**
 * The shapes of alerting over HTTP: rules, alerts, silences, maintenance windows, notifiers, deliveries, backtests.
 * Durations are texts as Prometheus writes them (90s, 5m, 1h30m, 3d); times out are ISO 8601 except in points.
 */
import { DEFAULT_LANGUAGE, LANGUAGES } from '../words/languages.js'
import { Type, type Static, type TSchema, type TUnsafe } from 'typebox'
import { dimensions, duration, flag, labels, link, text, texts, usually, word, type Where } from './rule-fields.js'

export type { Where } from './rule-fields.js'

export const SEVERITIES = ['critical', 'warning', 'info'] as const
export type Severity = (typeof SEVERITIES)[number]

const oneOf = <const T extends readonly string[]>(words: T, description?: string) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...words], ...(description ? { description } : {}) })
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const time = (description?: string) => Type.String({ format: 'date-time', ...(description ? { description } : {}) })
const timeOrNull = (description?: string) =>
  Type.Union([Type.String({ format: 'date-time' }), Type.Null()], description ? { description } : {})
const durationText = (description: string) =>
  Type.String({ description: `${description}. A duration: 90s, 5m, 1h30m, 3d` })

const SeveritySchema = oneOf(SEVERITIES)

/** What a rule watches: `kind` says which fields follow (analyze/alerts/kinds lists them). */
export interface RuleExpr {
  kind: string
  where?: Where
  [field: string]: unknown
}

export interface BurnWindow {
  short: string
  long: string
  factor: number
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

/** What is wrong with a rule, and where. */
export const RuleProblemSchema = Type.Object({
  path: Type.String({ description: 'Which part, like expr.window' }),
  line: nullable(Type.Integer({ description: 'In a rules file, from 1' })),
  column: nullable(Type.Integer()),
  rule: nullable(Type.String({ description: 'Name of the rule, if it has one' })),
  code: Type.String({ description: 'What it is, for programs: the same in every language' }),
  reason: Type.String({ description: 'In the language that was asked for' }),
})
export type RuleProblem = Static<typeof RuleProblemSchema>

/** A rule that can be kept, but hardly is what was meant. */
export const RuleWarningSchema = Type.Object({
  code: Type.Enum(['ALWAYS_ERRORS', 'NEVER_ERRORS'] as const, {
    description: 'Among the requests that `where` chooses each is an error, or none can be',
  }),
  rule: Type.String({ description: 'Name of the rule' }),
  path: Type.String({ description: 'Which part, like expr.where.status' }),
  message: Type.String({ description: 'What comes of it and what to do, in the language that was asked for' }),
})
export type RuleWarning = Static<typeof RuleWarningSchema>

/** The schemas of rules; which kinds there are is said by the one who has them. */
export function ruleSchemas<E extends RuleExpr>(expr: TUnsafe<E>) {
  const draft = {
    name: text('Unique among the rules; the label alertname', 200),
    enabled: usually(flag('Off: it is not evaluated'), true),
    expr,
    by: usually(dimensions('One alert per value of these dimensions', 2), []),
    for: usually(duration('Broken for so long before the alert fires', { 'x-most': '7d' }), '0s'),
    keepFiringFor: usually(duration('Over for so long before the alert resolves', { 'x-most': '7d' }), '0s'),
    severity: usually(word(SEVERITIES, 'How bad it is'), 'warning'),
    labels: usually(labels('Go with every notice; silences and notifiers match them'), {}),
    note: usually(text('Goes with every notice', 4_000), ''),
    runbook: usually(link('A link that goes with every notice', 2_000), ''),
    notify: usually(texts('Ids of notifiers; none: all that take the severity'), []),
  }
  const rule = Type.Object({
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
  return {
    /** What people write: the body of POST and PUT. */
    draft: Type.Object(draft),
    rule,
    rules: Type.Object({
      rules: Type.Array(rule),
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
    }),
  }
}
type RuleSchemas = ReturnType<typeof ruleSchemas<RuleExpr>>
export type RuleDraft = Static<RuleSchemas['draft']>
export type RuleJson = Static<RuleSchemas['rule']>
export type RulesJson = Static<RuleSchemas['rules']>

export const EpisodeSchema = Type.Object({
  id: Type.String(),
  rule: Type.String(),
  name: Type.String({ description: 'Name of the rule' }),
  kind: Type.String({ description: 'Kind of the rule: /rules/kinds lists them' }),
  severity: SeveritySchema,
  urgency: Type.Optional(
    nullable(
      oneOf(
        ['page', 'ticket', 'note'] as const,
        'Of a surge, from who suffers, how much and how long. A ticket is told as a warning at most, a note as info; null: not judged',
      ),
    ),
  ),
  labels: Type.Record(Type.String(), Type.String()),
  state: oneOf(['firing', 'resolved'] as const),
  pendingAt: time('Event time at which the rule began to be broken'),
  firedAt: time('Event time'),
  resolvedAt: timeOrNull('Event time'),
  reason: nullable(
    oneOf(['recovered', 'no-data', 'withdrawn', 'rule-changed', 'rule-off', 'rule-deleted'] as const, 'Why it is over'),
  ),
  value: nullable(Type.Number({ description: 'The highest value' })),
  unit: oneOf(['requests', 'share', 'burn', 'score', 'minutes', 'ms'] as const),
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
  notified: Type.Array(Type.Object({ notifier: Type.String(), phase: Type.String(), at: time() }), {
    description: 'Who was told: whose receiver took it, with what it took last and when',
  }),
  failing: Type.Array(
    Type.Object({
      notifier: Type.String(),
      id: Type.String({ description: 'Of the notifier' }),
      phase: Type.String({ description: 'What it was to be told' }),
      since: time(),
      attempts: Type.Integer({ description: 'That failed' }),
      error: nullable(Type.String({ description: 'Why the last one failed' })),
      nextAttemptAt: timeOrNull('Null: given up'),
    }),
    { description: 'Who was not told although it was tried' },
  ),
  urgencyReason: Type.Optional(nullable(Type.String({ description: 'Who suffers, how much and how long' }))),
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
    duration: durationText('How long, at most 7d'),
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

/** What people send of a notifier: of every channel the same, but for its settings. */
export const NotifierDraftSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    type: Type.String({ description: 'A channel: GET /notifiers/types lists them' }),
    enabled: Type.Optional(Type.Boolean()),
    language: Type.Optional(Type.String({ description: `${LANGUAGES.join(', ')}. Default: ${DEFAULT_LANGUAGE}` })),
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
    groupWait: Type.Optional(durationText('How long a first notice waits for more alerts of its group. Default: 0s')),
    groupInterval: Type.Optional(durationText('How long after a notice the next of its group goes out. Default: 5m')),
    repeatInterval: Type.Optional(durationText('How often an alert that keeps firing is told again. Default: 4h')),
    settings: Type.Record(Type.String(), Type.Unknown(), {
      description: 'As GET /notifiers/types describes; a secret that is left out stays as it was',
    }),
  },
  { additionalProperties: false },
)
export type NotifierDraft = Static<typeof NotifierDraftSchema>

export const NotifierSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  type: Type.String(),
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
  secrets: Type.Record(Type.String(), nullable(Type.String()), {
    description:
      'Which secrets are set, null for none. Never the secret: of an address its host and last characters, of headers their names',
  }),
  dropped: Type.Optional(
    Type.Array(Type.String(), {
      description: 'After a change: secrets that were kept for another place and are gone now. Give them again',
    }),
  ),
  unreadable: nullable(
    Type.String({ description: 'Why its secrets can not be read, and what to do; nothing can be delivered then' }),
  ),
  destination: Type.String({ description: 'Where notices go, without what is secret of it' }),
  queued: Type.Integer({ description: 'Notices that wait for delivery' }),
  failed: Type.Integer({ description: 'Notices that were given up' }),
  lastDelivery: nullable(Type.Object({ at: time(), ok: Type.Boolean(), error: nullable(Type.String()) })),
  failing: nullable(
    Type.Object(
      {
        since: time(),
        notices: Type.Integer({ description: 'That it did not take' }),
        error: nullable(Type.String({ description: 'Why the last attempt failed' })),
      },
      {
        description:
          'Its receiver does not take what it is sent; null: it does, or nothing was sent since it was changed',
      },
    ),
  ),
})
export type NotifierJson = Static<typeof NotifierSchema>

/** What a setting of a channel takes. */
export const SETTING_KINDS = ['url', 'text', 'number', 'boolean', 'list', 'headers'] as const
export type SettingKind = (typeof SETTING_KINDS)[number]

export const NotifierTypesSchema = Type.Object({
  types: Type.Array(
    Type.Object({
      type: Type.String(),
      label: Type.String({ description: 'A proper name' }),
      about: Type.String({ description: 'What it is, in a few words' }),
      settings: Type.Array(
        Type.Object({
          name: Type.String(),
          label: Type.String(),
          help: Type.String(),
          kind: oneOf(SETTING_KINDS),
          required: Type.Boolean(),
          secret: Type.Boolean({ description: 'Never shown again; left out, it stays as it was' }),
          destination: Type.Boolean({
            description: 'Where notices go. Secrets that were kept for another place do not go along',
          }),
        }),
      ),
    }),
  ),
})
export type NotifierTypesJson = Static<typeof NotifierTypesSchema>

/** For the head of every page: whether those who should be told can be told. */
export const FailingSchema = Type.Object(
  {
    notifiers: Type.Integer({ description: 'Notifiers whose receivers do not take what they are sent' }),
    notices: Type.Integer({ description: 'Notices that they did not take' }),
  },
  { description: 'Deliveries that fail now' },
)

export const DELIVERY_STATES = ['queued', 'sending', 'sent', 'failed', 'cancelled'] as const
export const DeliverySchema = Type.Object({
  id: Type.String({ description: "The notice's id, the same on every attempt: receivers can tell repeats by it" }),
  notifier: Type.String(),
  notifierName: Type.String(),
  reason: oneOf(['change', 'repeat', 'acknowledged', 'test'] as const),
  state: oneOf(DELIVERY_STATES),
  alerts: Type.Array(
    Type.Object({
      episode: Type.String(),
      rule: Type.String(),
      name: Type.String(),
      labels: Type.Record(Type.String(), Type.String()),
      phase: Type.String(),
    }),
  ),
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
  warnings: Type.Array(RuleWarningSchema, { description: 'What the rule can hardly be meant to do' }),
  quiet: nullable(
    Type.Object(
      {
        reason: Type.Enum(['no-data', 'threshold', 'minimum', 'duration', 'usual'] as const, {
          description:
            'No data; never above the threshold; above it only with fewer requests than the minimum; not for as long as asked; nothing unusual',
        }),
        highest: nullable(Type.Number({ description: 'The highest value, in `unit`' })),
        requests: nullable(
          Type.Integer({ description: 'Of `minimum`: the most requests there were above the threshold' }),
        ),
        minimum: nullable(Type.Number({ description: 'Of `minimum`: how many it would have taken' })),
      },
      { description: 'Why it would not have fired; null if it would have' },
    ),
  ),
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
