/** A column as a segment keeps it: some rows in a given order, only the values they have, in the order of their hashes. */
import { radixOrder } from './radix.js'
import { codesFor, pickValues, type Column } from './values.js'

/** `counts[code]`: rows with the code. */
export interface TidyColumn extends Column { counts: Uint32Array }

export function tidyColumn({ codes, values }: Column, order: Uint32Array): TidyColumn {
  const n = order.length
  const occurs = new Uint32Array(values.size)
  if (values.size === 1) occurs[0] = n
  else for (let i = 0; i < n; i++) occurs[codes[order[i]]]++
  const picked = byHash(values.folded, values.exact, occurs)
  const remap = new Uint32Array(values.size)
  for (let code = 1; code < picked.length; code++) remap[picked[code]] = code
  const out = codesFor(picked.length, n)
  if (picked.length > 1) for (let i = 0; i < n; i++) out[i] = remap[codes[order[i]]]
  const counts = new Uint32Array(picked.length)
  for (let v = 0; v < occurs.length; v++) counts[remap[v]] += occurs[v]
  return { codes: out, values: pickValues(values, picked), counts }
}

/** Values that occur, ascending by hash; "absent" (and an empty text, which is the same) first. */
function byHash(folded: Uint32Array, exact: Uint32Array, occurs: Uint32Array): Uint32Array {
  const used: number[] = []
  for (let v = 1; v < occurs.length; v++) if (occurs[v] > 0 && (folded[v] !== 0 || exact[v] !== 0)) used.push(v)
  const keys = Uint32Array.from(used, (v) => folded[v])
  const order = radixOrder(keys, 0xffff_ffff)
  const out = new Uint32Array(used.length + 1)
  for (let i = 0; i < used.length; i++) {
    const v = used[order[i]]
    // equal hashes of folded text (values that differ in case only): by the other hash
    let at = i + 1
    while (at > 1 && folded[out[at - 1]] === folded[v] && exact[out[at - 1]] > exact[v]) out[at] = out[--at]
    out[at] = v
  }
  return out
}
