/** All records, once each, in one order, whatever happens meanwhile. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect } from 'vitest'
import { openStore } from '../../../schema/open-store.js'
import { openBlock } from '../../../schema/store/moving-block.js'
import { MOST_SCANNED, type ScanPage, type ScanQuery } from '../../../schema/store/scan.js'
import { recordsOfPage, scanPages } from '../../../schema/store/scan-pages.js'
import type { Store } from '../../../schema/store/store.js'
import type { Record } from '../../../schema/words/record.js'
import { EVERYTHING, type Contract } from '../contract.js'
import { selected } from '../naive-answers.js'
import { anyQuestions } from '../questions.js'
import { DAY, progress, randomSamples, sample, START, storeBatch, type Sample } from '../sample-records.js'

interface Scanned {
  record: Record
  batch: string
}

async function scanned(store: Store, query: Partial<ScanQuery> = {}): Promise<Scanned[]> {
  const out: Scanned[] = []
  for await (const page of scanPages(store.records, { ...EVERYTHING, ...query })) out.push(...rowsOf(page, query.limit))
  return out
}

function rowsOf(page: ScanPage, limit = MOST_SCANNED): Scanned[] {
  expect(page.block.rows).toBeLessThanOrEqual(limit)
  const { ids, of } = page.batches
  return [...recordsOfPage(page)].map((record, i) => ({ record, batch: ids[of[i]] }))
}

/** Oldest first, equal times by RayID; of one RayID the order is the identity's, which records do not show. */
const inOrder = (records: readonly Record[]) =>
  [...records].sort((a, b) => a.time - b.time || ((a.rayId ?? '') < (b.rayId ?? '') ? -1 : 1))

const placesOf = (records: readonly Record[]) => records.map((r) => [r.time, r.rayId])
const asSet = (records: readonly Record[]) => records.map((r) => JSON.stringify(Object.entries(r).sort())).sort()

