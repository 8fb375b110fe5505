/** Merging small segments. */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test, vi } from 'vitest'
import { openStore } from '../../../schema/open-store.js'
import { openToRead } from '../../../schema/sqlite/database.js'
import { Writer } from '../../../schema/sqlite/writer.js'
import { blockOf, progress, randomSamples, START } from '../../contract/sample-records.js'

const folder = mkdtempSync(join(tmpdir(), 'faultline-compaction-'))
afterAll(() => rmSync(folder, { recursive: true }))

const segments = (writer: Writer) =>
  writer.db.prepare('select rows from segment order by first_time').pluck().all() as number[]

let seed = 0

function fill(writer: Writer, parts: number, rows: number): string {
  const { value: batch } = writer.open({ input: 'logpush', name: null })
  for (let n = 0; n < parts; n++)
    writer.write(batch, {
      number: n + 1,
      blocks: [blockOf(randomSamples(rows, ++seed, 0.9))],
      rejected: [],
      progress: progress(rows),
    })
  return batch
}

test('posts of Logpush become one segment a day', () => {
  const writer = new Writer(join(folder, 'posts.sqlite'), 'test')
  fill(writer, 40, 50)
  expect(segments(writer)).toHaveLength(40)
  writer.tidyNow()
  expect(segments(writer)).toEqual([2_000])
  const leftovers = ['segment_blob', 'fingerprint'].map((table) =>
    writer.db.prepare(`select count(distinct id / 256) from ${table}`).pluck().get(),
  )
  expect(leftovers).toEqual([1, 1])
  writer.dispose()
})

test('a store that is opened to be read is left as it is', async () => {
  const [written, read] = ['written', 'read'].map((name) => {
    const path = join(folder, `${name}.sqlite`)
    const writer = new Writer(path, 'test')
    fill(writer, 40, 50)
    writer.dispose()
    return path
  })
  const left = (path: string) => {
    const looking = openToRead(path)
    const count = looking.prepare('select count(*) from segment').pluck().get() as number
    looking.close()
    return count
  }
  // whoever may write merges them in the first pause, however long this machine takes for it
  const began = performance.now()
  const writing = await openStore(`sqlite:${written}`)
  await vi.waitUntil(() => left(written) < 40, { timeout: 30_000, interval: 200 })
  await writing.close()
  const reading = await openStore(`sqlite:${read}`, undefined, { toRead: true })
  await sleep(performance.now() - began)
  await reading.close()
  expect(left(read)).toBe(40)
})

test('while data comes in, only segments of like size are merged', () => {
  const writer = new Writer(join(folder, 'tiers.sqlite'), 'test')
  fill(writer, 1, 4_000)
  fill(writer, 7, 50)
  const step = () => [...writer.tidy(false)]
  step()
  expect(segments(writer)).toHaveLength(8)
  fill(writer, 1, 40)
  step()
  expect(segments(writer).sort((a, b) => a - b)).toEqual([390, 4_000])
  writer.dispose()
})

test('a merge that is overtaken by a deletion changes nothing', () => {
  const writer = new Writer(join(folder, 'overtaken.sqlite'), 'test')
  const first = fill(writer, 5, 100)
  const { value: second } = writer.open({ input: 'file', name: null })
  writer.write(second, {
    number: 1,
    blocks: [blockOf(randomSamples(300, ++seed, 0.9))],
    rejected: [],
    progress: progress(300),
  })
  const merge = writer.tidy(true)
  merge.next()
  merge.next()
  expect(writer.delete(first).value?.removed).toBe(500)
  for (const _ of merge);
  expect(segments(writer)).toEqual([300])
  writer.dispose()
})

test('what a deletion frees is given back to the disk', () => {
  const path = join(folder, 'shrinks.sqlite')
  const writer = new Writer(path, 'test')
  const freePages = () => writer.db.pragma('freelist_count', { simple: true }) as number
  const size = () => {
    writer.db.pragma('wal_checkpoint(truncate)')
    return statSync(path).size
  }
  fill(writer, 1, 100)
  const large = fill(writer, 2, 40_000)
  const before = size()
  writer.delete(large)
  const freed = freePages()
  writer.tidyNow()
  expect(freePages()).toBeLessThan(freed)
  expect(size()).toBeLessThan(before)
  expect(segments(writer)).toEqual([100])
  writer.dispose()
})

test('the writer does it by itself, and the answers do not change', async () => {
  const path = join(folder, 'idle.sqlite')
  const store = await openStore(`sqlite:${path}`)
  const batch = await store.batches.open({ input: 'logpush', name: null })
  for (let n = 0; n < 16; n++)
    await store.batches.write(batch, {
      number: n + 1,
      blocks: [blockOf(randomSamples(50, n + 1, 0.9))],
      rejected: [],
      progress: progress(50),
    })
  const ask = () =>
    store.records.counts({
      from: START,
      to: START + 86_400_000,
      filters: [],
      audience: 'all',
      bounds: null,
      by: ['country', 'status'],
    })
  const sorted = ({ groups, requests }: Awaited<ReturnType<typeof ask>>) =>
    groups.map((g, i) => [...g, requests[i]].join()).sort()
  const before = sorted(await ask())
  const looking = new Writer(path, 'looking')
  while (segments(looking).length > 10) await new Promise((resolve) => setTimeout(resolve, 50))
  looking.dispose()
  expect(sorted(await ask())).toEqual(before)
  await store.close()
})
