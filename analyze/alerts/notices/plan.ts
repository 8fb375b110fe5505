/**
 * Who is to be told what, now? Looks at what is firing and at what was queued for each notifier last, not at what just
 * happened: so nothing is lost when the process dies in between, and nothing is said twice. Pure.
 */
import { createHash } from 'node:crypto'
import type { Episode, Labels, NoticeGroup, NoticePhase, StoredNotifier } from '../../../schema/store/alert-log.js'
import { HOUR } from '../../../schema/words/duration.js'
import { own } from '../../../schema/words/own.js'
import { matches } from './matchers.js'
import { mutedBy, type Quiet } from './mute.js'

/** What happened longer ago is history: it is kept, but nobody is woken for it. */
export const TELL_WITHIN_MS = 6 * HOUR

export interface PlanInput extends Quiet {
  /** wall time */
  now: number
  /** event time up to which the episodes are known */
  watermark: number
  /** those that are not settled */
  episodes: readonly Episode[]
  notifiers: readonly StoredNotifier[]
  groups: readonly NoticeGroup[]
  /** ids of the notifiers that a rule names; empty or unknown: all */
  notifyOf(rule: string): readonly string[]
}

export interface Line {
  episode: Episode
  phase: NoticePhase
  changed: boolean
}

export interface PlannedNotice {
  id: string
  notifier: StoredNotifier
  group: string
  groupLabels: Labels
  reason: 'change' | 'repeat' | 'acknowledged'
  lines: Line[]
}

export interface Plan {
  notices: PlannedNotice[]
  /** with what was queued, muted and settled brought up to date; all that came in */
  episodes: Episode[]
  groups: NoticeGroup[]
  forgottenGroups: { notifier: string; key: string }[]
  /** wall time at which to plan again, if nothing else happens; null: no need */
  nextAt: number | null
}

/** What one notifier still has to hear of one episode. */
type Need = { kind: 'change'; phase: NoticePhase } | { kind: 'acknowledged' | 'known' | 'muted' | 'nothing' }

export function planNotices(input: PlanInput): Plan {
  const episodes = input.episodes.map((e) => ({ ...e, queued: { ...e.queued }, muted: muteOf(e, input) }))
  const plan: Plan = { notices: [], episodes, groups: [], forgottenGroups: [], nextAt: null }
  const waits = new Set<string>()
  for (const notifier of input.notifiers) {
    if (!notifier.enabled) {
      // it may be switched on again: what it was told must be put right then
      for (const e of episodes) {
        if (e.queued[notifier.id]?.phase === 'firing' && isRecent(e.resolvedAt, input.now)) waits.add(e.id)
      }
      continue
    }
    for (const [key, members] of groupsOf(notifier, episodes, input)) {
      planGroup(notifier, key, members, input, plan, waits)
    }
  }
  forgetGroups(input, plan)
  for (const e of episodes) e.settled = e.state === 'resolved' && !waits.has(e.id)
  return plan
}

function groupsOf(notifier: StoredNotifier, episodes: readonly Episode[], input: PlanInput): Map<string, Episode[]> {
  const groups = new Map<string, Episode[]>()
  for (const e of episodes) {
    if (!isFor(notifier, e, input.notifyOf(e.rule))) continue
    const key = JSON.stringify(groupLabels(notifier, e))
    groups.set(key, [...(groups.get(key) ?? []), e])
  }
  return groups
}

/** Who was told of the beginning is told of the end, whatever was changed in between. */
function isFor(notifier: StoredNotifier, e: Episode, named: readonly string[]): boolean {
  if (e.queued[notifier.id]) return true
  if (named.length > 0) return named.includes(notifier.id)
  return (
    (notifier.severities.length === 0 || notifier.severities.includes(e.severity)) &&
    matches(notifier.matchers, e.labels)
  )
}

function groupLabels(notifier: StoredNotifier, e: Episode): Labels {
  return Object.fromEntries(notifier.groupBy.map((name) => [name, own(e.labels, name) ?? '']))
}

function planGroup(
  notifier: StoredNotifier,
  key: string,
  members: readonly Episode[],
  input: PlanInput,
  plan: Plan,
  waits: Set<string>,
): void {
  const { now } = input
  const known = notAhead(
    input.groups.find((g) => g.notifier === notifier.id && g.key === key),
    now,
  )
  const needs = members.map((episode) => ({ episode, need: needOf(notifier, episode, input) }))
  const changes = needs.filter(({ need }) => need.kind === 'change')
  const acknowledged = needs.filter(({ need }) => need.kind === 'acknowledged')
  const repeatAt = known?.lastNoticeAt == null ? null : known.lastNoticeAt + notifier.repeatInterval
  const still = needs.filter(({ episode, need }) => need.kind === 'known' && episode.acknowledged === null)

  const changeAt =
    changes.length === 0
      ? null
      : known?.lastNoticeAt == null
        ? (known?.waitingSince ?? now) + notifier.groupWait
        : known.lastNoticeAt + notifier.groupInterval
  const send = (reason: PlannedNotice['reason'], lines: Line[]) => {
    plan.notices.push({
      id: noticeId(notifier, key, now, lines),
      notifier,
      group: key,
      groupLabels: JSON.parse(key) as Labels,
      reason,
      lines,
    })
    for (const { episode, phase, changed } of lines) if (changed) noteQueued(notifier, episode, phase, now)
  }
  const stillLines = (): Line[] => still.map(({ episode }) => ({ episode, phase: 'firing', changed: false }))

  if (changeAt !== null && changeAt <= now) {
    send('change', [...changes.map(({ episode, need }) => changeLine(episode, need)), ...stillLines()])
    plan.groups.push({ notifier: notifier.id, key, waitingSince: null, lastNoticeAt: now })
    if (members.some((e) => e.state === 'firing')) planAgain(plan, now + notifier.repeatInterval)
  } else if (changeAt !== null) {
    for (const { episode } of changes) waits.add(episode.id)
    plan.groups.push({
      notifier: notifier.id,
      key,
      waitingSince: known?.waitingSince ?? now,
      lastNoticeAt: known?.lastNoticeAt ?? null,
    })
    planAgain(plan, changeAt)
  } else if (still.length > 0 && repeatAt !== null && repeatAt <= now) {
    send('repeat', stillLines())
    plan.groups.push({ notifier: notifier.id, key, waitingSince: null, lastNoticeAt: now })
    planAgain(plan, now + notifier.repeatInterval)
  } else if (still.length > 0 && repeatAt !== null) planAgain(plan, repeatAt)

  if (acknowledged.length > 0) {
    send(
      'acknowledged',
      acknowledged.map(({ episode }) => ({ episode, phase: 'acknowledged', changed: true })),
    )
  }
}

