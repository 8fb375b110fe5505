/** Every codec gives back what it was given. */
import { hashed, type TextKey } from '../../../schema/sqlite/columns/text-hash.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeCodes, encodeCodes } from '../../../schema/sqlite/columns/codes.js'
import { Dictionary, encodeHashes } from '../../../schema/sqlite/columns/dictionary.js'
import { decodeIntegers, encodeIntegers, integerReader } from '../../../schema/sqlite/columns/integers.js'
import { constantOf, decodeNumbers, encodeNumbers, numberReader } from '../../../schema/sqlite/columns/numbers.js'
import { PackedCodes } from '../../../schema/sqlite/columns/packed-codes.js'
import { encodeTexts, Texts } from '../../../schema/sqlite/columns/text.js'
import { indexAt } from '../../../schema/sqlite/columns/ascending.js'
import { decodeTimes, encodeTimes, minuteStarts } from '../../../schema/sqlite/columns/times.js'
import { pack, unpack } from '../../../schema/sqlite/columns/bytes.js'
import {
  chunkBits,
  chunkOf,
  decodeChunk,
  encodeFingerprints,
  mayHold,
} from '../../../schema/sqlite/segments/fingerprints.js'
import { rowOrder } from '../../../schema/sqlite/segments/order.js'
import { tidyColumn } from '../../../schema/sqlite/segments/tidy.js'
import { stringsOf, valuesOf } from '../../../schema/store/values.js'

const KEY: TextKey = [1, 2]

/** Blobs come out of the database at any address. */
function shifted(bytes: Uint8Array, by: number): Uint8Array {
  const out = new Uint8Array(bytes.length + by)
  out.set(bytes, by)
  return out.subarray(by)
}
const address = fc.integer({ min: 0, max: 7 })
const up = (n: number) => Uint32Array.from({ length: n }, (_, i) => i)

test('codes of no bits are refused, and do not keep a reader for ever', () => {
  const bytes = encodeCodes(
    Uint8Array.from({ length: 400 }, (_, i) => i % 4),
    new Uint32Array(4).fill(100),
  )
  for (const bits of [0, 3, 9]) {
    bytes[1] = bits
    expect(() => decodeCodes(bytes)).toThrow(`codes of ${bits} bits`)
  }
})

describe('whole numbers', () => {
  const mostlySmall = fc.oneof(
    {
      weight: 20,
      arbitrary: fc.integer({ min: 0, max: 300 }),
    },
    fc.integer({ min: 0, max: 70_000 }),
    fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  )
  test('of any size', () =>
    fc.assert(
      fc.property(fc.array(mostlySmall, { maxLength: 300 }), address, (numbers, by) => {
        const blob = shifted(encodeIntegers(Uint32Array.from(numbers)), by)
        expect([...decodeIntegers(blob)]).toEqual(numbers)
        expect(numbers.map((_, i) => integerReader(blob)(i))).toEqual(numbers)
      }),
    ))
  test('one large one does not widen the others', () => {
    const numbers = new Uint32Array(10_000).map((_, i) => i % 200)
    const before = encodeIntegers(numbers).byteLength
    numbers[77] = 4_000_000_000
    expect(encodeIntegers(numbers).byteLength).toBe(before + 8)
  })
})

describe('measures', () => {
  const number = fc.oneof(
    fc.integer({ min: 0, max: 5000 }),
    fc.constant(Number.NaN),
    fc.integer({ min: 0, max: 1e6 }).map((n) => n / 1000),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  )
  test('with gaps, fractions and odd ones', () =>
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(number),
          fc.array(fc.integer({ min: 0, max: 9e6 })),
          fc.array(fc.constantFrom(1, 2.5, Number.NaN)),
        ),
        address,
        (numbers, by) => {
          const blob = shifted(encodeNumbers(Float64Array.from(numbers)), by)
          expect([...decodeNumbers(blob)]).toEqual(numbers)
          expect(numbers.map((_, i) => numberReader(blob)(i))).toEqual(numbers)
        },
      ),
    ))
  test('a constant is seen without decoding', () => {
    expect(constantOf(encodeNumbers(new Float64Array(50).fill(1)))).toBe(1)
    expect(constantOf(encodeNumbers(new Float64Array(50).fill(2.5)))).toBe(2.5)
    expect(constantOf(encodeNumbers(new Float64Array(50).fill(Number.NaN)))).toBeNull()
    expect(constantOf(encodeNumbers(Float64Array.of(1, 2)))).toBeNull()
  })
})

test('times in ascending order', () =>
  fc.assert(
    fc.property(
      fc.array(
        fc.integer({
          min: -1e12,
          max: 4e9,
        }),
      ),
      address,
      (times, by) => {
        const sorted = Float64Array.from(times.filter((t) => t >= 0)).sort()
        const decoded = decodeTimes(shifted(encodeTimes(sorted), by))
        expect([...decoded]).toEqual([...sorted])
        for (const t of times.slice(0, 5)) expect(indexAt(decoded, t)).toBe(sorted.filter((x) => x < t).length)
      },
    ),
  ))

