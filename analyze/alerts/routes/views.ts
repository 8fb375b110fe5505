/** What is stored, as the API shows it. */
import { iso, isoOrNull } from '../../../schema/words/iso.js'
import type { DeliveryJson, EpisodeJson, NotifierJson, RuleJson, RuleState } from '../../../schema/api/alerts.js'
import {
  observedOf,
  type AlertLog,
  type AlertSnapshot,
  type Delivery,
  type Episode,
  type RuleMemory,
  type StoredNotifier,
  type StoredRule,
  type Telling,
} from '../../../schema/store/alert-log.js'
import { findChannel } from '../../notifiers/index.js'
import { shownSecrets } from '../../notifiers/shown.js'
import { findKind } from '../kinds/index.js'
import { inWords, type LeftOut } from '../rules/left-out.js'
import { DEFAULT_LANGUAGE, type Language } from '../../../schema/words/languages.js'
import { rowOf } from '../rules/mistakes/in-words.js'
import { checkRule } from '../rules/check.js'
import { formatDuration } from '../../../schema/words/duration.js'

export function ruleView(
  stored: StoredRule,
  snapshot: AlertSnapshot,
  watermark: number | null,
  leftOut: readonly LeftOut[],
  language: Language = DEFAULT_LANGUAGE,
): RuleJson {
  const memory = snapshot.memories.find((m) => m.rule === stored.id) ?? null
  const checked = checkRule(stored.draft, stored.id)
  const enabled = stored.draft.enabled !== false
  const broken = checked.rule ? null : { code: 'BAD_RULE', message: rowOf(checked.problems, language) }
  const error = broken ?? (enabled ? (memory?.error ?? null) : null)
  const firing = snapshot.episodes.filter((e) => e.rule === stored.id && e.state === 'firing')
  return {
    ...(checked.draft ?? stored.draft),
    id: stored.id,
    origin: stored.origin,
    enabled,
    state: error ? 'cannot-be-evaluated' : stateOf(enabled, memory, watermark),
    error,
    problems: inWords(leftOut, language),
    noDataSince: isoOrNull(memory?.noDataSince ?? null),
    evaluatedTo: memory && memory.evaluatedTo > 0 ? iso(memory.evaluatedTo) : null,
    evaluatedAt: isoOrNull(memory?.evaluatedAt ?? null),
    instances: enabled && memory ? instancesOf(memory, firing) : [],
    createdAt: iso(stored.createdAt),
    updatedAt: iso(stored.updatedAt),
  }
}

function stateOf(enabled: boolean, memory: RuleMemory | null, watermark: number | null): RuleState {
  if (!enabled) return 'off'
  if (!memory || watermark === null) return 'waiting'
  const phases = Object.values(memory.now).map((one) => one.phase)
  if (phases.includes('firing')) return 'firing'
  if (memory.noDataSince !== null) return 'no-data'
  return phases.includes('pending') ? 'pending' : 'inactive'
}

function instancesOf(memory: RuleMemory, firing: readonly Episode[]): RuleJson['instances'] {
  return Object.entries(memory.now).flatMap(([key, one]) =>
    one.phase === 'inactive'
      ? []
      : [
          {
            labels: firing.find((e) => e.key === key)?.labels ?? groupLabels(memory, key),
            state: one.phase,
            since: iso(one.pendingAt),
            value: one.value,
            noData: one.unknownSince !== null,
            flapping: one.flapping,
          },
        ],
  )
}

function groupLabels(memory: RuleMemory, key: string): { [name: string]: string } {
  const [condition, by] = JSON.parse(memory.condition) as [{ kind: string }, string[]]
  const names = findKind(condition.kind)?.ownGroups?.labels ?? by
  return Object.fromEntries(
    (JSON.parse(key) as string[]).flatMap((value, i) => (value === '' ? [] : [[names[i] ?? String(i), value]])),
  )
}

