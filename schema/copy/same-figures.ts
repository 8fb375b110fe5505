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
    const differing =
      [...mine].filter(([key, sums]) => theirs.get(key) !== sums).length + (mine.size === theirs.size ? 0 : 1)
    if (differing > 0) found.push(`requests, bytes and records by ${question.by.join(', ')}: ${differing} figures`)
  }
  return found
}

async function cells(store: Store, query: CountQuery): Promise<Map<string, string>> {
  const { bucket, group, groups, requests, bytes, records } = await store.records.counts(query)
  // weights like 1/0.3 add up to the same but for the last digits
  const sum = (n: number) => n.toPrecision(12)
  return new Map(
    [...bucket].map((b, i) => [
      JSON.stringify([b, ...groups[group[i]]]),
      [sum(requests[i]), sum(bytes[i]), sum(records[i])].join(' '),
    ]),
  )
}