test('the index of minutes says where each begins', () =>
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 20 * 60_000 }), { minLength: 1, maxLength: 60 }),
      fc.integer({ min: -3, max: 3 }),
      address,
      (offsets, day, by) => {
        const times = Float64Array.from(offsets, (ms) => day * 86_400_000 + 61_000 + ms).sort()
        const starts = minuteStarts(shifted(encodeTimes(times), by))
        const first = Math.floor(times[0] / 60_000)
        const last = Math.floor(times[times.length - 1] / 60_000)
        expect([...starts]).toEqual(
          Array.from({ length: last - first + 2 }, (_, i) => times.filter((t) => t < (first + i) * 60_000).length),
        )
      },
    ),
  ))

describe('codes', () => {
  const codesUpTo = (highest: number, rare: number) =>
    fc.array(fc.oneof({ weight: rare, arbitrary: fc.constant(Math.min(1, highest)) }, fc.nat(highest)), {
      maxLength: 400,
    })
  test('of few and many values, nearly all the same or all different', () =>
    fc.assert(
      fc.property(
        fc
          .constantFrom(0, 1, 3, 15, 255, 65_535, 1_000_000)
          .chain((highest) => codesUpTo(highest, highest % 2 ? 60 : 1)),
        address,
        (codes, by) => {
          const counts = new Uint32Array(Math.max(0, ...codes) + 1)
          for (const c of codes) counts[c]++
          const blob = shifted(encodeCodes(Uint32Array.from(codes), counts), by)
          expect([...decodeCodes(blob)]).toEqual(codes)
        },
      ),
    ))
  test('packed, they are searched, picked and kept as if they were spread out', () =>
    fc.assert(
      fc.property(
        fc
          .constantFrom(0, 1, 3, 15, 255, 65_535, 1_000_000)
          .chain((highest) => codesUpTo(highest, highest % 2 ? 60 : 1)),
        address,
        fc.infiniteStream(fc.boolean()),
        fc.uniqueArray(fc.nat(400), { maxLength: 6 }),
        (codes, by, coins, cuts) => {
          const highest = Math.max(0, ...codes)
          const counts = new Uint32Array(highest + 1)
          for (const c of codes) counts[c]++
          const column = PackedCodes.from(shifted(encodeCodes(Uint32Array.from(codes), counts), by))
          const passes = new Map([...new Set(codes)].map((code) => [code, coins.next().value ? 1 : 0]))
          const pass = new Uint8Array(highest + 1)
          for (const [code, p] of passes) pass[code] = p
          const ends = cuts.map((cut) => Math.min(cut, codes.length)).sort((a, b) => a - b)
          const ranges = ends
            .slice(0, ends.length & ~1)
            .flatMap((from, i) => (i % 2 ? [] : [{ from, to: ends[i + 1] }]))
          const rows = ranges.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i))
          const few = rows.filter(() => coins.next().value)
          for (const one of [column, PackedCodes.of(column.all())]) {
            expect([...one.all()]).toEqual(codes)
            expect(codes.map((_, row) => one.at(row))).toEqual(codes)
            expect([...one.select(ranges, pass)]).toEqual(rows.filter((row) => pass[codes[row]]))
            for (const some of [rows, few, few.slice(0, 1)]) {
              expect([...one.pick(Uint32Array.from(some))]).toEqual(some.map((row) => codes[row]))
              expect([...one.keep(Uint32Array.from(some), pass)]).toEqual(some.filter((row) => pass[codes[row]]))
            }
          }
        },
      ),
    ))
  test('more rows than two bytes can number', () => {
    const codes = new Uint8Array(70_000)
    codes[69_999] = 3
    const blob = encodeCodes(codes, Uint32Array.of(69_999, 0, 0, 1))
    expect(decodeCodes(blob)).toEqual(codes)
    const column = PackedCodes.from(blob)
    expect([69_998, 69_999].map((row) => column.at(row))).toEqual([0, 3])
    expect([...column.select([{ from: 10, to: 70_000 }], Uint8Array.of(0, 0, 0, 1))]).toEqual([69_999])
  })
  test('one code among many rows, rare here and frequent there, from any row to any row', () => {
    const codes = Uint8Array.from({ length: 20_000 }, (_, i) => (i % 7_000 < 3_000 ? i % 3 : (i * 31) % 251))
    const pass = new Uint8Array(256)
    pass[1] = 1
    const moved = new Uint8Array(20_003)
    for (const by of [0, 1, 2, 3]) {
      moved.set(codes, by)
      const column = PackedCodes.of(moved.subarray(by, by + 20_000))
      for (const [from, to] of [
        [0, 20_000],
        [1, 19_999],
        [2_999, 9_001],
        [13, 14],
        [5, 5],
        [3_001, 4_030],
      ] as const) {
        const rows = Array.from({ length: to - from }, (_, i) => from + i)
        expect([...column.select([{ from, to }], pass)]).toEqual(rows.filter((row) => codes[row] === 1))
      }
    }
  })
})

