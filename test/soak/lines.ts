/** Lines that a number tells: which of them a store holds is read off its records. */
import { Reader } from '../../schema/sqlite/reader.js'
import { withBounds } from '../../schema/store/buckets.js'
import { recordsOfPage } from '../../schema/store/scan-pages.js'
import { MOST_SCANNED, type ScanPage } from '../../schema/store/scan.js'

const DAY = 86_400_000
/** Lines are of so many days, the newest of yesterday. */
export const DAYS = 8
const MIDNIGHT = Math.floor(Date.now() / DAY) * DAY

const ALL = { from: 0, to: MIDNIGHT + DAY, filters: [], audience: 'all' as const }
const STATUSES = [200, 404, 503, 200, 499]
const HOSTS = ['www.example.com', 'api.example.com', 'shop.example.com']

/** At noon or in the hour after it, so that no limit of whole days from now comes near. */
export const timeOf = (n: number) => MIDNIGHT - (1 + (n % DAYS)) * DAY + 12 * 3_600_000 + (n % 3_600) * 1_000
const statusOf = (n: number) => STATUSES[n % STATUSES.length]
const hostOf = (n: number) => HOSTS[n % HOSTS.length]

export const lineOf = (n: number) =>
  `${JSON.stringify({
    RayID: (n + 1).toString(16).padStart(16, '0'),
    EdgeStartTimestamp: new Date(timeOf(n)).toISOString(),
    EdgeResponseStatus: statusOf(n),
    ClientRequestHost: hostOf(n),
    ClientRequestURI: `/p/${n}`,
  })}\n`

export const linesOf = (numbers: readonly number[]) => numbers.map(lineOf).join('')

export interface Found {
  /** line → the batch that stored it */
  batches: Map<number, string>
  /** lines that are there more than once */
  doubled: number[]
  /** sentences about figures that are not what the records come to */
  wrong: string[]
}

/** What rests in the file, and whether what is summed up of it agrees. */
export function found(path: string): Found {
  const reader = new Reader(path)
  try {
    const batches = new Map<number, string>()
    const doubled: number[] = []
    const wrong: string[] = []
    for (let after: string | null = null; ;) {
      const page: ScanPage = reader.scan({ ...ALL, limit: MOST_SCANNED, after })
      let row = 0
      for (const { path: text } of recordsOfPage(page)) {
        const n = Number(/^\/p\/(\d+)$/.exec(text ?? '')?.[1] ?? Number.NaN)
        const batch = page.batches.ids[page.batches.of[row++]]
        if (Number.isNaN(n)) wrong.push(`a record of ${text}`)
        else if (batches.has(n)) doubled.push(n)
        else batches.set(n, batch)
      }
      if ((after = page.next) === null) break
    }
    for (const [by, of] of [
      ['status', statusOf],
      ['host', hostOf],
    ] as const) {
      const sums = new Map<string, number>()
      for (const n of [...batches.keys(), ...doubled]) sums.set(String(of(n)), (sums.get(String(of(n))) ?? 0) + 1)
      const counts = reader.counts(withBounds({ ...ALL, bounds: null, by: [by] }))
      const told = new Map(counts.groups.map(([key], i) => [key, counts.requests[counts.group.indexOf(i)]]))
      for (const key of new Set([...sums.keys(), ...told.keys()]))
        if (sums.get(key) !== told.get(key))
          wrong.push(`${by} ${key}: the records are ${sums.get(key)}, the figure says ${told.get(key)}`)
    }
    return { batches, doubled, wrong }
  } finally {
    reader.dispose()
  }
}
