/** One rule, from its last checkpoint to the watermark: signals → lives → episodes. */
import type { LeftOut } from '../rules/left-out.js'
import { atMost } from './urgency.js'
import type { Episode, Instance, Labels, RuleMemory } from '../../../schema/store/alert-log.js'
import type { ReadStore } from '../../../schema/store/store.js'
import { DAY, MINUTE } from '../../../schema/words/duration.js'
import { kindNamed } from '../kinds/index.js'
import { conditionText, type Rule } from '../rules/rule.js'
import { askMinutes, floorMinute, keyOf, tickOf, type AskMinutes, type Grid } from '../signals/minutes.js'
import { labelsOf, type Signal, type SignalSet } from '../signals/signal.js'
import type { FindSurges } from '../signals/find-surges.js'
import { reconcile, type Matched } from './reconcile.js'
import { replay, type Replay } from './replay.js'
import { isForgettable, type FlappingOptions, type LifeOptions } from './step.js'

/** The day before is what "usual" and "silent" are measured by. */
export const LOOK_BACK_MS = DAY
/** What came later than this is not evaluated again, ms; nor is a stretch longer than MAX_REPLAY_MS. */
const MAX_REPLAY_MS = 3 * DAY
/** An alert of which nobody can tell any more ends after this, where its kind has no limit of its own. */
const GIVE_UP_MS = DAY
export const MAX_GROUPS = 200

export interface RuleContext {
  store: ReadStore
  findSurges: FindSurges | null
  /** event time: evaluate up to here */
  watermark: number
  /** event time of the latest live log: what comes after may still come, however late */
  frontier: number
  /** how far back late data is counted, ms */
  reopenMs: number
  /** wall time */
  now: number
  listeningSince: number | null
  flapping: FlappingOptions
  /** minutes asked for by grid, so that rules that ask the same share an answer */
  asks: Map<string, AskMinutes>
}

export interface RuleOutcome {
  memory: RuleMemory
  /** those that changed */
  episodes: Episode[]
  problems: LeftOut[]
}

export function lifeOptions(rule: Rule, flapping: FlappingOptions): LifeOptions {
  return {
    forMs: rule.for,
    keepFiringForMs: rule.keepFiringFor,
    flapping,
    giveUpMs: kindNamed(rule.kind).giveUpMs ?? GIVE_UP_MS,
  }
}

export function sharedAsk(context: Pick<RuleContext, 'store' | 'asks'>, grid: Grid): AskMinutes {
  const key = `${grid.from} ${grid.minutes}`
  const ask = context.asks.get(key) ?? askMinutes(context.store.records, grid)
  context.asks.set(key, ask)
  return ask
}

/** Rejects if the store cannot answer; the memory then stays as it was and the next evaluation goes on from there. */
export async function evaluateRule(
  rule: Rule,
  memory: RuleMemory | null,
  episodes: readonly Episode[],
  context: RuleContext,
): Promise<RuleOutcome> {
  const { watermark, now, flapping } = context
  const kind = kindNamed(rule.kind)
  const begin = beginning(rule, memory, watermark)
  const options = lifeOptions(rule, flapping)
  const checkpoint = nextCheckpoint(begin.at, context)
  const grid: Grid = { from: floorMinute(begin.at - LOOK_BACK_MS - kind.window(rule.condition)), minutes: 0 }
  grid.minutes = Math.max(0, (watermark - grid.from) / MINUTE)
  const set = await kind.signals(rule.condition, rule, {
    grid,
    ask: sharedAsk(context, grid),
    records: context.store.records,
    findSurges: context.findSurges,
    listeningSince: context.listeningSince,
    maxGroups: MAX_GROUPS,
  })
  const range = {
    first: (begin.at - grid.from) / MINUTE,
    last: grid.minutes,
    checkpoint: (checkpoint - grid.from) / MINUTE - 1,
  }

  const open = episodes.filter((e) => !isClosedByHand(e) && (e.resolvedAt === null || e.resolvedAt > begin.at))
  const keys = new Set([...set.groups.map(keyOf), ...Object.keys(begin.instances), ...open.map((e) => e.key)])
  const changed: Episode[] = []
  const before: RuleMemory['before'] = {}
  const after: RuleMemory['now'] = {}
  let telling = 0
  let noDataSince: number | null = null
  for (const key of keys) {
    const own = open.filter((e) => e.key === key)
    if (!begin.fits(key)) {
      changed.push(...own.filter((e) => e.state === 'firing').map((e) => ended(e, watermark, 'rule-changed')))
      continue
    }
    const group = JSON.parse(key) as string[]
    const signal = set.signalOf(group)
    const life = replay(grid, signal, begin.instances[key], range, options)
    const { matched, withdrawn } = reconcile(rule.id, key, life.firings, own)
    const labels = labelsOf(set.labelNames, group)
    const told = matched.map((match) => episodeOf(rule, key, labels, match, life, signal, now))
    changed.push(...told.filter((e) => differs(e, own)))
    for (const e of withdrawn) {
      if (e.reason !== 'withdrawn') changed.push(ended(e, Math.min(watermark, e.resolvedAt ?? watermark), 'withdrawn'))
    }
    nameEpisodes(life, matched)
    if (!isForgettable(life.before, checkpoint, options)) before[key] = life.before
    if (!isForgettable(life.end, watermark, options)) after[key] = { ...life.end, value: lastKnown(signal.stay) }
    if (life.end.unknownSince === null) telling++
    else noDataSince = Math.min(noDataSince ?? Infinity, life.end.unknownSince)
  }
  return {
    memory: {
      rule: rule.id,
      condition: conditionText(rule),
      checkpoint,
      before,
      evaluatedTo: watermark,
      now: after,
      evaluatedAt: now,
      error: null,
      noDataSince: telling > 0 ? null : (noDataSince ?? (await siteSilentSince(set, context))),
    },
    episodes: changed,
    problems: set.problems,
  }
}

