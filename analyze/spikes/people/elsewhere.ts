/**
 * A picture that others show: whoever asks for it and for nothing else is no visitor of this site but of another, which links it. That it is
 * gone is told, and is nobody's night. A page that lost its picture has visitors who were served the page.
 */
import { MINUTE } from '../../../schema/words/duration.js'
import type { Filter, Selection } from '../../../schema/store/query.js'
import type { ReadRecords } from '../../../schema/store/records.js'

const PICTURE = /\.(?:avif|bmp|gif|ico|jpe?g|mp4|png|svg|webm|webp)$/i
/** One picture has at least this part of the requests. */
const MOST = 0.8
/** Clients that are looked at; of fewer nothing is known. */
const LOOKED_AT = 200
const LEAST = 10
/** Part of them that may have asked for something else, in the time itself or shortly before or after. */
const VISITORS = 0.1
const AROUND_MS = 30 * MINUTE

/** `selection`: the spike's records; `filters`: those that select the site. */
export async function isElsewhere(
  store: ReadRecords,
  selection: Selection,
  filters: Filter[],
  scope: { readonly path?: string },
): Promise<boolean> {
  if (scope.path === undefined || !PICTURE.test(scope.path)) return false
  const paths = await store.counts({ ...selection, bounds: null, by: ['path'], limit: 1 })
  if (paths.group.length === 0 || paths.requests[0] < MOST * paths.total.requests) return false
  const picture: Filter = { dimension: 'path', values: [paths.groups[paths.group[0]][0]] }
  const asking = await store.counts({
    ...selection,
    filters: [...selection.filters, picture],
    bounds: null,
    by: ['clientIp'],
    limit: LOOKED_AT,
  })
  const addresses = [...asking.group].map((g) => asking.groups[g][0]).filter((address) => address !== '')
  if (addresses.length < LEAST) return false
  const others = await store.counts({
    from: selection.from - AROUND_MS,
    to: selection.to + AROUND_MS,
    filters: [...filters, { dimension: 'clientIp', values: addresses }, { ...picture, not: true }],
    audience: 'visitors',
    bounds: null,
    by: ['clientIp'],
    limit: 1,
  })
  return others.total.values <= VISITORS * addresses.length
}
