/**
 * A column as a segment keeps it: some rows in a given order, only the values they have, in the order of their
 * hashes.
 */
import { radixOrder } from './radix.js'
import { codesFor, pickValues, type Column, type Values } from './values.js'

/** `counts[code]`: rows with the code. */
export interface TidyColumn extends Column { counts: Uint32Array }

export function tidyColumn({ codes, values }: Column, order: Uint32Array): TidyColumn {
  const n = order.length
  if (values.size === 1) return { codes: new Uint8Array(n), values, counts: Uint32Array.of(n) }
  const occurs = new Uint32Array(values.size)
  const out = codesFor(values.size, n)
  for (let i = 0; i < n; i++) {
    const code = codes[order[i]]
    out[i] = code
    occurs[code]++
  }
  const picked = byHash(values, occurs)
  const remap = new Uint32Array(values.size)
  const counts = new Uint32Array(picked.length)
  counts[0] = n
  for (let code = 1; code < picked.length; code++) {
    remap[picked[code]] = code
    counts[code] = occurs[picked[code]]
    counts[0] -= counts[code]
  }
  for (let i = 0; i < n; i++) out[i] = remap[out[i]]
  return { codes: out, values: pickValues(values, picked), counts }
}

/** Values that occur, ascending by hash; "absent" (and an empty text, which is the same) first. */
function byHash({ size, folded, exact }: Values, occurs: Uint32Array): Uint32Array {
  const used = new Uint32Array(size)
  let n = 0
  for (let v = 1; v < size; v++) {
    used[n] = v
    if (occurs[v] > 0 && (folded[v] !== 0 || exact[v] !== 0)) n++
  }
  const keys = new Uint32Array(n)
  for (let i = 0; i < n; i++) keys[i] = folded[used[i]]
  const order = radixOrder(keys, 0xffff_ffff)
  const out = new Uint32Array(n + 1)
  for (let i = 0; i < n; i++) {
    const v = used[order[i]]
    // equal hashes of folded text (values that differ in case only): by the other hash
    let at = i + 1
    while (at > 1 && folded[out[at - 1]] === folded[v] && exact[out[at - 1]] > exact[v]) out[at] = out[--at]
    out[at] = v
  }
  return out
}
