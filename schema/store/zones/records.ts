/** The records of some zones and no others, asked in the same words: what is not theirs is not there. */
import { COUNTED_STEP } from '../counts-only.js'
import type { Filter, Selection } from '../query.js'
import type { ReadRecords, RecordsExtent } from '../records.js'
import { scanPages } from '../scan-pages.js'

/** What is only counted is told by whole steps. */
const wholeSteps = (from: number, to: number) => ({
  from: Math.floor(from / COUNTED_STEP) * COUNTED_STEP,
  to: Math.ceil(to / COUNTED_STEP) * COUNTED_STEP,
})

/** `zones`: their names; a filter compares them without regard to case. */
export function recordsOfZones(records: ReadRecords, zones: readonly string[]): ReadRecords {
  const own: Filter = { dimension: 'zone', values: [...zones] }
  const within = <Q extends Selection>(query: Q): Q => ({ ...query, filters: [...query.filters, own] })
  const names = new Set(zones.map((zone) => zone.toLowerCase()))

  async function earliest(all: Selection): Promise<number | null> {
    for await (const { block } of scanPages(records, { ...all, limit: 1, fields: ['time'] }))
      if (block.rows > 0) return block.from
    return null
  }

  async function extent(): Promise<RecordsExtent> {
    const whole = await records.extent()
    const counted = await ownCounts(whole)
    const nothing = { records: 0, from: null, to: null, ...counted }
    if (whole.from === null || whole.to === null) return nothing
    const all: Selection = within({ audience: 'all', filters: [], ...wholeSteps(whole.from, whole.to + 1) })
    const { total } = await records.counts({ ...all, bounds: null, by: [] })
    if (total.records === 0) return nothing
    const [first, last] = await Promise.all([
      earliest(all),
      records.newest({ ...all, limit: 1, after: null, fields: ['time'] }),
    ])
    return { records: total.records, from: first, to: last.records[0]?.time ?? null, ...counted }
  }

  /** Some of theirs may be gone and counted, if anything of theirs was there at that time. */
  async function ownCounts({ counted }: RecordsExtent): Promise<Pick<RecordsExtent, 'counted'>> {
    if (counted === undefined) return {}
    const range = wholeSteps(counted.from, counted.to)
    const asked = within({ audience: 'all', filters: [], ...range })
    const { total } = await records.counts({ ...asked, bounds: null, by: [] })
    return total.records === 0 ? {} : { counted: { ...counted, records: Math.min(counted.records, total.records) } }
  }

  return {
    counts: (query) => records.counts(within(query)),
    percentiles: (query) => records.percentiles(within(query)),
    newest: (query) => records.newest(within(query)),
    values: (query) => records.values(within(query)),
    scan: (query) => records.scan(within(query)),
    presence: (selection, fields) => records.presence(within(selection), fields),
    byRayId: async (rayId) =>
      (await records.byRayId(rayId)).filter(({ zone }) => zone !== null && names.has(zone.toLowerCase())),
    extent,
  }
}
