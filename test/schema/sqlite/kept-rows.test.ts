/** What a reader keeps from question to question: rows of segments, and breakdowns of weeks. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { KeptMerges } from '../../../schema/sqlite/questions/kept-merges.js'
import { openToRead } from '../../../schema/sqlite/database.js'
import { Catalog, type SegmentInfo } from '../../../schema/sqlite/segments/catalog.js'
import { MergedValues } from '../../../schema/sqlite/questions/merged-values.js'
import { Writer } from '../../../schema/sqlite/writer.js'
import { blockOf, progress, randomSamples } from '../../contract/sample-records.js'

const folder = mkdtempSync(join(tmpdir(), 'faultline-kept-rows-'))
afterAll(() => rmSync(folder, { recursive: true }))

const path = join(folder, 'kept.sqlite')
let writer: Writer
let seed = 0

function store(parts: number): void {
  const { value: batch } = writer.open({ input: 'logpush', name: null })
  for (let number = 1; number <= parts; number++)
    writer.write(batch, {
      number,
      blocks: [blockOf(randomSamples(30, ++seed, 0.9))],
      rejected: [],
      progress: progress(30),
    })
}

beforeAll(() => {
  writer = new Writer(path, 'test')
  store(70)
})
afterAll(() => writer.dispose())

test('rows of segments that were read and checked are not read again, new ones and merged ones are', () => {
  const db = openToRead(path)
  const catalog = new Catalog(db)
  const first = catalog.every()
  expect(first).toHaveLength(70)
  store(2)
  const second = catalog.every()
  expect(second).toHaveLength(72)
  // the same objects, not equal ones
  expect(second.filter((info) => first.includes(info))).toHaveLength(70)
  writer.tidyNow()
  const [one, ...others] = catalog.every()
  expect([one.rows, others]).toEqual([72 * 30, []])
  expect(catalog.overlapping(one.firstTime, one.lastTime)).toEqual([one])
  db.close()
})

test('a row that was damaged before it was read is told of, with those beside it known', () => {
  const db = openToRead(path)
  const catalog = new Catalog(db)
  catalog.every()
  store(1)
  writer.db.exec('update segment set rows = rows + 1 where id = (select max(id) from segment)')
  expect(() => catalog.every()).toThrow(/the row of segment \d+/)
  writer.db.exec('update segment set rows = rows - 1 where id = (select max(id) from segment)')
  expect(catalog.every()).toHaveLength(2)
  writer.db.exec('update segment_total set segments = segments + 1')
  expect(() => catalog.every()).toThrow(/are missing/)
  writer.db.exec('update segment_total set segments = segments - 1')
  db.close()
})

test('of a week whose segments change with each commit only the newest breakdowns are kept', () => {
  const merges = new KeptMerges(1_000)
  const segment = (id: number): SegmentInfo => ({
    id,
    day: 20_000,
    rows: 10,
    firstTime: 0,
    lastTime: 1,
    chunkBits: 0,
    bytes: 0,
    slots: new Uint8Array(),
    checksum: id,
  })
  let looks = 0
  const ask = (newest: number) => {
    looks = 0
    merges.addAll(new MergedValues(), 'host', [segment(1), segment(2), segment(3), segment(newest)], () => looks++)
    return looks
  }
  expect([4, 5, 6, 7, 8].map(ask)).toEqual([4, 4, 4, 4, 4])
  expect([8, 7, 6].map(ask)).toEqual([0, 0, 0])
  expect(ask(5)).toBe(4)
})
