/** Do two stores give the same figures? What is compared reads every record of both. */
import type { CountQuery } from '../store/query.js'
import type { Store } from '../store/store.js'

const QUESTIONS: readonly Pick<CountQuery, 'by' | 'bounds'>[] = [
  { by: ['status', 'source', 'visitor'], bounds: { step: 'day', zone: 'UTC' } },
  { by: ['zone', 'host'], bounds: null },
  { by: ['country', 'cacheStatus'], bounds: null },
]

/** What differs, in words; [] if nothing does. */
export async function differences(one: Store, other: Store): Promise<string[]> {
  const [a, b] = await Promise.all([one.records.extent(), other.records.extent()])
  const found: string[] = []
  for (const what of ['records', 'from', 'to'] as const)
    if (a[what] !== b[what]) found.push(`${what}: ${String(a[what])} there, ${String(b[what])} here`)
  if (found.length > 0 || a.from === null || a.to === null) return found
  const range = { from: a.from, to: a.to + 1, filters: [], audience: 'all' as const }
  for (const question of QUESTIONS) {
    const [mine, theirs] = await Promise.all([one, other].map((store) => cells(store, { ...range, ...question })))
    // of a flood of hosts an engine may name the heaviest only: what both name is the same, and so are the totals
    const areWhole = mine.isWhole && theirs.isWhole
    const differs = ([key, sums]: [string, string]) => (theirs.sums.has(key) ? theirs.sums.get(key) !== sums : areWhole)
    const differing =
      [...mine.sums].filter(differs).length +
      (areWhole && mine.sums.size !== theirs.sums.size ? 1 : 0) +
      (mine.total === theirs.total ? 0 : 1)
    if (differing > 0) found.push(`requests, bytes and records by ${question.by.join(', ')}: ${differing} figures`)
  }
  return found
}

interface Cells {
  /** requests, bytes and records of each cell, and of all together */
  sums: Map<string, string>
  total: string
  /** every record is in a cell */
  isWhole: boolean
}

async function cells(store: Store, query: CountQuery): Promise<Cells> {
  const { bucket, group, groups, requests, bytes, records, total } = await store.records.counts({
    ...query,
    withBytes: true,
  })
  // weights like 1/0.3 add up to the same but for the last digits
  const sum = (n: number | null | undefined) => (n ?? 0).toPrecision(12)
  return {
    sums: new Map(
      [...bucket].map((b, i) => [
        JSON.stringify([b, ...groups[group[i]]]),
        [sum(requests[i]), sum(bytes?.[i]), sum(records[i])].join(' '),
      ]),
    ),
    total: [total.requests, total.bytes, total.records].map(sum).join(' '),
    isWhole: records.reduce((all, n) => all + n, 0) === total.records,
  }
}
