/** Trouble of networks, servers and people, through the real client: a message that says what to do, and figures that stay right. */
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { openStore } from '../../schema/open-store.js'
import type { Store } from '../../schema/store/store.js'
import { serverUnderTest } from '../contract/clickhouse-under-test.js'
import { EVERYTHING } from '../contract/contract.js'
import { blockOf, progress, randomSamples, storeBatch, type Sample } from '../contract/sample-records.js'
import { needsEngine } from '../needs.js'
import type { Trouble } from './server.js'

const isInsert = (sql: string) => /INSERT INTO \S+records/.test(sql) && sql.includes('input(')

/** The first `times` statements that fit meet it. */
function firstOf(times: number, fits: (sql: string) => boolean, trouble: Trouble) {
  let left = times
  return (sql: string) => (fits(sql) && left-- > 0 ? trouble : null)
}

if (needsEngine('chdb'))
  describe('a server in trouble', () => {
    const under = serverUnderTest()
    const open: Store[] = []
    async function fresh(parameters = ''): Promise<{ store: Store; url: string }> {
      const url = `${await under.freshUrl()}${parameters}`
      const store = await openStore(url)
      open.push(store)
      return { store, url }
    }
    afterEach(async () => {
      under.server().trouble = () => null
      for (const store of open.splice(0)) await store.close()
    })

    const records = async (store: Store) =>
      (await store.records.counts({ ...EVERYTHING, bounds: null, by: [] })).total.records
    const part = (number: number, samples: readonly Sample[]) => ({
      number,
      blocks: [blockOf(samples)],
      rejected: [],
      progress: progress(samples.length),
    })

    it('a wrong password is told, and not shown', async () => {
      const { address } = under.server()
      const url = `clickhouse://default:wrong-secret@${address.split('@')[1]}/any?ledger=sqlite:${join(under.folder, 'w.sqlite')}`
      const error = await openStore(url).then(
        () => null,
        (e: Error & { code: string }) => e,
      )
      expect([error?.code, error?.message]).toEqual([
        'STORE_REFUSED',
        expect.stringContaining('Check user and password'),
      ])
      expect(error?.message).not.toContain('wrong-secret')
      expect(under.server().asked.join('\n')).not.toContain('wrong-secret')
    })

    it('gone at start, then in the middle of a batch: parts are refused and can be given again', async () => {
      const url = await under.freshUrl()
      await under.server().stop()
      await expect(openStore(url)).rejects.toMatchObject({
        code: 'STORE_UNREACHABLE',
        message: expect.stringContaining('Check that it runs'),
      })
      await under.server().start()
      const store = await openStore(url)
      open.push(store)
      const samples = randomSamples(300, 51)
      const batch = await store.batches.open({ input: 'upload', name: null })
      await store.batches.write(batch, part(1, samples.slice(0, 200)))
      await under.server().stop()
      await expect(store.batches.write(batch, part(2, samples.slice(150)))).rejects.toMatchObject({
        code: 'STORE_UNREACHABLE',
      })
      await expect(records(store)).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' })
      await expect(store.checkWritable()).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' })
      // the ledger answers
      expect(await store.ledger.reports.get(batch)).toMatchObject({ state: 'open', stored: 200 })
      await under.server().start()
      expect(await store.batches.write(batch, part(2, samples.slice(150)))).toEqual({ stored: 100, duplicates: 50 })
      expect(await records(store)).toBe(300)
    })

    it.each([
      ['the answer is lost', { cut: 'after' } as const],
      ['cut while the rows were on their way', { cut: 'before' } as const],
      ['a proxy says 503', { status: 503 }],
    ])('%s once: it is asked again, and nothing counts twice', async (_, trouble) => {
      const { store } = await fresh()
      under.server().trouble = firstOf(1, isInsert, trouble)
      const samples = randomSamples(400, 52)
      const report = await storeBatch(store, [...samples, ...samples.slice(0, 7)])
      expect([report.stored, report.duplicates, await records(store)]).toEqual([400, 7, 400])
      const reads = firstOf(2, (sql) => sql.includes('FINAL'), trouble)
      under.server().trouble = reads
      expect(await records(store)).toBe(400)
    })

    it('the answer is lost every time: refused; the part that came in counts once it is given again, else it goes', async () => {
      const { store, url } = await fresh()
      const samples = randomSamples(200, 53)
      const batch = await store.batches.open({ input: 'upload', name: null })
      under.server().trouble = firstOf(3, isInsert, { cut: 'after' })
      await expect(store.batches.write(batch, part(1, samples))).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' })
      expect(await store.batches.write(batch, part(1, samples))).toEqual({ stored: 200, duplicates: 0 })
      under.server().trouble = firstOf(3, isInsert, { cut: 'after' })
      const more = randomSamples(100, 54)
      await expect(store.batches.write(batch, part(2, more))).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' })
      const report = await store.batches.close(batch, 'aborted', progress(200), 'no answer')
      expect(report).toMatchObject({ stored: 200 })
      // whoever opens it next takes out what nobody reported
      const beside = await openStore(url)
      open.push(beside)
      expect(await records(beside)).toBe(200)
      expect((await storeBatch(beside, more)).stored).toBe(100)
    })

    it('slower than the limit', async () => {
      const { store } = await fresh('&timeout=0.3')
      under.server().trouble = firstOf(3, (sql) => sql.includes('FINAL'), { delayMs: 1_000 })
      await expect(records(store)).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' })
    })

    it.each([
      [243, 'Cannot reserve 1.00 MiB, not enough space', 'STORE_FULL', 'free space'],
      [497, 'faultline: Not enough privileges', 'STORE_REFUSED', 'rights'],
      [164, "Cannot modify 'async_insert' setting in readonly mode", 'STORE_REFUSED', 'readonly'],
      [252, 'Too many parts (3000)', 'STORE_BUSY', 'batches'],
      [242, 'Table is in readonly mode', 'STORE_UNREACHABLE', 'Keeper'],
      [286, 'Quorum for previous write has not been satisfied yet', 'STORE_UNREACHABLE', 'enough replicas'],
      [289, 'Replica doesn’t have part which was successfully written to quorum', 'STORE_UNREACHABLE', 'lags behind'],
    ])('error %i of the engine', async (code, message, expected, advice) => {
      const { store } = await fresh()
      const said = { code, message: `Code: ${code}. DB::Exception: ${message}. (SOME_NAME)` }
      under.server().trouble = firstOf(9, isInsert, said)
      await expect(storeBatch(store, randomSamples(5, 55))).rejects.toMatchObject({
        code: expected,
        message: expect.stringContaining(advice),
      })
      under.server().trouble = () => null
      expect(await records(store)).toBe(0)
    })

    it('of a newer version; a ledger of another store; a ledger that is lost', async () => {
      const { store, url } = await fresh()
      const key = await store.ledger.identityKey()
      await storeBatch(store, randomSamples(20, 56))
      const [place, ledger] = url.split('?')
      const elsewhere = `${place}?ledger=sqlite:${join(under.folder, 'lost.sqlite')}`
      await expect(openStore(elsewhere)).rejects.toMatchObject({
        code: 'STORE_UNUSABLE',
        message: expect.stringContaining('new-ledger=true'),
      })
      const next = await openStore(`${elsewhere}&new-ledger=true`)
      open.push(next)
      expect(await next.ledger.identityKey()).toEqual(key)
      // numbers of batches are not given again
      const again = await storeBatch(next, randomSamples(20, 56))
      expect([again.id, again.stored, again.duplicates]).toEqual(['2', 0, 20])
      const other = `${(await under.freshUrl()).split('?')[0]}?${ledger}`
      await expect(openStore(other)).rejects.toMatchObject({ code: 'STORE_UNUSABLE' })
      await under.server().run(`INSERT INTO ${place.split('/').at(-1)}.about VALUES ('layout', '99', 9999999999999)`)
      await expect(openStore(url)).rejects.toMatchObject({ code: 'STORE_NEWER' })
    })
  })

