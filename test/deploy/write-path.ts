/**
 * The way of records into a cluster, second by second: posts are read by nodes, wait for the one turn that a store has, become a
 * part on each shard and its replicas, and are merged. No chance in it: the same plan gives the same figures.
 */
import { PART_LINES } from '../../ingest/parts.js'
import { MOST_PARTS, MOST_TOGETHER } from '../../schema/clickhouse/writing/insert.js'

/** What a record costs, as measured; where, says deploy/sizing.md. */
export const MEASURED = {
  /** bytes of a line with all fields, and packed with gzip */
  lineBytes: 2_286,
  gzipBytes: 173,
  /** processor time, µs a record: read, stored (dedupe and the engine's insert included), merged once, summed up */
  readMicros: 8.7,
  storeMicros: 3.5,
  mergeMicros: 2.8,
  sumMicros: 5,
  /** on disk, sums included */
  recordBytes: 66,
} as const

/** What is not measured, because here is no cluster. */
export const ASSUMED = {
  /** of a part beside its records: the ledger's commits, the lease, fsync, s */
  partSeconds: 0.1,
  /** between servers, bytes a second, and until a replica begins, s */
  network: 125_000_000,
  fetchSeconds: 0.05,
  /** merges at once on a server, and parts that one takes together */
  merges: 4,
  mergedParts: 10,
} as const

/** ClickHouse delays inserts from so many parts of a partition on, and refuses them at the second (defaults of 26.3). */
export const PARTS_TO_DELAY = 1_000
export const PARTS_TO_THROW = 3_000

export interface Plan {
  /** a second, of all stores */
  requests: number
  /** stores that the zones are divided over, each with a ledger and a cluster of its own */
  stores: number
  ingestNodes: number
  shards: number
  replicas: number
  /** lines of one of Logpush's posts */
  postLines: number
}

export interface Outcome {
  /** cores that reading takes, storing with merges and sums */
  readCores: number
  storeCores: number
  /** share of the time in which the turn of a store is taken */
  turn: number
  /** parts a second that a shard gets */
  parts: number
  /** the most parts that a shard had at once */
  mostParts: number
  /** the longest from a post until it is on all replicas, s; null: it grows without end */
  longest: number | null
  /** GB a day on all replicas of all stores, and MB a second that arrive */
  diskPerDay: number
  incoming: number
}

/** Half an hour, after which what grows has shown that it grows. */
const SECONDS = 1_800
const STEP = 0.1

export function simulate(plan: Plan): Outcome {
  const rate = plan.requests / plan.stores
  const lines = Math.min(PART_LINES, plan.postLines)
  // what waits on a node goes in as one, where posts are no parts of something larger
  const together = lines < PART_LINES ? Math.max(1, Math.min(MOST_PARTS, Math.floor(MOST_TOGETHER / lines))) : 1
  // the next replica begins when the first has the part; a majority of two is both
  const service = (rows: number) =>
    ASSUMED.partSeconds +
    (rows * MEASURED.storeMicros) / 1e6 +
    (plan.replicas > 1 ? ASSUMED.fetchSeconds + (rows / plan.shards) * (MEASURED.recordBytes / ASSUMED.network) : 0)
  const readSeconds = (lines * MEASURED.readMicros) / 1e6

  let arrived = 0
  let taken = 0
  let busy = 0
  const nodeFree = Array.from({ length: plan.ingestNodes }, () => 0)
  /** posts that were read and wait for the turn, by node: when they came and when they were read */
  const waiting = nodeFree.map(() => [] as { came: number; read: number }[])
  let turnFree = 0
  let longest = 0
  let half = 0
  const stored: { at: number; rows: number }[] = []
  const shard = new Merging()
  for (let step = 0; step * STEP < SECONDS; step++) {
    const now = step * STEP
    arrived += rate * STEP
    for (; arrived >= lines; arrived -= lines) {
      const node = nodeFree.indexOf(Math.min(...nodeFree))
      const read = Math.max(now, nodeFree[node]) + readSeconds
      nodeFree[node] = read
      waiting[node].push({ came: now, read })
    }
    for (;;) {
      const first = waiting.reduce((a, b) => ((b[0]?.read ?? Infinity) < (a[0]?.read ?? Infinity) ? b : a))
      const begins = Math.max(first[0]?.read ?? Infinity, turnFree)
      if (begins > now) break
      let count = 1
      while (count < together && (first[count]?.read ?? Infinity) <= begins) count++
      const posts = first.splice(0, count)
      const took = service(lines * count)
      turnFree = begins + took
      busy += took
      stored.push({ at: turnFree, rows: (lines * count) / plan.shards })
      taken++
      longest = Math.max(longest, turnFree - posts[0].came)
    }
    if (step * STEP === SECONDS / 2) half = longest
    while (stored.length > 0 && stored[0].at <= now) shard.add((stored.shift() as { rows: number }).rows)
    shard.work(now)
  }
  const passes = shard.merged / Math.max(1, shard.inserted)
  const perRecord = MEASURED.storeMicros + MEASURED.sumMicros + passes * MEASURED.mergeMicros * plan.replicas
  return {
    readCores: (plan.requests * MEASURED.readMicros) / 1e6,
    storeCores: (plan.requests * perRecord) / 1e6,
    turn: Math.min(1, busy / SECONDS),
    parts: taken / SECONDS,
    mostParts: shard.most,
    longest: longest > half * 1.5 + 1 ? null : longest,
    diskPerDay: (plan.requests * 86_400 * MEASURED.recordBytes * plan.replicas) / 1e9,
    incoming: (plan.requests * MEASURED.gzipBytes) / 1e6,
  }
}

/** The parts of one shard: ten of a size become one of the next. */
class Merging {
  most = 0
  inserted = 0
  /** rows that merges wrote */
  merged = 0
  private readonly levels: number[][] = [[]]
  private under: { level: number; rows: number; until: number; parts: number }[] = []

  add(rows: number): void {
    this.levels[0].push(rows)
    this.inserted += rows
  }

  work(now: number): void {
    for (const { level, rows } of this.under.filter((one) => one.until <= now)) {
      this.merged += rows
      ;(this.levels[level + 1] ??= []).push(rows)
    }
    this.under = this.under.filter((one) => one.until > now)
    const there = this.levels.reduce((sum, level) => sum + level.length, 0)
    // until a merge is through, what it takes together is there
    this.most = Math.max(this.most, there + this.under.reduce((sum, one) => sum + one.parts, 0))
    for (let level = 0; level < this.levels.length && this.under.length < ASSUMED.merges; level++)
      if (this.levels[level].length >= ASSUMED.mergedParts) {
        const parts = this.levels[level].splice(0, ASSUMED.mergedParts)
        const rows = parts.reduce((sum, one) => sum + one, 0)
        this.under.push({ level, rows, until: now + (rows * MEASURED.mergeMicros) / 1e6, parts: parts.length })
      }
  }
}
