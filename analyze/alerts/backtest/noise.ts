/** How many notices a rule would have sent: its episodes told through the usual grouping, along the clock of the logs. */
import type { Episode, StoredNotifier } from '../../../schema/store/alert-log.js'
import { HOUR, MINUTE } from '../../../schema/words/duration.js'
import { planNotices, type Plan } from '../notices/plan.js'

/** What a notifier does if nobody says otherwise; see also checkNotifier. */
export const USUAL_GROUPING = {
  groupBy: ['alertname'],
  groupWait: 0,
  groupInterval: 5 * MINUTE,
  repeatInterval: 4 * HOUR,
}

const NOTIFIER: StoredNotifier = {
  id: 'backtest',
  name: 'backtest',
  type: 'webhook',
  enabled: true,
  language: 'en',
  timeZone: 'UTC',
  severities: [],
  matchers: [],
  sendResolved: true,
  ...USUAL_GROUPING,
  settings: {},
  secrets: {},
}

/** `until`: end of the range, for those that keep firing and are repeated. */
export function countNotices(episodes: readonly Episode[], until: number): number {
  const times = [
    ...new Set(episodes.flatMap((e) => [e.firedAt, ...(e.resolvedAt === null ? [] : [e.resolvedAt])])),
  ].sort((a, b) => a - b)
  const byFiring = [...episodes].sort((a, b) => a.firedAt - b.firedAt)
  const queued = new Map<string, Episode['queued']>()
  let live: Episode[] = []
  let groups: Plan['groups'] = []
  let notices = 0
  let next = 0
  let upcoming = 0
  for (let at = times[0] ?? Infinity; at <= until;) {
    while (next < byFiring.length && byFiring[next].firedAt <= at) live.push(byFiring[next++])
    const seen = live.map((e): Episode => {
      const over = e.resolvedAt !== null && e.resolvedAt <= at
      return {
        ...e,
        queued: queued.get(e.id) ?? {},
        state: over ? 'resolved' : 'firing',
        resolvedAt: over ? e.resolvedAt : null,
        reason: over ? 'recovered' : null,
      }
    })
    const plan = planNotices({
      now: at,
      watermark: at,
      episodes: seen,
      notifiers: [NOTIFIER],
      groups,
      silences: [],
      maintenance: [],
      notifyOf: () => [],
    })
    notices += plan.notices.length
    const settled = new Set(plan.episodes.filter((e) => e.settled).map((e) => e.id))
    for (const e of plan.episodes) queued.set(e.id, e.queued)
    live = live.filter((e) => !settled.has(e.id))
    groups = mergeGroups(groups, plan)
    while (upcoming < times.length && times[upcoming] <= at) upcoming++
    at = Math.min(times[upcoming] ?? Infinity, plan.nextAt !== null && plan.nextAt > at ? plan.nextAt : Infinity)
  }
  return notices
}

function mergeGroups(before: Plan['groups'], plan: Plan): Plan['groups'] {
  const gone = new Set(plan.forgottenGroups.map((g) => g.key))
  const changed = new Set(plan.groups.map((g) => g.key))
  return [...before.filter((g) => !gone.has(g.key) && !changed.has(g.key)), ...plan.groups]
}
