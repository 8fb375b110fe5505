/** What a rule would have done over a range, had it been on: every episode, the notices, the noise. */
import { iso } from '../../../schema/words/iso.js'
import type { Backtest, Preview } from '../../../schema/api/alerts.js'
import { observedOf, type Episode, type Finding, type Labels } from '../../../schema/store/alert-log.js'
import type { ReadStore } from '../../../schema/store/store.js'
import { LOOK_BACK_MS, lifeOptions, MAX_GROUPS } from '../life/evaluate-rule.js'
import { replay, type Firing } from '../life/replay.js'
import { DEFAULT_FLAPPING } from '../life/step.js'
import { DAY, MINUTE } from '../../../schema/words/duration.js'
import { DEFAULT_LANGUAGE, type Language } from '../../../schema/words/languages.js'
import { inWords, type LeftOut } from '../rules/left-out.js'
import { lackingFields } from '../rules/lacking-fields.js'
import type { Rule } from '../rules/rule.js'
import { warningsOf } from '../rules/settled-share.js'
import { kindNamed } from '../kinds/index.js'
import { askMinutes, floorMinute, keyOf, tickOf, type Grid } from '../signals/minutes.js'
import { labelsOf, type SignalSet } from '../signals/signal.js'
import type { FindSurges } from '../signals/find-surges.js'
import { nearestMiss } from './nearest.js'
import { countNotices } from './noise.js'

/** A rule that fires more often is useless: the rest is only counted. */
const MOST_EPISODES = 2_000
const MOST_RANGE_MS = 400 * DAY
/** Points of a chart, and lines in it. */
const MOST_POINTS = 400
const MOST_SERIES = 12
/** Noise is told per week; a shorter range is not blown up to one. */
const WEEK_MS = 7 * DAY

export interface BacktestTools {
  store: ReadStore
  findSurges: FindSurges | null
}
export interface BacktestRange {
  from: number
  to: number
}

interface Run {
  labels: Labels
  key: string
  firing: Firing
  finding: Finding
}

interface Replayed {
  grid: Grid
  set: SignalSet
  runs: Run[]
  unknown: number
  firingMinutes: number
  problems: LeftOut[]
  quiet: Backtest['quiet']
}

/** Sees the values of each group from the first minute of the range on; they are not kept. */
type Watcher = (labels: Labels, values: Float64Array) => void

async function replayRule(
  rule: Rule,
  range: BacktestRange,
  { store, findSurges }: BacktestTools,
  watcher?: Watcher,
): Promise<Replayed> {
  const kind = kindNamed(rule.kind)
  const from = floorMinute(range.from)
  const grid: Grid = { from: floorMinute(from - LOOK_BACK_MS - kind.window(rule.condition)), minutes: 0 }
  // an upload rarely ends on a full minute: the one that has begun counts
  grid.minutes = Math.max(0, Math.ceil((Math.min(range.to, from + MOST_RANGE_MS) - grid.from) / MINUTE))
  const [set, lacking] = await Promise.all([
    kind.signals(rule.condition, rule, {
      grid,
      ask: askMinutes(store.records, grid),
      records: store.records,
      findSurges,
      listeningSince: null,
      maxGroups: MAX_GROUPS,
    }),
    lackingFields(rule, store, range.to),
  ])
  const first = (from - grid.from) / MINUTE
  const options = lifeOptions(rule, DEFAULT_FLAPPING)
  const runs: Run[] = []
  const miss = nearestMiss()
  let firingMinutes = 0
  let unknown = Infinity
  for (const group of set.groups) {
    const signal = set.signalOf(group)
    const labels = labelsOf(set.labelNames, group)
    miss.note(signal, first)
    watcher?.(labels, signal.stay.subarray(first))
    const life = replay(grid, signal, undefined, { first, last: grid.minutes, checkpoint: -1 }, options)
    for (const firing of life.firings) {
      runs.push({ labels, key: keyOf(group), firing, finding: signal.finding(Math.max(0, firing.peakAt)) })
    }
    firingMinutes += life.firingMinutes
    unknown = Math.min(unknown, life.unknown)
  }
  runs.sort((a, b) => a.firing.firedAt - b.firing.firedAt || (a.key < b.key ? -1 : 1))
  const problems = [...set.problems]
  if (lacking.length > 0) problems.push({ what: 'fields', fields: lacking })
  if (range.to - from > MOST_RANGE_MS) problems.push({ what: 'range', days: MOST_RANGE_MS / DAY })
  return {
    grid,
    set,
    runs,
    unknown: Number.isFinite(unknown) ? unknown : 0,
    firingMinutes,
    problems,
    quiet: runs.length > 0 ? null : miss.said(set.threshold, minimumOf(rule)),
  }
}