function needOf(notifier: StoredNotifier, e: Episode, input: PlanInput): Need {
  const told = e.queued[notifier.id]
  if (e.state === 'firing') {
    if (told?.phase === 'firing') {
      if (e.acknowledged && !told.acknowledged) return { kind: 'acknowledged' }
      return e.muted ? { kind: 'muted' } : { kind: 'known' }
    }
    if (e.muted || e.acknowledged) return { kind: 'muted' }
    return input.now - input.watermark > TELL_WITHIN_MS ? { kind: 'nothing' } : { kind: 'change', phase: 'firing' }
  }
  if (told?.phase === 'resolved') return { kind: 'nothing' }
  // an end is told through silences too: whoever opened an incident should be able to close it
  if (told?.phase === 'firing') {
    return notifier.sendResolved ? { kind: 'change', phase: 'resolved' } : { kind: 'nothing' }
  }
  if (e.muted || !isRecent(e.resolvedAt, input.now) || e.reason !== 'recovered') return { kind: 'nothing' }
  return { kind: 'change', phase: 'passed' }
}

/** After the clock was set back nothing may wait for a time that was once now. */
function notAhead(group: NoticeGroup | undefined, now: number): NoticeGroup | undefined {
  const least = (time: number | null) => (time === null ? null : Math.min(time, now))
  return group && { ...group, waitingSince: least(group.waitingSince), lastNoticeAt: least(group.lastNoticeAt) }
}

function changeLine(episode: Episode, need: Need): Line {
  return { episode, phase: need.kind === 'change' ? need.phase : 'firing', changed: true }
}

function isRecent(resolvedAt: number | null, now: number): boolean {
  return resolvedAt !== null && now - resolvedAt <= TELL_WITHIN_MS
}

/** An episode that is over counts as muted if it was when it ended. */
function muteOf(e: Episode, input: PlanInput): string | null {
  return mutedBy(e.labels, input.now, e.state === 'firing' ? input.watermark : (e.resolvedAt ?? e.firedAt) - 1, input)
}

function noteQueued(notifier: StoredNotifier, e: Episode, phase: NoticePhase, now: number): void {
  const before = e.queued[notifier.id]
  e.queued[notifier.id] = {
    phase: phase === 'resolved' || phase === 'passed' ? 'resolved' : 'firing',
    at: now,
    acknowledged: phase === 'acknowledged' || (phase === 'firing' ? false : (before?.acknowledged ?? false)),
    times: (before?.times ?? 0) + 1,
  }
}

/** Groups in which nothing fires any more begin anew, without waiting for their interval. */
function forgetGroups(input: PlanInput, plan: Plan): void {
  const nameOf = (notifier: string, key: string) => `${notifier} ${key}`
  const firing = new Set(
    plan.episodes
      .filter((e) => e.state === 'firing')
      .flatMap((e) =>
        input.notifiers
          .filter((n) => isFor(n, e, input.notifyOf(e.rule)))
          .map((n) => nameOf(n.id, JSON.stringify(groupLabels(n, e)))),
      ),
  )
  // what was planned just now counts, not what was known before
  const groups = new Map([...input.groups, ...plan.groups].map((g) => [nameOf(g.notifier, g.key), g]))
  for (const [name, { notifier, key, waitingSince, lastNoticeAt }] of groups) {
    const isPlanned = plan.groups.some((g) => g.notifier === notifier && g.key === key)
    if (firing.has(name) || (isPlanned && waitingSince !== null)) continue
    const interval = input.notifiers.find((n) => n.id === notifier)?.groupInterval ?? 0
    if (lastNoticeAt !== null && input.now - lastNoticeAt < interval) {
      // fires again at once? Then the interval still holds, or a flapping alert would be told at every turn
      planAgain(plan, lastNoticeAt + interval)
      continue
    }
    plan.groups = plan.groups.filter((g) => !(g.notifier === notifier && g.key === key))
    plan.forgottenGroups.push({ notifier, key })
  }
}

function planAgain(plan: Plan, at: number): void {
  plan.nextAt = Math.min(plan.nextAt ?? Infinity, at)
}

/** The same on every run over the same state, and never the same for two notices. */
function noticeId(notifier: StoredNotifier, group: string, now: number, lines: readonly Line[]): string {
  const said = lines.map(({ episode, phase }) => [episode.id, phase, episode.queued[notifier.id]?.times ?? 0])
  return `notice-${createHash('sha256')
    .update(JSON.stringify([notifier.id, group, now, said]))
    .digest('hex')
    .slice(0, 24)}`
}
