/** The second witness as a running thing: asks Cloudflare seldom, and answers with both counts. */
import type { Witness, WitnessZone } from '../../../schema/api/witness.js'
import type { ReadRecords } from '../../../schema/store/records.js'
import { HOUR, MINUTE } from '../../../schema/words/duration.js'
import { iso } from '../../../schema/words/iso.js'
import { compare, type CountedHere } from './compare.js'
import { countedByCloudflare, WitnessError, type CountedByCloudflare, type WitnessApi } from './graphql.js'

/** A zone to ask about: its id, and its name in the records; null: all records are of this zone. */
export interface WitnessedZone {
  id: string
  name: string | null
}

/** Reads `ID` or `ID=name`, as a setting has it. */
export function witnessedZone(text: string): WitnessedZone {
  const [id, name = null] = text.split('=')
  return { id, name }
}

export interface WitnessOptions {
  records: ReadRecords
  /** null: nobody is asked */
  api: WitnessApi | null
  zones: readonly WitnessedZone[]
  now?: () => number
}

export interface WitnessService {
  /** Whole hours from … to, epoch ms. */
  of(from: number, to: number): Promise<Witness>
}

/** Cloudflare takes 300 questions in five minutes; a page that is open asks every few seconds. */
const KEPT_MS = 5 * MINUTE
const MOST_KEPT = 50

export function createWitness({ records, api, zones, now = Date.now }: WitnessOptions): WitnessService {
  const kept = new Map<string, { at: number; rows: Promise<CountedByCloudflare[]> }>()

  function theirs(of: WitnessApi, zone: string, from: number, to: number): Promise<CountedByCloudflare[]> {
    const key = `${zone} ${from} ${to}`
    const known = kept.get(key)
    if (known && now() - known.at < KEPT_MS) return known.rows
    const rows = countedByCloudflare(of, zone, from, to)
    rows.catch(() => {})
    kept.delete(key)
    kept.set(key, { at: now(), rows })
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value as string)
    return rows
  }

  async function ours(name: string | null, from: number, to: number): Promise<CountedHere[]> {
    const counts = await records.counts({
      from,
      to,
      filters: name === null ? [] : [{ dimension: 'zone', values: [name] }],
      audience: 'visitors',
      bounds: { step: HOUR, zone: 'UTC' },
      by: ['status'],
    })
    return Array.from(counts.requests, (requests, i) => ({
      hour: counts.bounds[counts.bucket[i]],
      status: Number(counts.groups[counts.group[i]][0]),
      requests,
    }))
  }

  return {
    async of(from, to) {
      const asked = api === null ? [] : zones
      return {
        from: iso(from),
        to: iso(to),
        zones: await Promise.all(
          asked.map(async ({ id, name }): Promise<WitnessZone> => {
            const of = { zone: id, name }
            try {
              const [their, our] = await Promise.all([theirs(api as WitnessApi, id, from, to), ours(name, from, to)])
              return { ...of, problem: null, ...compare(their, our) }
            } catch (error) {
              if (!(error instanceof WitnessError)) throw error
              const problem = { code: error.code, message: error.message }
              return { ...of, problem, verdict: null, share: null, total: null, hours: [], statuses: [] }
            }
          }),
        ),
      }
    },
  }
}
