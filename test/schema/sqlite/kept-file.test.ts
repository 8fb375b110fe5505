/** Merged weeks in a file beside the store: the same sums, bounded room, nothing but what was written. */
import { mkdtempSync, openSync, closeSync, readdirSync, readlinkSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, expect, test, vi } from 'vitest'
import { openToRead } from '../../../schema/sqlite/database.js'
import { merged } from '../../../schema/sqlite/questions/heaviest.js'
import { KeptFile } from '../../../schema/sqlite/questions/kept-file.js'
import { KeptMerges } from '../../../schema/sqlite/questions/kept-merges.js'
import type { ListedValues } from '../../../schema/sqlite/questions/kept-values.js'
import { MergedValues, type Together } from '../../../schema/sqlite/questions/merged-values.js'
import { Catalog, type SegmentInfo } from '../../../schema/sqlite/segments/catalog.js'
import { SegmentSource } from '../../../schema/sqlite/segments/segment.js'
import { Writer } from '../../../schema/sqlite/writer.js'
import { blockOf, progress, randomFrom, randomSamples } from '../../contract/sample-records.js'
import { segmentsOf, sumsOf, type Sum } from './merged-segments.js'

const folder = mkdtempSync(join(tmpdir(), 'faultline-kept-file-'))
afterAll(() => rmSync(folder, { recursive: true }))

const MIB = 1024 * 1024
const path = (name: string) => join(folder, name)

const infoOf = (id: number, day: number): SegmentInfo => ({
  id,
  day,
  rows: 10,
  firstTime: 0,
  lastTime: 1,
  chunkBits: 0,
  bytes: 0,
  slots: new Uint8Array(),
  checksum: id,
})

/** Weeks of three segments each, kept by `merges`: how to ask for them, and what they come to. */
function weeksOf(weeks: number, size = 20_000) {
  const expected = new Map<string, Sum>()
  const segments = segmentsOf(
    Array.from({ length: weeks * 3 }, () => size),
    randomFrom(weeks),
    expected,
  )
  const infos = segments.map((_, i) => infoOf(i, 7 * Math.floor(i / 3)))
  let read = 0
  function ask(merges: KeptMerges, of: readonly SegmentInfo[] = infos): MergedValues {
    const values = new MergedValues()
    read = 0
    merges.addAll(values, 'clientIp', of, (to, { id }) => {
      read++
      const [dictionary, sums] = segments[id]
      to.add(() => dictionary, sums)
    })
    return values
  }
  return { expected, infos, ask, segmentsRead: () => read }
}

test('what rests in the file adds up to the same, and no segment is read again', () => {
  const { expected, ask, segmentsRead } = weeksOf(5)
  const file = new KeptFile(path('same'), () => 64 * MIB)
  const merges = new KeptMerges(1_000_000, file)
  expect(sumsOf(ask(merges).finish())).toEqual(expected)
  expect(segmentsRead()).toBe(15)
  const again = ask(merges)
  expect(sumsOf(again.finish())).toEqual(expected)
  expect(segmentsRead()).toBe(0)
  const few = again.finish(20, { withBytes: false })
  const heaviest = [...expected].sort(([a, x], [b, y]) => y.requests - x.requests || (a < b ? -1 : 1)).slice(0, 20)
  expect(new Map([...sumsOf(few)].map(([key, { requests, errors }]) => [key, [requests, errors]]))).toEqual(
    new Map(heaviest.map(([key, { requests, errors }]) => [key, [requests, errors]])),
  )
  expect(few.named.values).toBe(expected.size)
  // nobody finds it by name
  expect(readdirSync(folder).filter((name) => name.startsWith('same'))).toEqual([])
  file.close()
})

test('numbers of every size and fractions come back as they were', () => {
  const [[dictionary]] = segmentsOf([3_000], randomFrom(9), new Map())
  const columns = [
    (i: number) => (i % 5) + 1,
    (i: number) => i * 3,
    (i: number) => i * 70_000,
    (i: number) => i * 2 ** 33,
    (i: number) => i / 3,
    (i: number) => -i,
  ]
  const file = new KeptFile(path('numbers'), () => 64 * MIB)
  for (const numberOf of columns) {
    const numbers = Float64Array.from({ length: dictionary.size }, (_, i) => numberOf(i))
    const values = new MergedValues()
    const ones = new Float64Array(dictionary.size).fill(1)
    values.add(() => dictionary, { code: null, requests: numbers, bytes: numbers, records: ones, errors: numbers })
    const plain = values.together()
    const filed = file.keep((plain.values as ListedValues).list, () => {})
    expect(filed).not.toBeNull()
    const again = new MergedValues()
    again.addMerged({ ...plain, values: filed } as Together)
    expect(sumsOf(again.finish())).toEqual(sumsOf(values.finish()))
  }
  file.close()
})

