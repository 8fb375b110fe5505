/** Rules, alerts, silences and notifiers of this service: asked for when something happened, and every minute. */
import { useEffect, useMemo } from 'preact/hooks'
import type {
  Backtest,
  DeliveryJson,
  EpisodeJson,
  MaintenanceSchema,
  NotifierJson,
  NotifierTypesJson,
  Preview,
  SilenceSchema,
} from '../../../schema/api/alerts.js'
import type { Static } from 'typebox'
import type { Lang } from '../../languages/index.js'
import { nameIn } from '../../../schema/words/starters.js'
import { useWords } from '../parts/words.js'
import { ask, ProblemError, useAnswer, type Answer, type Problem } from './api.js'
import { now } from './clock.js'
import { noticed } from './live.js'
import type { RuleDraft, RuleJson, RulesAnswer } from './rules.js'
import { createStore, useStore } from './store.js'

export interface AlertsAnswer {
  alerts: EpisodeJson[]
  next: string | null
}
export type Silence = Static<typeof SilenceSchema>
export type Maintenance = Static<typeof MaintenanceSchema>
export type ChannelType = NotifierTypesJson['types'][number]
export type ChannelField = ChannelType['settings'][number]
export interface DeliveriesAnswer {
  deliveries: DeliveryJson[]
  next: number | null
}
export interface TestOutcome {
  id: string
  ok: boolean
  status: number | null
  error: string | null
}

/** This service has no alerting: everything of it hides. */
export const alertsAbsent = createStore(false)
/** counts up with every change made on this page */
const acted = createStore(0)

/** Turns when the answer may be another one. */
function useTurn(): number {
  return useStore(now) / 60_000 + useStore(noticed) + useStore(acted)
}

export function useAlerting<T>(path: string | null, subject: string): Answer<T> {
  const absent = useStore(alertsAbsent)
  const answer = useAnswer<T>(absent ? null : path, { turn: useTurn(), subject })
  useEffect(() => {
    if (answer.problem?.kind === 'absent') alertsAbsent.set(true)
  }, [answer.problem])
  return answer
}

/** As many as one can look at; who has more than these firing has one problem, not a thousand. */
const mostFiring = 200

/** The same answer, in which rules are called what its reader calls them. */
function useNamed<T>(answer: Answer<T>, named: (data: T, lang: Lang) => T): Answer<T> {
  const { lang } = useWords().f
  return useMemo(() => ({ ...answer, data: answer.data && named(answer.data, lang) }), [answer, lang])
}

const namedAlert = <A extends { name: string }>(alert: A, lang: Lang): A => ({
  ...alert,
  name: nameIn(alert.name, lang),
})
const namedAlerts = (answer: AlertsAnswer, lang: Lang): AlertsAnswer => ({
  ...answer,
  alerts: answer.alerts.map((alert) => namedAlert(alert, lang)),
})
const namedDeliveries = (answer: DeliveriesAnswer, lang: Lang): DeliveriesAnswer => ({
  ...answer,
  deliveries: answer.deliveries.map((one) => ({ ...one, alerts: one.alerts.map((alert) => namedAlert(alert, lang)) })),
})
const namedRules = (answer: RulesAnswer, lang: Lang): RulesAnswer => ({
  ...answer,
  rules: answer.rules.map((rule) =>
    rule.origin === 'starter' ? { ...rule, name: nameIn(rule.name, lang), storedName: rule.name } : rule,
  ),
})

export function useRules(): Answer<RulesAnswer> {
  const { lang } = useWords().f
  return useNamed(useAlerting<RulesAnswer>(`rules?lang=${lang}`, `rules ${lang}`), namedRules)
}

/** What fires now; null: not known yet. The header asks, everybody else looks here. */
export const firing = createStore<readonly EpisodeJson[] | null>(null)

/** Why that is not known. */
export const firingProblem = createStore<Problem | null>(null)

export function useWatchFiring(): readonly EpisodeJson[] {
  const { data, problem } = useNamed(
    useAlerting<AlertsAnswer>(`alerts?state=firing&limit=${mostFiring}`, 'firing'),
    namedAlerts,
  )
  useEffect(() => {
    if (data) firing.set(data.alerts)
    firingProblem.set(problem)
  }, [data, problem])
  return data?.alerts ?? []
}

export const useHistory = (limit: number): Answer<AlertsAnswer> =>
  useNamed(useAlerting<AlertsAnswer>(`alerts?state=resolved&limit=${limit}`, 'history'), namedAlerts)
