/** Sums of millions of values, merged piece by piece. */
import { expect, test } from 'vitest'
import { Dictionary, encodeHashes } from '../../../schema/sqlite/columns/dictionary.js'
import { largest } from '../../../schema/store/largest.js'
import { MergedValues, type CodeSums } from '../../../schema/sqlite/questions/merged-values.js'
import { hashed, type TextKey } from '../../../schema/sqlite/columns/text-hash.js'
import { encodeTexts, Texts } from '../../../schema/sqlite/columns/text.js'
import { rowOrder } from '../../../schema/sqlite/segments/order.js'
import { tidyColumn } from '../../../schema/sqlite/segments/tidy.js'
import { valuesOf } from '../../../schema/store/values.js'
import { randomFrom } from '../../contract/sample-records.js'

const KEY: TextKey = [1, 2]

interface Sum {
  requests: number
  bytes: number
  records: number
  errors: number
}

/** Segments of some sizes; what they come to goes into `expected`. */
function segmentsOf(
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

function expectSums(merged: MergedValues, expected: Map<string, Sum>): void {
  const { count, textOf, requests, bytes, records, errors } = merged.finish()
  const got = new Map(
    Array.from({ length: count }, (_, i) => [
      textOf(i),
      {
        requests: requests[i],
        bytes: bytes[i],
        records: records[i],
        errors: errors?.[i],
      },
    ]),
  )
  expect(got.size).toBe(count)
  expect(got).toEqual(expected)
}

test.each([
  ['large', Array.from({ length: 6 }, () => 20_000)],
  ['small', Array.from({ length: 40 }, () => 12)],
  ['of every size', [20_000, 3, 1, 400, 2_000, 9_000, 0, ...Array.from({ length: 30 }, (_, i) => i * 40)]],
])('values of segments, %s, are added up as a map would, at once and in groups that were merged before', (_, sizes) => {
  const random = randomFrom(1)
  const expected = new Map<string, Sum>()
  const segments = segmentsOf(sizes, random, expected)
  const merged = new MergedValues()
  for (const [dictionary, sums] of segments) merged.add(() => dictionary, sums)
  expectSums(merged, expected)
  const grouped = new MergedValues()
  for (let i = 0; i < segments.length;) {
    const group = new MergedValues()
    const end = i + 1 + Math.floor(random() * 5)
    for (const [dictionary, sums] of segments.slice(i, end)) group.add(() => dictionary, sums)
    if (random() < 0.7) grouped.addMerged(group.together())
    else for (const [dictionary, sums] of segments.slice(i, end)) grouped.add(() => dictionary, sums)
    i = end
  }
  expectSums(grouped, expected)
})

test('the largest, equal ones by text', () => {
  const numbers = Float64Array.of(5, 9, 5, 1, 5, 7, 0)
  const names = ['d', 'x', 'b', 'a', 'c', 'y', 'z']
  const pick = (limit: number) =>
    largest(numbers, 7, limit, (i) => names[i])
      .map((i) => names[i])
      .sort()
  expect(pick(1)).toEqual(['x'])
  expect(pick(3)).toEqual(['b', 'x', 'y'])
  expect(pick(4)).toEqual(['b', 'c', 'x', 'y'])
  expect(pick(6)).toEqual(['a', 'b', 'c', 'd', 'x', 'y'])
  expect(pick(0)).toEqual([])
})