interface Beginning {
  at: number
  instances: { [key: string]: Instance }
  /** does an instance of this key belong to the rule as it is now? */
  fits(key: string): boolean
}

/** Where evaluation goes on: at the checkpoint, or, for a rule that was changed, where it was evaluated to. */
function beginning(rule: Rule, memory: RuleMemory | null, watermark: number): Beginning {
  const least = watermark - MAX_REPLAY_MS
  // a new rule looks back just far enough to fire at once where it has been broken for long
  if (!memory || memory.evaluatedTo === 0) {
    return { at: watermark - rule.for - MINUTE, instances: {}, fits: () => true }
  }
  if (memory.condition === conditionText(rule)) {
    return { at: Math.max(least, memory.checkpoint), instances: memory.before, fits: () => true }
  }
  const parts = (kindNamed(rule.kind).ownGroups?.labels ?? rule.by).length
  const sameGroups = JSON.stringify(JSON.parse(memory.condition)[1]) === JSON.stringify(rule.by)
  const fits = (key: string) => sameGroups && (JSON.parse(key) as string[]).length === parts
  const instances = Object.fromEntries(Object.entries(memory.now).filter(([key]) => fits(key)))
  return { at: Math.max(least, memory.evaluatedTo), instances, fits }
}

/** Late data counts behind the checkpoint no more. It waits for logs that have not come at all. */
function nextCheckpoint(at: number, { watermark, frontier, reopenMs }: RuleContext): number {
  const settledTo = Math.min(watermark, floorMinute(frontier)) - reopenMs
  return Math.min(watermark, Math.max(at, settledTo, watermark - MAX_REPLAY_MS))
}

function isClosedByHand(e: Episode): boolean {
  return e.reason === 'rule-changed' || e.reason === 'rule-off' || e.reason === 'rule-deleted'
}

function episodeOf(
  rule: Rule,
  key: string,
  group: Labels,
  { firing, known, id }: Matched,
  life: Replay,
  signal: Signal,
  now: number,
): Episode {
  const isLast = life.endFiring >= 0 && life.firings[life.endFiring] === firing
  return {
    id,
    rule: rule.id,
    name: rule.name,
    kind: rule.kind,
    severity: known?.urgency ? atMost(rule.severity, known.urgency) : rule.severity,
    ...(known?.urgency ? { urgency: known.urgency } : {}),
    labels: { ...rule.labels, ...group, alertname: rule.name, severity: rule.severity },
    key,
    state: firing.resolvedAt === null ? 'firing' : 'resolved',
    pendingAt: firing.pendingAt,
    firedAt: firing.firedAt,
    resolvedAt: firing.resolvedAt,
    reason: firing.reason,
    // a peak before the range is known from before; a lower one now says nothing new
    finding: firing.peakAt >= 0 || !known ? signal.finding(Math.max(0, firing.peakAt)) : known.finding,
    flapping: firing.flapping,
    noData: isLast && life.end.unknownSince !== null,
    seenAt: known?.seenAt ?? now,
    acknowledged: known?.acknowledged ?? null,
    muted: known?.muted ?? null,
    queued: known?.queued ?? {},
    settled: false,
  }
}

/** Without what only planning changes. */
function differs(e: Episode, known: readonly Episode[]): boolean {
  const before = known.find((other) => other.id === e.id)
  if (!before) return true
  const core = ({ settled: _s, muted: _m, ...rest }: Episode) => JSON.stringify(rest)
  return core(e) !== core(before)
}

export function ended(e: Episode, at: number, reason: NonNullable<Episode['reason']>): Episode {
  return { ...e, state: 'resolved', resolvedAt: Math.max(at, e.firedAt), reason, noData: false, settled: false }
}

function nameEpisodes(life: Replay, matched: readonly Matched[]): void {
  const idOf = (firing: number) => (firing < 0 ? null : matched[firing].id)
  if (life.end.phase === 'firing') life.end.episode = idOf(life.endFiring)
  if (life.before.phase === 'firing') life.before.episode = idOf(life.beforeFiring)
}

function lastKnown(values: Float64Array): number | null {
  const last = values[values.length - 1]
  return last === undefined || Number.isNaN(last) ? null : last
}

/** For a rule of which nothing was ever seen: are there logs at all? */
async function siteSilentSince(set: SignalSet, context: RuleContext): Promise<number | null> {
  if (set.groups.length > 0 || set.grid.minutes === 0) return null
  const table = await sharedAsk(context, set.grid)({ filters: [], audience: 'visitors', by: [] })
  const { records } = table.of([])
  let i = records.length - 1
  while (i >= 0 && records[i] === 0) i--
  return records.length - 1 - i > 5 ? (i < 0 ? set.grid.from : tickOf(set.grid, i)) : null
}