export const useAlert = (id: string, lang: string): Answer<EpisodeJson> =>
  useNamed(useAlerting<EpisodeJson>(`alerts/${encodeURIComponent(id)}?lang=${lang}`, `${id} ${lang}`), namedAlert)
export const useSilences = (): Answer<{ silences: Silence[] }> => useAlerting('silences', 'silences')
export const useMaintenance = (): Answer<{ maintenance: Maintenance[] }> => useAlerting('maintenance', 'maintenance')
export const useNotifiers = (): Answer<{ notifiers: NotifierJson[] }> => useAlerting('notifiers', 'notifiers')
/** The channels there are, what each needs, and what that is called. */
export const useChannels = (lang: string): Answer<{ types: ChannelType[] }> =>
  useAlerting(`notifiers/types?lang=${lang}`, `channels ${lang}`)
export function useDeliveries(state: string, notifier: string | null, limit: number): Answer<DeliveriesAnswer> {
  const params = new URLSearchParams({
    limit: String(limit),
    ...(state ? { state } : {}),
    ...(notifier ? { notifier } : {}),
  })
  const answer = useAlerting<DeliveriesAnswer>(
    `notifiers/deliveries?${params}`,
    `deliveries ${state} ${notifier ?? ''}`,
  )
  return useNamed(answer, namedDeliveries)
}

/** As many as tell of every notifier whether what it sent last was taken. */
const recent = 100

export const useRecentDeliveries = (): Answer<DeliveriesAnswer> =>
  useAlerting(`notifiers/deliveries?limit=${recent}`, 'recent deliveries')

/** Alerts that fired, or still did, within a range. */
export const useAlertsOf = (range: { from: number; to: number } | null): Answer<AlertsAnswer> =>
  useAlerting(
    range && `alerts?from=${new Date(range.from).toISOString()}&to=${new Date(range.to).toISOString()}&limit=500`,
    'alerts of the range',
  )

function request<T>(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const json =
    body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'accept': 'application/json', 'content-type': 'application/json' } }
  return ask<T>(path, { method, ...json, ...(signal ? { signal } : {}) })
}

/** Asks something that a body must carry; nothing is changed by it. */
export const askWith = <T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> =>
  request<T>('POST', path, body, signal)

/** Changes something, then everything on screen is asked again. */
export async function act<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T> {
  try {
    return await request<T>(method, path, body)
  } finally {
    acted.set(acted.get() + 1)
  }
}

export function problemOf(error: unknown): Problem {
  return error instanceof ProblemError ? error.problem : { kind: 'failed', status: 0, code: '', message: String(error) }
}

export const pathOfRule = (id: string): string => `rules/${encodeURIComponent(id)}`
/** Keeps a rule, the one of this id or a new one; what is wrong with it is said in that language. */
export const storeRule = (id: string | null, draft: RuleDraft, lang: Lang): Promise<RuleJson> =>
  id === null
    ? act<RuleJson>('POST', `rules?lang=${lang}`, draft)
    : act<RuleJson>('PUT', `${pathOfRule(id)}?lang=${lang}`, draft)
export const pathOfNotifier = (id: string): string => `notifiers/${encodeURIComponent(id)}`

/** Only what a person writes of a rule: the service refuses the rest. */
export function draftOf(rule: RuleDraft & { storedName?: string }): RuleDraft {
  const { enabled, expr, by, for: lasting, keepFiringFor, severity, labels, note, runbook, notify } = rule
  return {
    name: rule.storedName ?? rule.name,
    enabled,
    expr,
    by,
    for: lasting,
    keepFiringFor,
    severity,
    labels,
    note,
    runbook,
    notify,
  }
}

/** Suggested after the first logs, and nobody has said anything to it yet. */
export function isSuggested(rule: RuleJson): boolean {
  return rule.origin === 'starter' && !rule.enabled && Date.parse(rule.updatedAt) <= Date.parse(rule.createdAt)
}

export interface TimeRange {
  from: number
  to: number
}
const inBody = ({ from, to }: TimeRange) => ({ from: new Date(from).toISOString(), to: new Date(to).toISOString() })

export const askPreview = (rule: RuleDraft, range: TimeRange, lang: Lang, signal?: AbortSignal): Promise<Preview> =>
  askWith(`rules/preview?lang=${lang}`, { rule: draftOf(rule), ...inBody(range) }, signal)
/** `range` null: everything there is. */
export const askBacktest = (ruleId: string, range: TimeRange | null, lang: Lang): Promise<Backtest> =>
  askWith(`backtest?lang=${lang}`, { ruleId, ...(range ? inBody(range) : {}) })
