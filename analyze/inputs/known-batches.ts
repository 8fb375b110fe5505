/**
 * The batches of the last days as their reports tell them, kept in memory: a page that is looked at every few seconds must
 * not read tens of thousands of reports each time. Whatever another process adds is found by reading the newest.
 */
import type { BatchReport } from '../../schema/api/batches.js'
import type { Reports } from '../../schema/store/ledger/reports.js'
import { DAY, HOUR, SECOND } from '../../schema/words/duration.js'

/** Reports older than this, ms, or beyond so many, are not looked at: a job that was silent for longer is none any more. */
export const REMEMBERED_MS = 7 * DAY
const MOST = 20_000
const PAGE = 500
/** Read anew from the beginning after so long, ms: what another process took out is known then. */
const ANEW_MS = HOUR
/** Asked again sooner, the answer of before holds, ms. */
const FRESH_MS = SECOND

/** What of a report tells how its input is. Times are epoch ms. */
export interface Arrived {
  id: string
  input: string
  job: string | null
  state: BatchReport['state']
  receivedAt: number
  /** event times; null: it held none */
  from: number | null
  to: number | null
  /** ms from its last event to its being stored */
  lag: number | null
  lines: number
  stored: number
  duplicates: number
  rejected: number
  byReason: BatchReport['rejectedByReason']
  bytes: number
  missingFields: BatchReport['missingFields']
}

export interface KnownBatches {
  /** Newest first, as of now. */
  read(now: number): Promise<readonly Arrived[]>
  /** A batch changed or went. */
  forget(id: string): void
}

export function createKnownBatches(reports: Reports): KnownBatches {
  let known = new Map<string, Arrived>()
  let sorted: readonly Arrived[] = []
  let readAt = -Infinity
  let anewAt = -Infinity
  let reading: Promise<readonly Arrived[]> | null = null
  /** nothing came, changed or went since it was read */
  let isFresh = false
  const changed = new Set<string>()

  async function catchUp(now: number): Promise<readonly Arrived[]> {
    if (now - anewAt > ANEW_MS || now < anewAt) {
      known = new Map()
      anewAt = now
    }
    const stale = [...known.values()].filter(({ id, state }) => state === 'open' || changed.has(id)).map(({ id }) => id)
    changed.clear()
    isFresh = true
    for (const id of stale) {
      const report = await reports.get(id)
      if (report) known.set(id, arrivedOf(report))
      else known.delete(id)
    }
    for (let after: string | null = null, seen = 0; seen < MOST;) {
      // mostly the newest few are all there is to read
      const { items, next }: Awaited<ReturnType<Reports['page']>> = await reports.page({
        limit: known.size > 0 && after === null ? 20 : PAGE,
        after,
      })
      const fresh = items.filter((report) => !known.has(report.id))
      for (const report of fresh) known.set(report.id, arrivedOf(report))
      seen += items.length
      const oldest = items.at(-1)
      if (next === null || fresh.length < items.length) break
      if (oldest && now - Date.parse(oldest.receivedAt) > REMEMBERED_MS) break
      after = next
    }
    sorted = [...known.values()]
      .filter(({ receivedAt }) => now - receivedAt <= REMEMBERED_MS)
      .sort((a, b) => b.receivedAt - a.receivedAt)
      .slice(0, MOST)
    known = new Map(sorted.map((batch) => [batch.id, batch]))
    readAt = now
    return sorted
  }

  return {
    async read(now) {
      if (isFresh && Math.abs(now - readAt) < FRESH_MS) return sorted
      reading ??= catchUp(now).finally(() => {
        reading = null
      })
      return reading
    },
    forget(id) {
      isFresh = false
      // where nobody asks for a long time, ids of what is not known would only pile up: it is read with the newest
      if (known.has(id) || reading !== null) changed.add(id)
    },
  }
}

export function arrivedOf(report: BatchReport): Arrived {
  const time = (text: string | null) => (text === null ? null : Date.parse(text))
  return {
    id: report.id,
    input: report.input,
    job: report.job,
    state: report.state,
    receivedAt: Date.parse(report.receivedAt),
    from: time(report.from),
    to: time(report.to),
    lag: report.lagSeconds === null ? null : report.lagSeconds * 1000,
    lines: report.lines,
    stored: report.stored,
    duplicates: report.duplicates,
    rejected: report.rejected,
    byReason: report.rejectedByReason,
    bytes: report.bytes,
    missingFields: report.missingFields,
  }
}
