/** Values are told apart whatever a visitor asks for, and no choice of values makes a question dear. */
import fc from 'fast-check'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { openStore } from '../../../schema/open-store.js'
import { Dictionary, encodeHashes } from '../../../schema/sqlite/columns/dictionary.js'
import { hashed, hashesOf, type HashedValues, type TextKey } from '../../../schema/sqlite/columns/text-hash.js'
import { encodeTexts, Texts } from '../../../schema/sqlite/columns/text.js'
import { MergedValues } from '../../../schema/sqlite/questions/merged-values.js'
import { rowOrder } from '../../../schema/sqlite/segments/order.js'
import { tidyColumn } from '../../../schema/sqlite/segments/tidy.js'
import { ValueIds } from '../../../schema/sqlite/segments/values.js'
import { Writer } from '../../../schema/sqlite/writer.js'
import { stringsOf, valuesOf } from '../../../schema/store/values.js'
import { EVERYTHING } from '../../contract/contract.js'
import { blockOf, progress, sample, START, storeBatch } from '../../contract/sample-records.js'
import { collidingWith, oldHashes } from './old-collisions.js'

const folder = mkdtempSync(join(tmpdir(), 'faultline-hashes-'))
afterAll(() => rmSync(folder, { recursive: true }))

const KEY: TextKey = [0x01234567, 0x7fedcba9]
const lower = (text: string) => text.replace(/[A-Z]/g, (c) => c.toLowerCase())

/** HalfSipHash-1-3 of 64 bits, as its authors write it, word by word. */
function halfSipHash13(bytes: Buffer, [k0, k1]: TextKey): [number, number] {
  const v = [k0, k1 ^ 0xee, k0 ^ 0x6c796765, k1 ^ 0x74656462]
  const rotl = (x: number, by: number) => (x << by) | (x >>> (32 - by))
  const round = () => {
    v[0] += v[1]
    v[1] = rotl(v[1], 5)
    v[1] ^= v[0]
    v[0] = rotl(v[0], 16)
    v[2] += v[3]
    v[3] = rotl(v[3], 8)
    v[3] ^= v[2]
    v[0] += v[3]
    v[3] = rotl(v[3], 7)
    v[3] ^= v[0]
    v[2] += v[1]
    v[1] = rotl(v[1], 13)
    v[1] ^= v[2]
    v[2] = rotl(v[2], 16)
    v.forEach((word, i) => (v[i] = word | 0))
  }
  const padded = Buffer.concat([bytes, Buffer.alloc(4 - (bytes.length % 4))])
  padded[padded.length - 1] = bytes.length
  for (let at = 0; at < padded.length; at += 4) {
    const m = padded.readInt32LE(at)
    v[3] ^= m
    round()
    v[0] ^= m
  }
  v[2] ^= 0xee
  const out: number[] = []
  for (const half of [0, 1]) {
    if (half === 1) v[1] ^= 0xdd
    for (let i = 0; i < 3; i++) round()
    out.push((v[1] ^ v[3]) >>> 0)
  }
  return [out[0], out[1]]
}

test('the hashes of a text are HalfSipHash-1-3 with a key of the store', () =>
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ minLength: 1, unit: 'grapheme' }),
        fc.webPath().filter((p) => p !== ''),
      ),
      fc.tuple(fc.integer(), fc.integer()),
      (text, key) => {
        expect(hashesOf(text, key)).toEqual({
          folded: halfSipHash13(Buffer.from(lower(text)), key)[0],
          exact: halfSipHash13(Buffer.from(text), key)[1],
        })
      },
    ),
  ))

describe('paths that were taken for /login', () => {
  const paths = [1, 2, 3].map((seed) => collidingWith('/login', seed))
  const requests = [
    ...Array.from({ length: 5 }, () => '/login'),
    ...paths.flatMap((path, i) => Array.from({ length: 20 + i }, () => path)),
  ]
  const counts = { '/login': 5, [paths[0]]: 20, [paths[1]]: 21, [paths[2]]: 22 }

  test('had the same two hashes', () => {
    for (const path of paths) expect(oldHashes(path)).toEqual(oldHashes('/login'))
    expect(new Set(paths).size).toBe(3)
  })

  test('are counted, found and kept apart, before and after segments are merged', async () => {
    const file = join(folder, 'collisions.sqlite')
    const url = `sqlite:${file}`
    // user agents and hosts alike: a visitor chooses those as well
    const samples = requests.map((path, i) =>
      sample({ path, userAgent: path, time: START + i * 1000, rayId: i.toString(16).padStart(16, '0') }),
    )
    const store = await openStore(url)
    for (let i = 0; i < samples.length; i += 17) await storeBatch(store, samples.slice(i, i + 17))
    await store.close()
    for (const merge of [false, true]) {
      if (merge) {
        const writer = new Writer(file, 'test')
        writer.tidyNow()
        expect(writer.db.prepare('select count(*) from segment').pluck().get()).toBe(1)
        writer.dispose()
      }
      const again = await openStore(url)
      for (const dimension of ['path', 'userAgent'] as const) {
        const { groups, requests: sums } = await again.records.counts({ ...EVERYTHING, bounds: null, by: [dimension] })
        expect(Object.fromEntries(groups.map(([key], i) => [key, sums[i]]))).toEqual(counts)
        const { values } = await again.records.values({ ...EVERYTHING, dimension, contains: 'log', limit: 10 })
        expect(values).toEqual([{ key: '/login', count: 5 }])
      }
      for (const [path, count] of Object.entries(counts)) {
        const filters = [{ dimension: 'path' as const, values: [path] }]
        const asked = await again.records.counts({ ...EVERYTHING, filters, bounds: null, by: [] })
        expect(asked.total.records).toBe(count)
        const { records } = await again.records.newest({ ...EVERYTHING, filters, limit: 50, after: null })
        expect(records.map((record) => record.path)).toEqual(Array.from({ length: count }, () => path))
      }
      await again.close()
    }
  })
})