export function scanPromises({ test, withStore, freshUrl, settle, share = 1 }: Contract): void {
  let store: Store
  let url: string
  let samples: Sample[]
  let records: Record[]
  const batches: string[] = []

  beforeAll(async () => {
    url = await freshUrl()
    store = await openStore(url)
    // a second with many records, of which some have odd RayIDs or none
    const crowd = Array.from({ length: 300 }, (_, i) =>
      sample({
        time: START + DAY + (i % 2),
        path: `/${i}`,
        rayId: i % 3 === 0 ? null : i % 3 === 1 ? `odd-${i}` : '00000000000000ab',
      }),
    )
    samples = [...randomSamples(3_000, 31), ...crowd]
    records = samples.map((s) => s.record)
    for (let from = 0; from < samples.length; from += 700)
      batches.push((await storeBatch(store, samples.slice(from, from + 400), samples.slice(from + 400, from + 700))).id)
  })
  afterAll(() => store.close())

  test('every record comes once, oldest first, with every field as it was', async () => {
    for (const limit of [1_000_000, 977, 100]) {
      const all = (await scanned(store, { limit })).map(({ record }) => record)
      expect(placesOf(all)).toEqual(placesOf(inOrder(records)))
      expect(asSet(all)).toEqual(asSet(records))
    }
  })

  test('the order does not depend on the size of the pages, nor on how the store lies', async () => {
    const whole = await scanned(store)
    expect(await scanned(store, { limit: 7, from: START + DAY, to: START + DAY + 2 })).toEqual(
      whole.filter(({ record }) => record.time >= START + DAY && record.time < START + DAY + 2),
    )
    await settle?.(store, url)
    expect(await scanned(store, { limit: 511 })).toEqual(whole)
  })

  test('what is asked for comes and nothing else', () =>
    fc.assert(
      fc.asyncProperty(
        anyQuestions,
        fc.integer({ min: share < 1 ? 100 : 1, max: 2_000 }),
        async ({ from, to, filters, audience }, limit) => {
          const selection = { from, to, filters, audience }
          const found = (await scanned(store, { ...selection, limit })).map(({ record }) => record)
          expect(placesOf(found)).toEqual(placesOf(inOrder(selected(records, selection))))
        },
      ),
      { numRuns: Math.ceil(40 * share) },
    ))

  test('each record says which batch stored it, and those of one batch can be had', async () => {
    const whole = await scanned(store)
    expect(new Set(whole.map(({ batch }) => batch))).toEqual(new Set(batches))
    for (const [i, batch] of batches.entries()) {
      const own = await scanned(store, { batch, limit: 150 })
      expect(own).toEqual(whole.filter((one) => one.batch === batch))
      expect(own).toHaveLength(samples.slice(i * 700, i * 700 + 700).length)
    }
    expect(await scanned(store, { batch: 'nobody' })).toEqual([])
  })

  test('columns that nobody will look at may stay away', async () => {
    const page = await store.records.scan({ ...EVERYTHING, limit: 50, after: null, fields: ['path', 'totalMs'] })
    const first = inOrder(records).slice(0, 50)
    for (const [i, record] of [...recordsOfPage(page)].entries()) {
      const { time, path, totalMs, edgeResponseStatus } = first[i]
      expect(record).toMatchObject({ time, path, totalMs, edgeResponseStatus })
    }
  })

  test('a scan goes on where it was, in a store opened anew, while records come and go', async () => {
    const first = await store.records.scan({ ...EVERYTHING, limit: 1_000, after: null })
    const beside = await openStore(url)
    const { id } = await storeBatch(beside, [
      sample({ time: START - DAY }),
      sample({ time: START + 30 * DAY, path: '/later' }),
    ])
    const rest: Scanned[] = []
    for await (const page of scanPages(beside.records, { ...EVERYTHING, limit: 600, after: first.next }))
      rest.push(...rowsOf(page, 600))
    expect(placesOf([...recordsOfPage(first), ...rest.map(({ record }) => record)])).toEqual([
      ...placesOf(inOrder(records)),
      [START + 30 * DAY, '7a1f7ad4df2f870a'],
    ])
    await beside.batches.delete(id)
    await beside.close()
  })

  test('one record at a time finds all that a filter passes', async () => {
    const path = records.find((r) => r.path?.startsWith('/product/'))?.path as string
    const found = await scanned(store, { filters: [{ dimension: 'path', values: [path] }], limit: 1 })
    expect(found).toHaveLength(records.filter((r) => r.path?.toLowerCase() === path.toLowerCase()).length)
  })

  test('an empty store and an empty range have one empty page', () =>
    withStore(async (empty) => {
      const page = await empty.records.scan({ ...EVERYTHING, limit: 10, after: null })
      expect([page.block.rows, page.batches.ids, page.next]).toEqual([0, [], null])
      expect([...recordsOfPage(page)]).toEqual([])
      const none = await store.records.scan({ ...EVERYTHING, from: START, to: START, limit: 10, after: null })
      expect([none.block.rows, none.next]).toEqual([0, null])
    }))

  test('a cursor that is none is refused', async () => {
    await expect(store.records.scan({ ...EVERYTHING, limit: 5, after: 'yesterday' })).rejects.toMatchObject({
      code: 'BAD_CURSOR',
    })
  })

  test('what was read by a scan can be stored again, and is the same', () =>
    withStore(async (copy) => {
      expect(await copy.ledger.adoptIdentityKey(await store.ledger.identityKey())).toBe(true)
      const batch = await copy.batches.open({ input: 'file', name: 'copy' })
      let number = 0
      let rows = 0
      for await (const page of scanPages(store.records, { ...EVERYTHING, limit: 800 })) {
        rows += openBlock(page.block).rows
        await copy.batches.write(batch, {
          number: ++number,
          blocks: [page.block],
          rejected: [],
          progress: progress(rows),
        })
      }
      const report = await copy.batches.close(batch, 'complete', progress(rows), null)
      expect([report.stored, report.duplicates]).toEqual([records.length, 0])
      const again = (await scanned(copy)).map(({ record }) => record)
      expect(again).toEqual((await scanned(store)).map(({ record }) => record))
    }))
}
