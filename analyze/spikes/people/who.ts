/** Whose requests a spike is made of: how many clients, and whether one of them makes most of it. */
import type { Filter, Selection } from '../../../schema/store/query.js'
import type { ReadRecords } from '../../../schema/store/records.js'

export interface Who {
  /** different addresses; null where the export has none */
  clients: number | null
  requests: number
  /** those with the most requests, the largest first */
  top: { address: string; requests: number }[]
}

const TOP = 5

export async function whoOf(store: ReadRecords, selection: Selection): Promise<Who> {
  const { groups, group, requests, total } = await store.counts({
    ...selection,
    bounds: null,
    by: ['clientIp'],
    limit: TOP,
  })
  const top = [...group]
    .map((g, i) => ({ address: groups[g][0], requests: requests[i] }))
    .filter(({ address }) => address !== '')
    .sort((a, b) => b.requests - a.requests || (a.address < b.address ? -1 : 1))
  return { clients: top.length === 0 ? null : total.values, requests: total.requests, top }
}

/** A client is loud when it has at least this part of the requests, and this many times its even share. */
const LOUD_PART = 0.3
const LOUD_TIMES = 8
/** ... or this part of them, however few the others are. */
const NEARLY_ALL = 0.8

/** Clients whose requests say nothing about the others: what befell many is judged without them. */
export function loudOf({ clients, requests, top }: Who): string[] {
  if (clients === null) return []
  const loud: string[] = []
  let [left, others] = [requests, clients]
  for (const one of top) {
    const outShouts = one.requests >= LOUD_PART * left && one.requests >= (LOUD_TIMES * left) / others
    if (!outShouts && one.requests < NEARLY_ALL * left) break
    loud.push(one.address)
    left -= one.requests
    others--
  }
  return loud
}

export const without = (addresses: readonly string[]): Filter[] =>
  addresses.length === 0 ? [] : [{ dimension: 'clientIp', values: [...addresses], not: true }]

/** The address that a number of `Counts.values` stands for, among those with errors of a class in a range; null: gone. */
export async function addressOf(store: ReadRecords, selection: Selection, client: number): Promise<string | null> {
  const { groups, group, values } = await store.counts({
    ...selection,
    bounds: null,
    by: ['clientIp'],
    apart: 'clientIp',
  })
  const at = values?.indexOf(client) ?? -1
  return at < 0 ? null : groups[group[at]][0]
}