/** `tellings`: of this episode or of several. */
export function episodeView(
  e: Episode,
  notifiers: readonly StoredNotifier[],
  tellings: readonly Telling[],
): EpisodeJson {
  return {
    id: e.id,
    rule: e.rule,
    name: e.name,
    kind: e.kind,
    severity: e.severity,
    urgency: e.urgency ?? null,
    labels: e.labels,
    state: e.state,
    pendingAt: iso(e.pendingAt),
    firedAt: iso(e.firedAt),
    resolvedAt: isoOrNull(e.resolvedAt),
    reason: e.reason,
    value: e.finding.value,
    unit: e.finding.unit,
    threshold: e.finding.threshold,
    expected: e.finding.expected,
    observed: observedOf(e.finding),
    flapping: e.flapping,
    noData: e.noData,
    muted: e.muted,
    history: false,
    acknowledged: e.acknowledged && { ...e.acknowledged, at: iso(e.acknowledged.at) },
    ...toldWhom(
      tellings.filter((t) => t.episode === e.id),
      notifiers,
    ),
  }
}

/** Told is who took it; of the others what they did not take since they last took something of this alert. */
function toldWhom(
  own: readonly Telling[],
  notifiers: readonly StoredNotifier[],
): Pick<EpisodeJson, 'notified' | 'failing'> {
  const nameOf = (id: string) => notifiers.find((n) => n.id === id)?.name ?? id
  const last = new Map<string, Telling>()
  const failing = new Map<string, Telling[]>()
  for (const telling of own) {
    const { notifier, sentAt, state, failures } = telling
    if (sentAt !== null) {
      last.set(notifier, telling)
      failing.delete(notifier)
    } else if (failures > 0 && state !== 'cancelled') {
      failing.set(notifier, [...(failing.get(notifier) ?? []), telling])
    }
  }
  return {
    notified: [...last.values()].map(({ notifier, phase, sentAt }) => ({
      notifier: nameOf(notifier),
      phase,
      at: iso(sentAt ?? 0),
    })),
    failing: [...failing].map(([notifier, missed]) => {
      const now = missed[missed.length - 1]
      return {
        notifier: nameOf(notifier),
        id: notifier,
        phase: now.phase,
        since: iso(missed[0].queuedAt),
        attempts: missed.reduce((sum, { failures }) => sum + failures, 0),
        error: now.error,
        nextAttemptAt: isoOrNull(now.dueAt),
      }
    }),
  }
}

type Counts = Awaited<ReturnType<AlertLog['counts']>>[string]

/** How many notifiers do not take what they are sent, and how many notices: for the head of every page. */
export function failingOf(notifiers: readonly StoredNotifier[], counts: Awaited<ReturnType<AlertLog['counts']>>) {
  const failing = notifiers.flatMap((n) => (n.enabled ? (counts[n.id]?.failing ?? []) : []))
  return { notifiers: failing.length, notices: failing.reduce((sum, { notices }) => sum + notices, 0) }
}

export function notifierView(n: StoredNotifier, counts: Counts | undefined): NotifierJson {
  const channel = findChannel(n.type)
  return {
    id: n.id,
    name: n.name,
    type: n.type,
    enabled: n.enabled,
    language: n.language,
    timeZone: n.timeZone,
    severities: n.severities,
    matchers: n.matchers,
    sendResolved: n.sendResolved,
    groupBy: n.groupBy,
    groupWait: formatDuration(n.groupWait),
    groupInterval: formatDuration(n.groupInterval),
    repeatInterval: formatDuration(n.repeatInterval),
    settings: n.settings,
    secrets: channel ? shownSecrets(channel.settings, n) : {},
    unreadable: n.unreadable ?? null,
    destination: n.unreadable ? '' : (channel?.destination(n) ?? ''),
    queued: counts?.queued ?? 0,
    failed: counts?.failed ?? 0,
    lastDelivery: counts?.last ? { ...counts.last, at: iso(counts.last.at) } : null,
    failing: n.enabled && counts?.failing ? { ...counts.failing, since: iso(counts.failing.since) } : null,
  }
}

export function deliveryView(
  { notice, state, dueAt, attempts, sentAt }: Delivery,
  notifiers: readonly StoredNotifier[],
): DeliveryJson {
  return {
    id: notice.id,
    notifier: notice.notifier,
    notifierName: notifiers.find((n) => n.id === notice.notifier)?.name ?? notice.notifier,
    reason: notice.reason,
    state,
    alerts: notice.alerts.map(({ episode, rule, name, labels, phase }) => ({ episode, rule, name, labels, phase })),
    createdAt: iso(notice.createdAt),
    dueAt: state === 'queued' ? iso(dueAt) : null,
    sentAt: isoOrNull(sentAt),
    attempts: attempts.map((attempt) => ({ ...attempt, at: iso(attempt.at) })),
  }
}
