import type { Episode } from '../../../analyze/spikes/detect/types.js'
import type { Planted, Scenario } from './scenario.js'

/** What one detector did on some scenarios. */
export interface Tally {
  find: Count
  weak: Count
  byKind: Map<string, Count>
  /** Spikes that name an incident, and those that name nothing. */
  right: number
  wrong: number
  quietDays: number
  wrongOnQuietDays: number
  /** Minutes from the start of an incident to its detection, for steps. */
  delays: number[]
  /** Spikes per found incident: sums. */
  pieces: number
  /** Of found incidents: the exact status and host were named. */
  exact: number
  /** Minutes by which start and end were missed. */
  startErrors: number[]
  endErrors: number[]
  mistakes: string[]
}

interface Count {
  found: number
  of: number
}

const MINUTE = 60_000
const DAY = 1440 * MINUTE
/** A spike may begin before the incident, or an incident's last errors come after it, by this much. */
const SLACK = 5 * MINUTE
/** What leaves a day quiet. */
const QUIET_KINDS = ['deploy', 'crawl']
const SUDDEN = ['step', 'short', 'long', 'host', 'drop', 'flood', 'mixed', 'overlap', 'cold']

export function newTally(): Tally {
  return {
    find: { found: 0, of: 0 },
    weak: { found: 0, of: 0 },
    byKind: new Map(),
    right: 0,
    wrong: 0,
    quietDays: 0,
    wrongOnQuietDays: 0,
    delays: [],
    pieces: 0,
    exact: 0,
    startErrors: [],
    endErrors: [],
    mistakes: [],
  }
}

/** Count what `episodes` got right about a scenario. */
export function tally(t: Tally, scenario: Scenario, episodes: readonly Episode[]): void {
  const { planted, traffic, name } = scenario
  const matches = episodes.map((e) => planted.filter((p) => names(e, p)))
  const days = daysOf(scenario)
  t.quietDays += days.filter((d) => d.quiet).length
  episodes.forEach((e, i) => {
    if (matches[i].some((p) => p.wanted !== 'either')) t.right++
    else if (matches[i].length === 0) {
      t.wrong++
      const day = days.find((d) => d.start <= e.start && e.start < d.end)
      if (day?.quiet) t.wrongOnQuietDays++
      t.mistakes.push(`${name}: WRONG ${episodeText(e, traffic.from)}${day?.quiet ? ' on a quiet day' : ''}`)
    }
  })
  for (const p of planted) {
    if (p.wanted === 'either') continue
    const mine = episodes.filter((e, i) => matches[i].includes(p) && best(e, matches[i]) === p)
    const any = episodes.filter((_, i) => matches[i].includes(p))
    const found = any.length > 0
    const count = p.wanted === 'weak' ? t.weak : t.find
    const kind = t.byKind.get(p.kind) ?? { found: 0, of: 0 }
    t.byKind.set(p.kind, kind)
    for (const c of [count, kind]) {
      c.of++
      if (found) c.found++
    }
    if (!found) {
      t.mistakes.push(`${name}: MISSED ${plantedText(p, traffic.from)}`)
      continue
    }
    t.pieces += Math.max(1, mine.length)
    if (mine.length > 1)
      t.mistakes.push(
        `${name}: PIECES ${mine.map((e) => episodeText(e, traffic.from)).join(' + ')} of ${plantedText(p, traffic.from)}`,
      )
    if (any.some((e) => e.status === p.status && e.host === p.host)) t.exact++
    else
      t.mistakes.push(
        `${name}: SCOPE ${any.map((e) => episodeText(e, traffic.from)).join(' + ')} of ${plantedText(p, traffic.from)}`,
      )
    const first = Math.min(...any.map((e) => e.detectedAt))
    if (p.wanted === 'find' && SUDDEN.includes(p.kind)) t.delays.push(Math.max(0, first - p.start) / MINUTE)
    t.startErrors.push((Math.min(...any.map((e) => e.start)) - p.start) / MINUTE)
    t.endErrors.push((Math.max(...any.map((e) => e.end)) - p.end) / MINUTE)
  }
}

/** Does this spike speak of this incident? Same class, same or unsaid status and host, overlapping time. */
function names(e: Episode, p: Planted): boolean {
  if (e.statusClass !== p.statusClass) return false
  const status = e.status === null || p.status === null || e.status === p.status
  const host = e.host === null || p.host === null || e.host === p.host
  return status && host && e.start < p.end + SLACK && p.start - SLACK < e.end
}

function best(e: Episode, matches: readonly Planted[]): Planted | undefined {
  const shared = (p: Planted) => Math.min(e.end, p.end) - Math.max(e.start, p.start)
  const exact = (p: Planted) => (p.status === e.status ? 1 : 0)
  return [...matches].sort((a, b) => exact(b) - exact(a) || shared(b) - shared(a))[0]
}

/** The whole days of a scenario (or all of it, if shorter) and whether anything happened on them. */
function daysOf({ traffic, planted }: Scenario): { start: number; end: number; quiet: boolean }[] {
  const end = traffic.from + traffic.minutes * MINUTE
  const days = []
  for (let start = traffic.from; start < end; start += DAY) {
    const to = Math.min(end, start + DAY)
    const touched = planted.some((p) => p.start < to && start < p.end && !QUIET_KINDS.includes(p.kind))
    days.push({ start, end: to, quiet: !touched && to - start === DAY })
  }
  return days
}

export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0) return NaN
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]
}

/** The figures of a tally, ready to print. */
export function row(t: Tally): Record<string, string> {
  const found = t.find.found + t.weak.found
  const share = (part: number, of: number) => (part / of).toFixed(3)
  const minutes = (values: readonly number[], q: number) => quantile(values, q).toFixed(1)
  const off = (values: readonly number[]) =>
    `${minutes(values.map(Math.abs), 0.5)}, 90 %: ${minutes(values.map(Math.abs), 0.9)}`
  return {
    'recall': share(t.find.found, t.find.of),
    'recall, weak': share(t.weak.found, t.weak.of),
    'precision': share(t.right, t.right + t.wrong),
    'false alarms per quiet day': share(t.wrongOnQuietDays, t.quietDays),
    'delay of steps (min)': `${minutes(t.delays, 0.5)}, 90 %: ${minutes(t.delays, 0.9)}`,
    'pieces per incident': share(t.pieces, found),
    'right status and host': share(t.exact, found),
    'start off by (min)': off(t.startErrors),
    'end off by (min)': off(t.endErrors),
    'incidents': `${t.find.of} + ${t.weak.of} weak`,
    'quiet days': String(t.quietDays),
  }
}

const at = (time: number, from: number): string => {
  const minute = Math.round((time - from) / MINUTE)
  return `d${Math.floor(minute / 1440)} ${String(Math.floor((minute % 1440) / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}(${minute})`
}

const episodeText = (e: Episode, from: number): string =>
  `${e.status ?? e.statusClass}/${e.source} ${e.host ?? ''} ${at(e.start, from)}–${at(e.end, from)} known ${at(e.detectedAt, from)}: ${e.observed} for ${e.expected.toFixed(1)}, score ${e.score.toFixed(1)}`

const plantedText = (p: Planted, from: number): string =>
  `${p.kind}/${p.wanted} ${p.status ?? p.statusClass} ${p.host ?? ''} ${at(p.start, from)}–${at(p.end, from)}: +${Math.round(p.excess)}, visible ${p.visible.toFixed(1)}`
