/** Files that are plain NDJSON at first and something else further on: read in stretches, then from there as a stream. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../../schema/open-store.js'
import type { Store } from '../../../schema/store/store.js'
import { DEFAULT_READ_SETTINGS } from '../../../ingest/reader/normalise.js'
import { createReaderPool, type ReaderPool } from '../../../ingest/reader/pool.js'
import { takeFiles } from '../../../ingest/take-files.js'

const folder = mkdtempSync(join(tmpdir(), 'faultline-files-'))
let readers: ReaderPool
let store: Store
beforeAll(async () => {
  readers = createReaderPool(2)
  store = await openStore(`sqlite:${join(folder, 'store.sqlite')}`)
})
afterAll(async () => {
  await readers.close()
  await store.close()
  rmSync(folder, { recursive: true })
})

let next = 1
const record = (more: object = {}) => ({
  EdgeStartTimestamp: '2026-03-02T10:00:00Z',
  EdgeResponseStatus: 200,
  RayID: (next++).toString(16).padStart(16, '0'),
  ClientRequestUserAgent: 'x'.repeat(500),
  ...more,
})
const line = () => `${JSON.stringify(record())}\n`
/** Several stretches, so that some are under way when the first that is not plain is met. */
const PLAIN = 12_000

async function taken(text: string) {
  const path = join(folder, 'export.ndjson')
  writeFileSync(path, text)
  return takeFiles([path], { store, readers, settings: DEFAULT_READ_SETTINGS })
}

describe('a file that begins as plain NDJSON', () => {
  const many = (n: number) => Array.from({ length: n }, line).join('')

  it.each([
    ['a pretty-printed list', () => JSON.stringify([record(), record(), record()], null, 2), 3],
    ['pretty-printed objects', () => `${JSON.stringify(record(), null, 2)}\n`.repeat(1), 1],
    [
      'a list of more than two megabytes on one line',
      () => `${JSON.stringify(Array.from({ length: 5_000 }, () => record()))}\n`,
      5_000,
    ],
    ['an answer over several lines', () => JSON.stringify({ success: true, result: [record(), record()] }, null, 1), 2],
    ['objects without line feeds', () => `${JSON.stringify(record())}${JSON.stringify(record())}`, 2],
  ])('and goes on as %s', async (_what, odd, count) => {
    const report = await taken(`${many(PLAIN)}${odd()}\n${many(500)}`)
    expect(report).toMatchObject({ stored: PLAIN + count + 500, duplicates: 0, rejected: 0, refused: [] })
  })

  it('tells of a broken line amid others by its number, and loses no other', async () => {
    for (const broken of ['{"a":1,', '{"a":"cut', 'oops', '{"a":[1']) {
      const report = await taken(`${many(PLAIN)}${broken}\n${many(700)}`)
      expect(report).toMatchObject({
        stored: PLAIN + 700,
        rejected: 1,
        rejections: [{ line: PLAIN + 1, reason: 'not-json' }],
      })
    }
  })

  it('rejects a record that is too long, and loses no other', async () => {
    const long = JSON.stringify(record({ ClientRequestUserAgent: 'y'.repeat(3_000_000) }))
    const report = await taken(`${many(PLAIN)}${long}\n${many(300)}`)
    expect(report).toMatchObject({
      stored: PLAIN + 300,
      rejected: 1,
      rejections: [{ line: PLAIN + 1, reason: 'too-long' }],
    })
  })
})
