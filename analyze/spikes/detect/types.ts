/** Who wrote the status that the visitor got (design 3.2). */
export type Source = 'client' | 'edge' | 'origin-failure' | 'cache' | 'worker' | 'origin' | 'undetermined'

/** The classes in which a rise can be trouble. 499 is its own: the visitor gave up, nobody answered. */
export type TroubleClass = '4xx' | '499' | '5xx'

/** Which series: `null` means "all of them" in that dimension. */
export interface Scope {
  status: number | null
  statusClass: TroubleClass
  source: Source | null
  host: string | null
}

/** Visitor requests per minute of event time; index i is the minute that begins at `from + i * 60_000`. */
export interface MinuteSeries extends Scope {
  counts: Float64Array
  /**
   * Who suffers, where the logs tell clients apart: different clients in each minute, and those of them that nothing of the class
   * had befallen in the hour before. One client that fails a hundred times a minute for an hour is 60 of the first and 1 of the
   * second. Without them every request counts as somebody.
   */
  heads?: Float64Array
  newcomers?: Float64Array
}

/**
 * What the detector reads: one site, whole minutes.
 *
 * `totals` holds all visitor requests, under `null` for the site and under each host that has series of its own.
 * A minute in which the whole site has none is no data (a gap in the logs), unless the site is so quiet that
 * silence is ordinary. `series` holds one entry per (status, source) with `host: null`, and, where the site has
 * several hosts, one per (status, source, host) too. Series that are zero throughout can be left out.
 */
export interface Traffic {
  /** Epoch ms of the first minute. */
  from: number
  minutes: number
  totals: ReadonlyMap<string | null, Float64Array>
  series: readonly MinuteSeries[]
  /**
   * Where logs are sampled: how many requests a record stands for, by minute. Ten requests that are one record are one
   * piece of evidence, so records are judged; what is told of them is in requests again. Default: 1 throughout.
   */
  weights?: Float64Array
}

export type Sensitivity = 'low' | 'medium' | 'high'

export interface DetectOptions {
  /** Report only episodes that end after this time (epoch ms); the minutes before are history. Default: all. */
  reportFrom?: number
  /** How improbable a rise must be. Default `medium`: under 0.2 false alarms a day over all series of a site. */
  sensitivity?: Sensitivity
  /** What earlier minutes taught, from `learn` or a previous run: `traffic` must begin where it ends. */
  history?: History
  /** The history is not needed any more: it is gone on with itself, in place of a copy. */
  isLast?: boolean
  /** Of the hosts that are known from it, only these go on; the others are forgotten. Default: all. */
  hosts?: readonly string[]
}

/** Minute by minute: what the past predicts, and the count at which one minute alone would be a spike. */
export interface Band {
  /** Epoch ms of the first minute. */
  from: number
  expected: Float32Array
  upper: Float32Array
}

/** One interval in which a series ran far above what its past predicts. Times are epoch ms. */
export interface Episode extends Scope {
  start: number
  /** Exclusive: the close of the last minute that was above the expectation. */
  end: number
  /** True while nothing in the data says that it is over. */
  ongoing: boolean
  /** Close of the first minute whose data sufficed; no later data had a part in it. */
  detectedAt: number
  /** Requests in [start, end). */
  observed: number
  /** Requests in [start, end) that the past predicts. */
  expected: number
  /** How far the clearest stretch lies above the expectation, in standard deviations of a normal variable. */
  score: number
}

/**
 * What the minutes up to `until` taught: opaque, but plain data that survives `structuredClone`.
 * About 20 kB a series, whatever the length of the past.
 */
export interface History {
  version: 1
  /** Epoch ms: traffic that goes on from here begins with this minute. */
  until: number
  state: unknown
}
