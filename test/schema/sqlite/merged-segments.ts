/** Segments as a merge of their values gets them, and what they come to. */
import { Dictionary, encodeHashes } from '../../../schema/sqlite/columns/dictionary.js'
import type { CodeSums, Merged } from '../../../schema/sqlite/questions/merged-values.js'
import { hashed, type TextKey } from '../../../schema/sqlite/columns/text-hash.js'
import { encodeTexts, Texts } from '../../../schema/sqlite/columns/text.js'
import { rowOrder } from '../../../schema/sqlite/segments/order.js'
import { tidyColumn } from '../../../schema/sqlite/segments/tidy.js'
import { valuesOf } from '../../../schema/store/values.js'

const KEY: TextKey = [1, 2]

export interface Sum {
  requests: number
  bytes: number
  records: number
  errors: number
}

/** Segments of some sizes; what they come to goes into `expected`. */
export function segmentsOf(
  sizes: readonly number[],
  random: () => number,
  expected: Map<string, Sum>,
): [Dictionary, CodeSums][] {
  return sizes.map((size) => {
    const values = [
      '',
      ...new Set(
        Array.from({ length: size }, () => `10.0.${Math.floor(random() * 300)}.${Math.floor(random() * 256)}`),
      ),
    ]
    const rows = Uint32Array.from(values, (_, i) => i)
    const tidy = tidyColumn([{ codes: rows, values: hashed(valuesOf(values), KEY) }], rowOrder(rows))
    const texts = new Texts(encodeTexts(tidy.values))
    const dictionary = new Dictionary(encodeHashes(tidy.values), () => texts, KEY)
    const numbers = () => new Float64Array(tidy.values.size)
    const sums = {
      code: null,
      requests: numbers(),
      bytes: numbers(),
      records: new Uint32Array(tidy.values.size),
      errors: numbers(),
    }
    for (let code = 0; code < tidy.values.size; code++) {
      // some codes are only there for rows that the question leaves out
      if (random() < 0.2) continue
      const [records, bytes] = [1 + Math.floor(random() * 5), Math.floor(random() * 1000)]
      const one: Sum = { records, requests: records * 10, bytes, errors: records }
      const sum = expected.get(dictionary.value(code)) ?? { requests: 0, bytes: 0, records: 0, errors: 0 }
      for (const name of ['requests', 'bytes', 'records', 'errors'] as const) {
        sums[name][code] = one[name]
        sum[name] += one[name]
      }
      expected.set(dictionary.value(code), sum)
    }
    return [dictionary, sums]
  })
}

/** The entries of a merge by their text. */
export function sumsOf({ count, textOf, requests, bytes, records, errors }: Merged): Map<string, Sum> {
  return new Map(
    Array.from({ length: count }, (_, i) => [
      textOf(i),
      { requests: requests[i], bytes: bytes[i], records: records[i], errors: errors?.[i] ?? 0 },
    ]),
  )
}