test('the oldest makes room for the newest', () => {
  const { infos, ask, segmentsRead } = weeksOf(6)
  // room for some three weeks
  const file = new KeptFile(path('ring'), () => 2 * MIB)
  const merges = new KeptMerges(1_000_000, file)
  const week = (n: number) => infos.filter(({ day }) => day === 7 * n)
  for (const n of [0, 1, 2, 3, 4, 5]) ask(merges, week(n)).finish()
  ask(merges, week(5)).finish()
  expect(segmentsRead()).toBe(0)
  ask(merges, week(0)).finish()
  expect(segmentsRead()).toBe(3)
  file.close()
})

test('nothing is written over what the question of now is answered by', () => {
  const { expected, ask } = weeksOf(6)
  const file = new KeptFile(path('narrow'), () => 2 * MIB)
  const merges = new KeptMerges(1_000_000, file)
  for (let round = 0; round < 3; round++) expect(sumsOf(ask(merges).finish())).toEqual(expected)
  file.close()
})

test('where no file can be, what fits into the memory is kept', () => {
  const { expected, ask } = weeksOf(2)
  const file = new KeptFile(join(folder, 'no such folder', 'store'), () => 64 * MIB)
  const merges = new KeptMerges(1_000_000, file)
  for (let round = 0; round < 2; round++) expect(sumsOf(ask(merges).finish())).toEqual(expected)
  file.close()
})

test.runIf(process.platform === 'linux')('a byte that changes there is an error, and no figure', () => {
  const { expected, ask } = weeksOf(2)
  const file = new KeptFile(path('damaged'), () => 64 * MIB)
  const merges = new KeptMerges(1_000_000, file)
  ask(merges).finish()
  const [fd] = readdirSync('/proc/self/fd').filter((one) => {
    try {
      return readlinkSync(`/proc/self/fd/${one}`).includes('damaged-kept-')
    } catch {
      return false
    }
  })
  const other = openSync(`/proc/self/fd/${fd}`, 'r+')
  writeSync(other, Buffer.from([1, 2, 3, 4, 5]), 0, 5, 4_000)
  closeSync(other)
  expect(() => ask(merges).finish()).toThrow(expect.objectContaining({ code: 'STORE_DAMAGED' }) as Error)
  // made anew of the segments
  expect(sumsOf(ask(merges).finish())).toEqual(expected)
  file.close()
})

test('what is kept holds nothing of what it was made of', async () => {
  const store = path('held.sqlite')
  const writer = new Writer(store, 'test')
  const { value: batch } = writer.open({ input: 'logpush', name: null })
  for (let number = 1; number <= 6; number++)
    writer.write(batch, {
      number,
      blocks: [blockOf(randomSamples(50, number, 0.9))],
      rejected: [],
      progress: progress(50),
    })
  writer.dispose()
  const db = openToRead(store)
  const segments = new Catalog(db).every()
  const source = new SegmentSource(db, MIB)
  const merges = new KeptMerges(1_000_000)
  const added: WeakRef<object>[] = []
  const { add } = MergedValues.prototype
  const spy = vi.spyOn(MergedValues.prototype, 'add').mockImplementation(function (this: MergedValues, ...given) {
    added.push(new WeakRef(this))
    add.apply(this, given)
  })
  const [from, to] = [0, Date.UTC(2100, 0)]
  const ask = () =>
    merged(
      source,
      segments,
      { from, to, bounds: Float64Array.of(from, to), by: ['clientIp'], filters: [], audience: 'visitors' },
      merges,
    ).values.finish().count
  expect(ask()).toBeGreaterThan(0)
  expect(added.length).toBeGreaterThan(0)
  spy.mockRestore()
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => setTimeout(resolve, 10))
    gc()
  }
  expect(added.filter((one) => one.deref() !== undefined)).toEqual([])
  // and yet it is kept
  expect(ask()).toBeGreaterThan(0)
  db.close()
})
