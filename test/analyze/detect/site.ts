import { detectEpisodes } from '../../../analyze/spikes/detect/index.js'
import type { DetectOptions, Episode, MinuteSeries, Source, Traffic } from '../../../analyze/spikes/detect/index.js'
import { seeded } from '../worlds/random.js'

/** A site in a few words: means per minute, from which counts are drawn by chance (seeded). */
export interface Sketch {
  minutes: number
  /** Visitors' requests due in minute i. */
  requests: (i: number) => number
  errors: ErrorSketch[]
  /** Hosts and their part of the requests; without it the site has one. */
  hosts?: Record<string, number>
  seed?: number
}

export interface ErrorSketch {
  status: number
  source?: Source
  /** Only on this host; without it on every host, by its part of the requests. */
  host?: string
  /** Errors due in minute i, whatever the visitors do. */
  rate?: (i: number) => number
  /** Part of the requests of minute i. */
  share?: (i: number) => number
  /** Exact counts, in place of chance. */
  counts?: (i: number) => number
}

export const MINUTE = 60_000
export const HOUR = 60
export const DAY = 1440
/** A Monday. */
export const FROM = Date.UTC(2026, 10, 2)

/** Something in [from, to) only. */
export const during =
  (from: number, to: number, value: number, otherwise = 0) =>
  (i: number): number =>
    i >= from && i < to ? value : otherwise

/** Half as much at night, one and a half times at noon. */
export const dayAndNight =
  (mean: number) =>
  (i: number): number =>
    mean * (1 - 0.5 * Math.cos((2 * Math.PI * i) / DAY))

export function site({ minutes, requests, errors, hosts, seed = 1 }: Sketch): Traffic {
  const random = seeded(seed)
  const parts = Object.entries(hosts ?? { '': 1 })
  const totals = new Map<string | null, Float64Array>([[null, new Float64Array(minutes)]])
  const byKey = new Map<string, MinuteSeries>()
  for (const [name, part] of parts) {
    const total = new Float64Array(minutes)
    for (let i = 0; i < minutes; i++) total[i] = random.poisson(requests(i) * part)
    for (const error of errors) {
      if (error.host !== undefined && error.host !== name) continue
      const series = seriesOf(byKey, error, null, minutes)
      const own = hosts ? seriesOf(byKey, error, name, minutes) : null
      const of = error.host === undefined ? part : 1
      for (let i = 0; i < minutes; i++) {
        const due = (error.rate?.(i) ?? 0) * of + (error.share?.(i) ?? 0) * total[i]
        const count = error.counts ? error.counts(i) : random.poisson(due)
        if (own) own.counts[i] += count
        series.counts[i] += count
        if (error.rate || error.counts) total[i] += count
      }
    }
    for (let i = 0; i < minutes; i++) totals.get(null)![i] += total[i]
    if (hosts) totals.set(name, total)
  }
  return { from: FROM, minutes, totals, series: [...byKey.values()] }
}

function seriesOf(
  byKey: Map<string, MinuteSeries>,
  error: ErrorSketch,
  host: string | null,
  minutes: number,
): MinuteSeries {
  const { status, source = status >= 500 ? 'origin' : 'edge' } = error
  const key = `${status} ${source} ${host}`
  const statusClass = status === 499 ? '499' : status >= 500 ? '5xx' : '4xx'
  const series = byKey.get(key) ?? { status, statusClass, source, host, counts: new Float64Array(minutes) }
  byKey.set(key, series)
  return series
}

/** An episode in minutes since the beginning. */
export interface Seen {
  status: number | null
  statusClass: string
  host: string | null
  start: number
  end: number
  known: number
  ongoing: boolean
}

export const inMinutes = (e: Episode): Seen => ({
  status: e.status,
  statusClass: e.statusClass,
  host: e.host,
  start: (e.start - FROM) / MINUTE,
  end: (e.end - FROM) / MINUTE,
  known: (e.detectedAt - FROM) / MINUTE,
  ongoing: e.ongoing,
})

/** Detect, and speak in minutes. */
export const episodesOf = (sketch: Sketch, options?: DetectOptions): Seen[] =>
  detectEpisodes(site(sketch), options).map(inMinutes)

/** The minutes [a, b) of some traffic. */
export function slice(traffic: Traffic, a: number, b: number): Traffic {
  return {
    from: traffic.from + a * MINUTE,
    minutes: b - a,
    totals: new Map([...traffic.totals].map(([host, counts]) => [host, counts.slice(a, b)])),
    series: traffic.series.map((s) => ({ ...s, counts: s.counts.slice(a, b) })),
  }
}