/** Requests that a rule asks for before it speaks of a share; null for kinds that do not. */
function minimumOf({ condition }: Rule): number | null {
  const { minimum } = condition as { minimum?: unknown }
  return typeof minimum === 'number' ? minimum : null
}

export async function backtest(
  rule: Rule,
  range: BacktestRange,
  tools: BacktestTools,
  lang?: Language,
): Promise<Backtest> {
  const started = performance.now()
  return reportOf(rule, range, await replayRule(rule, range, tools), started, lang)
}

/** The backtest, and the value over time for a chart: the lines with the highest peaks. */
export async function preview(
  rule: Rule,
  range: BacktestRange,
  tools: BacktestTools,
  lang?: Language,
): Promise<Preview> {
  const started = performance.now()
  const from = floorMinute(range.from)
  const width = Math.max(1, Math.ceil((range.to - from) / MINUTE / MOST_POINTS))
  const lines: { labels: Labels; points: Point[]; peak: number }[] = []
  const replayed = await replayRule(rule, range, tools, (labels, values) => {
    lines.push({ labels, ...thinned(values, width, from) })
    lines.sort((a, b) => b.peak - a.peak)
    lines.length = Math.min(lines.length, MOST_SERIES)
  })
  return {
    ...reportOf(rule, range, replayed, started, lang),
    step: width * MINUTE,
    series: lines.map(({ labels, points }) => ({ labels, points })),
  }
}

type Point = [number, number | null]

/** The highest value of each step; null where nobody can tell. */
function thinned(values: Float64Array, width: number, from: number): { points: Point[]; peak: number } {
  const points: Point[] = []
  let peak = -Infinity
  for (let i = 0; i < values.length; i += width) {
    let most = NaN
    for (let j = i; j < Math.min(values.length, i + width); j++) {
      if (!Number.isNaN(values[j]) && !(most >= values[j])) most = values[j]
    }
    points.push([from + i * MINUTE, Number.isNaN(most) ? null : rounded(most)])
    if (most > peak) peak = most
  }
  return { points, peak }
}

const rounded = (n: number) => Number(n.toPrecision(6))

function reportOf(
  rule: Rule,
  range: BacktestRange,
  { grid, set, runs, unknown, firingMinutes, problems, quiet }: Replayed,
  started: number,
  lang: Language = DEFAULT_LANGUAGE,
): Backtest {
  const until = tickOf(grid, grid.minutes - 1)
  const notices = countNotices(
    runs.slice(0, MOST_EPISODES).map((run, i) => asEpisode(rule, run, i)),
    until,
  )
  const weeks = Math.max(1, (range.to - range.from) / WEEK_MS)
  return {
    from: iso(range.from),
    to: iso(range.to),
    episodes: runs.slice(0, MOST_EPISODES).map(({ labels, firing, finding }) => ({
      labels,
      pendingAt: iso(firing.pendingAt),
      firedAt: iso(firing.firedAt),
      resolvedAt: firing.resolvedAt === null ? null : iso(firing.resolvedAt),
      reason: firing.reason,
      flapping: firing.flapping,
      value: rounded(finding.value),
      threshold: finding.threshold,
      expected: finding.expected === null ? null : rounded(finding.expected),
      observed: observedOf(finding),
    })),
    notices,
    noticesPerWeek: Math.round((notices / weeks) * 10) / 10,
    firingMinutes,
    noDataMinutes: unknown,
    unit: set.unit,
    threshold: set.threshold,
    problems: inWords(
      runs.length > MOST_EPISODES
        ? [...problems, { what: 'episodes', all: runs.length, kept: MOST_EPISODES }]
        : problems,
      lang,
    ),
    warnings: warningsOf(rule, lang),
    quiet,
    seconds: Math.round(performance.now() - started) / 1000,
  }
}

function asEpisode(rule: Rule, { labels, key, firing, finding }: Run, i: number): Episode {
  return {
    id: String(i),
    rule: rule.id,
    name: rule.name,
    kind: rule.kind,
    severity: rule.severity,
    labels: { ...rule.labels, ...labels, alertname: rule.name, severity: rule.severity },
    key,
    state: 'firing',
    pendingAt: firing.pendingAt,
    firedAt: firing.firedAt,
    resolvedAt: firing.resolvedAt,
    reason: firing.reason,
    finding,
    flapping: firing.flapping,
    noData: false,
    seenAt: firing.firedAt,
    acknowledged: null,
    muted: null,
    queued: {},
    settled: false,
  }
}