describe('URLs that name no store', () => {
  it.each([
    ['clickhouse:/ch.example.com', 'it has no host'],
    ['clickhouse://ch.example.com/a-b', '"a-b" is no name of a database'],
    ['clickhouse://u:secret@ch.example.com/a?timeout=soon', '"timeout" is a number'],
    ['clickhouse://ch.example.com/a?secured=true', 'is no parameter'],
    ['clickhouse://u:secret%@ch.example.com/a', 'a % itself is written %25'],
    ['clickhouse://u@ch.example.com/a%zz', 'a % itself is written %25'],
    ['chdb:', 'it has no path'],
    ['chdb:data?ledger=mysql://x', '"ledger" is sqlite:PATH or postgres://'],
    ['chdb:data?ledger=postgres://x', 'it has no database'],
  ])('%s', async (url, why) => {
    const error = await openStore(url).then(
      () => null,
      (e: Error & { code: string }) => e,
    )
    expect([error?.code, error?.message]).toEqual(['STORE_URL', expect.stringContaining(why)])
    expect(error?.message).not.toContain('secret')
  })

  it('a folder of chdb that is not there, where it is only to be read, is not made', async () => {
    const path = join(tmpdir(), 'faultline-no-such-chdb')
    await expect(openStore(`chdb:${path}`, undefined, { toRead: true })).rejects.toMatchObject({
      code: 'STORE_UNUSABLE',
      message: expect.stringContaining(path),
    })
    expect(existsSync(path)).toBe(false)
  })
})