describe('dictionaries', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.webPath(),
    fc.ipV4(),
    fc.ipV6(),
    fc.constantFrom('1.2.3', '01.2.3.4', '1.2.3.4.5', '256.1.1.1', '1.2.3.4 ', '0.0.0.0', '255.255.255.255'),
    fc.constantFrom('/Cart', '/cart', '/CART', ''),
  )
  test('give back text, code by code, and find it whatever its case', () =>
    fc.assert(
      fc.property(fc.uniqueArray(text, { maxLength: 60 }), address, (values, by) => {
        const rows = up(values.length)
        const tidy = tidyColumn(
          [{ codes: rows.map((i) => i + 1), values: hashed(valuesOf(['', ...values]), KEY) }],
          rowOrder(rows),
        )
        const texts = new Texts(shifted(encodeTexts(tidy.values), by))
        const dictionary = new Dictionary(shifted(encodeHashes(tidy.values), by), () => texts, KEY)
        expect([...tidy.codes].map((code) => dictionary.value(code))).toEqual(values)
        const fold = (s: string) => s.replace(/[A-Z]/g, (c) => c.toLowerCase())
        for (const value of values) {
          const found = dictionary
            .codesOf(value)
            .map((code) => dictionary.value(code))
            .sort()
          expect(found).toEqual(value === '' ? [''] : values.filter((v) => fold(v) === fold(value)).sort())
        }
        expect(dictionary.codesOf('nobody has this')).toEqual([])
      }),
    ))
  test('come together from pieces with numbers of their own, in any order of rows', () => {
    const piece = fc.array(fc.constantFrom('', 'a', 'b', '/Cart', '/cart', '/CART', '10.0.0.1', 'münchen'), {
      minLength: 1,
      maxLength: 12,
    })
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 5 }),
        fc.uniqueArray(fc.nat({ max: 59 }), { maxLength: 60 }),
        fc.boolean(),
        (pieces, picks, straight) => {
          const all = pieces.flat()
          const columns = pieces.map((texts) => {
            const values = ['', ...new Set(texts.filter((text) => text !== ''))]
            return {
              codes: Uint8Array.from(texts, (text) => values.indexOf(text)),
              values: hashed(valuesOf(values), KEY),
            }
          })
          const first = (picks[0] ?? 0) % all.length
          const rows = straight
            ? up(all.length - first).map((i) => i + first)
            : Uint32Array.from(picks.filter((pick) => pick < all.length))
          const tidy = tidyColumn(columns, rowOrder(rows))
          const texts = stringsOf(tidy.values)
          expect([...tidy.codes].map((code) => texts[code])).toEqual([...rows].map((row) => all[row]))
          expect(new Set(texts)).toEqual(new Set(['', ...[...rows].map((row) => all[row])]))
          expect(texts.length).toBe(new Set(texts).size)
          expect([...tidy.counts]).toEqual(texts.map((text) => [...rows].filter((row) => all[row] === text).length))
          const folded = [...tidy.values.folded]
          expect(folded).toEqual([...folded].sort((a, b) => a - b))
        },
      ),
    )
  })
  test('hold only the values that rows have', () => {
    const tidy = tidyColumn(
      [{ codes: Uint8Array.of(1, 2, 3, 2), values: hashed(valuesOf(['', 'a', 'b', 'c']), KEY) }],
      rowOrder(Uint32Array.of(3, 1)),
    )
    expect([tidy.values.size, [...tidy.codes], [...tidy.counts]]).toEqual([2, [1, 1], [0, 2]])
  })
})

test('fingerprints find every RayID and hardly any other', () => {
  let seed = 7
  const word = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) ^ (seed >>> 13)
  const hashes = new Uint32Array(40_000).map(() => word() >>> 0)
  const bits = chunkBits(20_000)
  const chunks = encodeFingerprints(hashes).map((blob, i) => decodeChunk(shifted(blob, i % 3)))
  expect(chunks.length).toBe(1 << bits)
  const holds = (h1: number, h2: number) => mayHold(chunks[chunkOf(h1, bits)], bits, h1, h2)
  for (let i = 0; i < 20_000; i++) expect(holds(hashes[i * 2], hashes[i * 2 + 1])).toBe(true)
  let wrong = 0
  for (let i = 0; i < 100_000; i++) if (holds(word() >>> 0, word() >>> 0)) wrong++
  expect(wrong).toBeLessThanOrEqual(2)
})

test('packed sections come apart again', () =>
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), address, (sections, by) => {
      expect(unpack(shifted(pack(sections), by)).map((s) => [...s])).toEqual(sections.map((s) => [...s]))
    }),
  ))
