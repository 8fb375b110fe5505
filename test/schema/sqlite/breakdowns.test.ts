/** Sums of millions of values, merged piece by piece. */
import { expect, test } from 'vitest'
import { largest } from '../../../schema/store/largest.js'
import { MergedValues } from '../../../schema/sqlite/questions/merged-values.js'
import { randomFrom } from '../../contract/sample-records.js'
import { segmentsOf, sumsOf, type Sum } from './merged-segments.js'

function expectSums(merged: MergedValues, expected: Map<string, Sum>): void {
  const all = merged.finish()
  const got = sumsOf(all)
  expect(got.size).toBe(all.count)
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

test.each([
  ['at once', 6],
  ['part by part', 30],
])('the heaviest of all values, equal ones by text, and what all come to, %s', (_, segments) => {
  const expected = new Map<string, Sum>()
  const merged = new MergedValues()
  const sizes = Array.from({ length: segments }, () => 20_000)
  for (const [dictionary, sums] of segmentsOf(sizes, randomFrom(2), expected)) merged.add(() => dictionary, sums)
  const inOrder = [...expected].sort(([a, x], [b, y]) => y.requests - x.requests || (a < b ? -1 : 1))
  const sum = (name: keyof Sum) => inOrder.reduce((n, [, one]) => n + one[name], 0)
  for (const limit of [0, 1, 50, 7_000]) {
    const found = merged.finish(limit)
    expect([...sumsOf(found)].sort(([a], [b]) => (a < b ? -1 : 1))).toEqual(
      inOrder.slice(0, limit).sort(([a], [b]) => (a < b ? -1 : 1)),
    )
    const [requests, bytes, records, errors] = (['requests', 'bytes', 'records', 'errors'] as const).map(sum)
    expect(found.named).toEqual({ values: expected.size, requests, bytes, records, errors })
  }
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
