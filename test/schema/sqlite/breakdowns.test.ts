/** Sums of millions of values, merged piece by piece. */
import { expect, test } from 'vitest'
import { Dictionary, encodeHashes } from '../../../schema/sqlite/columns/dictionary.js'
import { largest } from '../../../schema/sqlite/questions/largest.js'
import { MergedValues } from '../../../schema/sqlite/questions/merged-values.js'
import { encodeTexts } from '../../../schema/sqlite/columns/text.js'
import { rowOrder } from '../../../schema/sqlite/segments/order.js'
import { tidyColumn } from '../../../schema/sqlite/segments/tidy.js'
import { valuesOf } from '../../../schema/sqlite/segments/values.js'
import { randomFrom } from '../../contract/sample-records.js'

test('values of many segments are added up as a map would', () => {
  const random = randomFrom(1)
  const merged = new MergedValues()
  const expected = new Map<string, { requests: number; bytes: number; records: number; errors: number }>()
  for (let segment = 0; segment < 6; segment++) {
    const values = ['', ...new Set(Array.from(
      { length: 20_000 }, () => `10.0.${Math.floor(random() * 300)}.${Math.floor(random() * 256)}`,
    ))]
    const rows = Uint32Array.from(values, (_, i) => i)
    const tidy = tidyColumn([{ codes: rows, values: valuesOf(values) }], rowOrder(rows))
    const dictionary = new Dictionary(encodeHashes(tidy.values), () => encodeTexts(tidy.values))
    const sums = { requests: new Float64Array(tidy.values.size), bytes: new Float64Array(tidy.values.size), records: new Uint32Array(tidy.values.size), errors: new Float64Array(tidy.values.size) }
    for (let code = 0; code < tidy.values.size; code++) {
      // some codes are only there for rows that the question leaves out
      if (random() < 0.2) continue
      const [records, bytes] = [1 + Math.floor(random() * 5), Math.floor(random() * 1000)]
      Object.entries({
        records, requests: records * 10, bytes, errors: records,
      }).forEach(([name, n]) => { sums[name as keyof typeof sums][code] = n })
      const sum = expected.get(dictionary.value(code)) ?? { requests: 0, bytes: 0, records: 0, errors: 0 }
      expected.set(dictionary.value(code), { requests: sum.requests + records * 10, bytes: sum.bytes + bytes, records: sum.records + records, errors: sum.errors + records })
    }
    merged.add(() => dictionary, sums)
  }
  const { count, textOf, requests, bytes, records, errors } = merged.finish()
  const got = new Map(Array.from({ length: count }, (_, i) => [textOf(i), {
    requests: requests[i], bytes: bytes[i], records: records[i], errors: errors[i],
  }]))
  expect(got.size).toBe(count)
  expect(got).toEqual(expected)
})

test('the largest, equal ones by text', () => {
  const numbers = Float64Array.of(5, 9, 5, 1, 5, 7, 0)
  const names = ['d', 'x', 'b', 'a', 'c', 'y', 'z']
  const pick = (limit: number) => largest(numbers, 7, limit, (i) => names[i]).map((i) => names[i]).sort()
  expect(pick(1)).toEqual(['x'])
  expect(pick(3)).toEqual(['b', 'x', 'y'])
  expect(pick(4)).toEqual(['b', 'c', 'x', 'y'])
  expect(pick(6)).toEqual(['a', 'b', 'c', 'd', 'x', 'y'])
  expect(pick(0)).toEqual([])
})
