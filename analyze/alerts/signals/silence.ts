/**
 * Silence in the logs: is it that nothing happened, or that nobody told us? A minute without any request is a gap
 * where, at the pace of the day before, so long a silence is improbable. What a rule would read there is not zero,
 * but unknown.
 */
import type { Dimension, Filter } from '../../../schema/store/query.js'
import type { Scope } from '../../../schema/api/rule-fields.js'
import type { AskMinutes } from './minutes.js'

const HOUR_MINUTES = 60
const DAY_HOURS = 24
/** Records that must have been due for silence to be improbable: chance leaves it e^-7, one in a thousand. */
const RECORDS_DUE = 7
/** The pace is that of the quiet hours: the fourth quietest of the last 24, so that nights and short outages fit. */
const QUIET_HOUR = 3
/** Less says nothing of the pace. */
const FEWEST_MINUTES = 15

export interface Silences {
  /** 1: in a silence that is too long to be chance */
  gap: Uint8Array
  /** minutes without any request that end with minute i; 0 if it has some */
  silent: Uint32Array
  /** from how many minutes on the silence around minute i is too long; Infinity: silence is ordinary here */
  limit: Float64Array
}

export interface SilenceOptions {
  /** full hours that must have passed since the first record before its pace is trusted */
  hoursNeeded: number
  /** limit in the first minutes; Infinity: until full hours are known */
  until: number
}

/** Before anything was ever heard everything is a gap. */
export function findSilences(
  records: Float64Array,
  firstMinute: number,
  { hoursNeeded, until }: SilenceOptions,
): Silences {
  const n = records.length
  const gap = new Uint8Array(n)
  const silent = new Uint32Array(n)
  const limit = new Float64Array(n)
  const hours = new Map<number, number>()
  let firstHour: number | null = null
  let first = 0
  let heard = 0
  let current = until
  let isLearned = false

  for (let i = 0; i < n; i++) {
    const hour = Math.floor((firstMinute + i) / HOUR_MINUTES)
    if (records[i] > 0) {
      if (firstHour === null) {
        firstHour = hour
        first = i
      }
      heard += records[i]
      hours.set(hour, (hours.get(hour) ?? 0) + records[i])
    } else {
      silent[i] = (i > 0 ? silent[i - 1] : 0) + 1
      if (firstHour === null) {
        gap[i] = 1
        limit[i] = 0
        continue
      }
      // judged by the time before the silence: it must not become ordinary by lasting
      if (silent[i] === 1) {
        const learned = limitOf(hours, firstHour, hour, hoursNeeded)
        current = learned ?? (Number.isFinite(until) ? limitSoFar(heard, i - first, until) : until)
        isLearned = learned !== null
      }
      if (silent[i] === current) gap.fill(1, i + 1 - current, i + 1)
      else if (silent[i] > current) gap[i] = 1
      // a gap says nothing of the pace; but what is a gap must be learned first
      if (gap[i] === 1 && isLearned) hours.set(hour, NaN)
    }
    limit[i] = current
  }
  return { gap, silent, limit }
}

function limitOf(
  hours: ReadonlyMap<number, number>,
  firstHour: number,
  hour: number,
  hoursNeeded: number,
): number | null {
  const known: number[] = []
  for (let h = Math.max(firstHour + 1, hour - DAY_HOURS); h < hour; h++) {
    const records = hours.get(h) ?? 0
    if (!Number.isNaN(records)) known.push(records)
  }
  if (known.length < hoursNeeded) return null
  known.sort((a, b) => a - b)
  const quiet = known[Math.min(QUIET_HOUR, Math.floor(known.length / 4))]
  return quiet === 0 ? Infinity : Math.ceil(RECORDS_DUE / (quiet / HOUR_MINUTES))
}

/** Until full hours are known: the pace so far, taken by half since it may have been a lively hour. */
function limitSoFar(records: number, minutes: number, until: number): number {
  return minutes < FEWEST_MINUTES ? until : Math.ceil((2 * RECORDS_DUE * minutes) / records)
}

/** Where the logs come from, as far as filters say: a job delivers a zone, and a host that always talks is missed. */
const ORIGIN_OF_LOGS: readonly Dimension[] = ['zone', 'host']
const SITE: SilenceOptions = { hoursNeeded: 2, until: 5 }
/** A host that appeared just now may be somebody's scan: its silence says nothing. */
const HOST: SilenceOptions = { hoursNeeded: 6, until: Infinity }

/** The minutes in which a group of the rule has no logs that could tell. */
export type GapsOf = (group: readonly string[]) => Uint8Array

export async function gapsOf(
  ask: AskMinutes,
  scope: Scope,
  by: readonly Dimension[],
  firstMinute: number,
): Promise<GapsOf> {
  const filters = scope.filters.filter((f: Filter) => !f.not && ORIGIN_OF_LOGS.includes(f.dimension))
  const own = by.filter((dimension) => ORIGIN_OF_LOGS.includes(dimension))
  // whatever the rule looks at, logs come with visitors' requests in them
  const audience = scope.audience === 'internal' ? 'all' : scope.audience
  const [site, scoped] = await Promise.all([
    ask({ filters: [], audience, by: [] }),
    ask({ filters, audience, by: own }),
  ])
  const siteGap = findSilences(site.of([]).records, firstMinute, SITE).gap
  const known = new Map<string, Uint8Array>()
  return (group) => {
    if (filters.length === 0 && own.length === 0) return siteGap
    const values = own.map((dimension) => group[by.indexOf(dimension)])
    const key = JSON.stringify(values)
    let gap = known.get(key)
    if (!gap) {
      const ownGap = findSilences(scoped.of(values).records, firstMinute, HOST)
      gap = siteGap.map((missing, i) => (missing === 1 || (ownGap.gap[i] === 1 && ownGap.limit[i] > 0) ? 1 : 0))
      known.set(key, gap)
    }
    return gap
  }
}
