/** What every kind of rule comes down to: one value per minute and group, against a threshold. */
import type { Finding, Labels, Unit } from '../../../schema/store/alert-log.js'
import type { Dimension } from '../../../schema/store/query.js'
import type { ReadRecords } from '../../../schema/store/records.js'
import type { LeftOut } from '../rules/left-out.js'
import type { AskMinutes, Grid } from './minutes.js'
import type { FindSurges } from './find-surges.js'

/** One group of a rule over a grid. NaN where nobody can tell: the state is held there. */
export interface Signal {
  /** must be above `startAbove` to begin; also asks for what only a beginning needs, like enough requests */
  start: Float64Array
  /** must be above `stayAbove` to go on; this is the value that people are shown */
  stay: Float64Array
  startAbove: number
  stayAbove: number
  /** what is told of minute i */
  finding(i: number): Finding
}

export interface SignalSet {
  grid: Grid
  unit: Unit
  threshold: number | null
  /** names of the labels whose values a group is made of */
  labelNames: readonly string[]
  /** groups of which anything was seen */
  groups: string[][]
  /** also of a group that was not seen: it may still be firing */
  signalOf(group: readonly string[]): Signal
  problems: LeftOut[]
}

export interface SignalContext {
  grid: Grid
  ask: AskMinutes
  records: ReadRecords
  findSurges: FindSurges | null
  /** wall time since which somebody listens: silence before proves nothing. Null: always, as in a backtest */
  listeningSince: number | null
  /** groups that one rule may have; those with the most requests are kept */
  maxGroups: number
}

export function labelsOf(names: readonly string[], group: readonly string[]): Labels {
  return Object.fromEntries(
    names.flatMap((name, i) => (group[i] === '' || group[i] === undefined ? [] : [[name, group[i]]])),
  )
}

/** A finding with nothing in it but a value. */
export function plainFinding(unit: Unit, value: number, threshold: number | null): Finding {
  return {
    unit,
    value,
    threshold,
    expected: null,
    window: null,
    requests: null,
    burn: null,
    objective: null,
    surge: null,
  }
}

const DAY_MINUTES = 24 * 60
const SAMPLE_EVERY = 10
/** Fewer known values than this make no "usual". */
const FEWEST_SAMPLES = 6

/** What is usual: the median of the day before, the last window left out. Null where nobody can tell. */
export function usualBefore(values: Float64Array, i: number, windowMinutes: number): number | null {
  const known: number[] = []
  for (let at = i - windowMinutes; at >= Math.max(0, i - DAY_MINUTES); at -= SAMPLE_EVERY) {
    if (!Number.isNaN(values[at])) known.push(values[at])
  }
  if (known.length < FEWEST_SAMPLES) return null
  known.sort((a, b) => a - b)
  return known[Math.floor(known.length / 2)]
}

/** Groups beyond those that a rule watches, where there are some. */
export function leftOutProblem([dimension]: readonly Dimension[], leftOut: number, kept: number): LeftOut[] {
  return leftOut > 0 ? [{ what: 'groups', dimension, all: leftOut + kept, kept }] : []
}
