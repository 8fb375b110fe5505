/** From one store into another, and back. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { copyStore } from '../../schema/copy/copy-store.js'
import { differences } from '../../schema/copy/same-figures.js'
import { openStore } from '../../schema/open-store.js'
import type { Store } from '../../schema/store/store.js'
import { figures } from '../contract/contract.js'
import { blockOf, progress, randomSamples, sample, START, storeBatch } from '../contract/sample-records.js'
import { faultline } from '../main/command.js'
import { needsEngine } from '../needs.js'

describe('faultline copy', () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-copy-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const sqlite = (name: string) => `sqlite:${join(folder, `${name}.sqlite`)}`

  async function filled(url: string): Promise<Store> {
    const store = await openStore(url)
    const samples = randomSamples(1_500, 61)
    await storeBatch(store, samples.slice(0, 600), samples.slice(600, 900))
    await storeBatch(store, samples.slice(900))
    const lossy = await store.batches.open({ input: 'upload', name: 'lossy.ndjson' })
    const rejected = [{ input: 'lossy.ndjson', line: 3, reason: 'not-json' as const, sample: '{"', at: 3, found: '' }]
    await store.batches.write(lossy, { number: 1, blocks: [blockOf([sample({})])], rejected, progress: progress(2) })
    const facts = progress(2, { rejected: 1, rejectedByReason: { 'not-json': 1 } })
    await store.batches.close(lossy, 'aborted', facts, 'it ended early')
    return store
  }
  const reports = async (store: Store) =>
    (await store.ledger.reports.page({ limit: 50, after: null })).items
      .map(({ id: _, receivedAt: __, lagSeconds: ___, ...report }) => report)
      .sort((a, b) => String(a.name).localeCompare(String(b.name)) || a.stored - b.stored)

  it.skipIf(!needsEngine('chdb'))(
    'to ClickHouse and back gives the same figures, reports and rejected lines',
    async () => {
      const one = await filled(sqlite('one'))
      await one.close()
      const there = await faultline(['copy', '--from', sqlite('one'), '--to', `chdb:${join(folder, 'chdb')}`])
      expect(there).toMatchObject({
        status: 0,
        stderr: '',
        stdout: expect.stringContaining('Both give the same figures.'),
      })
      const back = await faultline(['copy', '--from', `chdb:${join(folder, 'chdb')}`, '--to', sqlite('two'), '--json'])
      expect(JSON.parse(back.stdout)).toMatchObject({ records: 1_501, known: 0, batches: 3, differences: [] })
      const [from, to] = [await openStore(sqlite('one')), await openStore(sqlite('two'))]
      expect(await figures(to)).toEqual(await figures(from))
      expect(await reports(to)).toEqual(await reports(from))
      await from.close()
      await to.close()
    },
  )

  it('figures of a flood are the same, however many hosts a store names', async () => {
    const hosts = (more: number) =>
      Array.from({ length: 80 + more }, (_, i) =>
        sample({ time: START + i, rayId: `a${i}`.padStart(16, '0'), host: i < 60 ? `x${i}.example` : 'www.example' }),
      )
    const few = await openStore(sqlite('few-names'), undefined, { namedValues: 10 })
    const all = await openStore(sqlite('all-names'))
    await storeBatch(few, hosts(0))
    await storeBatch(all, hosts(0))
    expect(await differences(few, all)).toEqual([])
    expect(await differences(all, few)).toEqual([])
    // as many records in the same time, one of them of another size
    await storeBatch(few, [sample({ time: START + 5, rayId: 'b'.padStart(16, '0'), edgeResponseBytes: 7 })])
    await storeBatch(all, [sample({ time: START + 5, rayId: 'b'.padStart(16, '0'), edgeResponseBytes: 8 })])
    expect(await differences(few, all)).not.toEqual([])
    await few.close()
    await all.close()
  })

  it('stopped anywhere it goes on where it was, and copies nothing twice', async () => {
    const from = await filled(sqlite('stopped'))
    const to = await openStore(sqlite('target'))
    for (const stop of [400, 1_000, 1_500]) {
      const tell = ({ copied }: { copied: number }) => {
        if (copied >= stop) throw new Error('stopped')
      }
      await expect(copyStore(from, to, tell, 200)).rejects.toThrow('stopped')
    }
    expect(await copyStore(from, to, () => {}, 200)).toEqual({ records: 1_501, known: 0, batches: 3 })
    expect(await figures(to)).toEqual(await figures(from))
    // what has come since is copied by running it again
    await storeBatch(from, [sample({ time: START + 5, path: '/later' })])
    expect(await differences(from, to)).toEqual(['records: 1502 there, 1501 here'])
    expect(await copyStore(from, to, () => {}, 200)).toMatchObject({ records: 1_502 })
    expect(await differences(from, to)).toEqual([])
    await from.close()
    await to.close()
  })

  it('into a store with records of its own it is refused', async () => {
    const [from, to] = [await openStore(sqlite('mine')), await filled(sqlite('other'))]
    await storeBatch(from, [sample({})])
    await expect(copyStore(from, to, () => {})).rejects.toMatchObject({ code: 'STORE_REFUSED' })
    await from.close()
    await to.close()
  })
})