test('even texts whose hashes are all the same are kept apart where it decides what is kept', () => {
  const texts = ['', '/login', '/other', '/a', '/b']
  const same = (strings: string[]): HashedValues => {
    const values = valuesOf(strings)
    const one = new Uint32Array(strings.length).fill(7)
    one[0] = 0
    return { ...values, folded: one, exact: one }
  }
  const codes = Uint8Array.of(1, 2, 3, 4)
  const tidy = tidyColumn(
    [
      { codes, values: same(texts) },
      { codes, values: same(['', '/b', '/login', '/c', '/a']) },
    ],
    rowOrder(Uint32Array.of(0, 1, 2, 3, 4, 5, 6, 7)),
  )
  const kept = stringsOf(tidy.values)
  expect([...tidy.codes].map((code) => kept[code])).toEqual([...texts.slice(1), '/b', '/login', '/c', '/a'])
  expect(kept).toHaveLength(6)
})

describe('a flood of values with one folded hash', () => {
  /** 2^17 spellings of one text: whatever the hash, its folded form is the same. */
  const SPELLINGS = 1 << 17
  const spellings = Array.from({ length: SPELLINGS }, (_, n) =>
    [...'/falsifyingtheevidence'].map((c, i) => (i > 0 && (n >> (i - 1)) & 1 ? c.toUpperCase() : c)).join(''),
  )
  const values = hashed(valuesOf(['', ...spellings]), KEY)
  const rows = Uint32Array.from({ length: SPELLINGS }, (_, i) => i)
  const column = () => ({ codes: rows.map((i) => i + 1), values })

  test('costs few comparisons a value to number, to merge and to sort', () => {
    expect(new Set(values.folded.subarray(1)).size).toBe(1)
    const ids = new ValueIds(256)
    for (let v = 1; v <= SPELLINGS; v++) ids.idOf(values.folded[v], values.exact[v])
    expect(ids.count).toBeGreaterThan(SPELLINGS - 8)
    expect(ids.steps).toBeLessThan(SPELLINGS * 16)

    const tidy = tidyColumn([column(), column()], rowOrder(Uint32Array.from({ length: SPELLINGS * 2 }, (_, i) => i)))
    // two spellings in some 4 billion have the same hashes by chance
    expect(tidy.values.size).toBeGreaterThan(SPELLINGS - 8)
    const texts = new Texts(encodeTexts(tidy.values))
    const dictionary = new Dictionary(encodeHashes(tidy.values), () => texts, KEY)
    const merged = new MergedValues()
    const one = new Float64Array(tidy.values.size).fill(1)
    const sums = { code: null, requests: null, bytes: one, records: one, errors: null }
    for (let i = 0; i < 3; i++) merged.add(() => dictionary, sums)
    const { count, steps } = merged.finish()
    expect(count).toBeGreaterThan(SPELLINGS - 8)
    expect(steps).toBeLessThan(SPELLINGS * 16)
  })
})

test('an export that gives all its lines one RayID is taken in, and again', async () => {
  const writer = new Writer(join(folder, 'one-ray.sqlite'), 'test')
  const lines = Array.from({ length: 70_000 }, (_, i) =>
    sample({ rayId: 'redacted', time: START + i, path: `/${i % 50}` }, [i, i ^ 0x5bd1e995]),
  )
  for (const round of [0, 1]) {
    const { value: batch } = writer.open({ input: 'file', name: null })
    const written = [0, 1].map(
      (n) =>
        writer.write(batch, {
          number: n + 1,
          blocks: [blockOf(lines.slice(n * 35_000, (n + 1) * 35_000))],
          rejected: [],
          progress: progress(35_000),
        }).value.stored,
    )
    expect(written).toEqual(round === 0 ? [35_000, 35_000] : [0, 0])
    writer.tidyNow()
  }
  writer.dispose()
})
