/** A real PostgreSQL in trouble, two nodes at once, and a process that was taken for dead. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ledgerPlace, openLedger, type LedgerPlace } from '../../schema/clickhouse/ledgers.js'
import { chdbPlace } from '../../schema/clickhouse/url.js'
import type { AlertCommit } from '../../schema/store/alert-log.js'
import type { BegunPart, LedgerBeside } from '../../schema/store/beside.js'
import { besideNotes } from '../../schema/postgres/beside/notes.js'
import { openDatabase } from '../../schema/postgres/database.js'
import type { PostgresPlace } from '../../schema/postgres/url.js'
import { noticeOf } from '../analyze/notifiers/sample.js'
import { progress, START } from '../contract/sample-records.js'
import { needsPostgres } from '../needs.js'
import { LEDGER_PASSWORD, startPostgres, type PostgresServer } from './server.js'

if (needsPostgres())
  describe('a ledger in PostgreSQL', () => {
    let server: PostgresServer
    const open: LedgerBeside[] = []
    beforeAll(async () => void (server = await startPostgres()))
    afterAll(() => server.close())
    afterEach(async () => {
      for (const ledger of open.splice(0)) await ledger.close()
    })

    const placeOf = (url: string, password = LEDGER_PASSWORD) =>
      ledgerPlace(url, { FAULTLINE_LEDGER_PASSWORD: password }) as LedgerPlace
    async function ledgerAt(url: string, password?: string): Promise<LedgerBeside> {
      const ledger = await openLedger(placeOf(url, password), () => {})
      open.push(ledger)
      return ledger
    }
    const said = (promise: Promise<unknown>) =>
      promise.then(
        () => ({ code: null, message: '' }),
        ({ code, message }: { code: string; message: string }) => ({ code, message }),
      )
    const part = { number: 1, rejected: [], progress: progress(10) }
    const span = { rows: 10, from: START, to: START + 1 }
    const nothing: Omit<AlertCommit, 'revision'> = {
      memories: [],
      episodes: [],
      groups: [],
      forgottenGroups: [],
      forgottenMemories: [],
      notices: [],
      settings: {},
    }

    it('a wrong password is told, and not shown', async () => {
      const wrong = await said((await ledgerAt(server.freshUrl(), 'wrong-secret')).rooms.settings.get('a'))
      expect(wrong).toEqual({ code: 'STORE_REFUSED', message: expect.stringContaining('FAULTLINE_LEDGER_PASSWORD') })
      expect(wrong.message).not.toContain('wrong-secret')
      const inUrl = server.freshUrl().replace('@', ':wrong-secret@')
      expect((await said((await ledgerAt(inUrl)).rooms.settings.get('a'))).message).not.toContain('wrong-secret')
    })

    it.each([
      ['a database that is not there', (url: string) => url.replace('/postgres?', '/nowhere?'), 'Make the database'],
      ['a server without TLS', (url: string) => `${url}&sslmode=require`, 'SSL'],
    ])('%s', async (_, change, advice) => {
      const { code, message } = await said((await ledgerAt(change(server.freshUrl()))).rooms.settings.get('a'))
      expect([code, message]).toEqual([expect.stringMatching(/^STORE_/), expect.stringContaining(advice)])
    })

    it('a user who may only read, and a server that takes no writes', async () => {
      const url = server.freshUrl()
      await (await ledgerAt(url)).rooms.settings.set('a', 'kept')
      const schema = new URL(url).searchParams.get('schema')
      server.run(`create role reader login password '${LEDGER_PASSWORD}'; grant usage on schema ${schema} to reader;
        grant select on all tables in schema ${schema} to reader`)
      const reader = await ledgerAt(url.replace('faultline@', 'reader@'))
      expect(await reader.rooms.settings.get('a')).toBe('kept')
      for (const write of [reader.rooms.settings.set('a', 'b'), reader.notes.checkWritable()])
        expect(await said(write)).toEqual({ code: 'STORE_REFUSED', message: expect.stringContaining('rights') })
      const empty = await ledgerAt(server.freshUrl().replace('faultline@', 'reader@'))
      expect(await said(empty.rooms.settings.get('a'))).toMatchObject({ code: 'STORE_REFUSED' })
      // as a standby says it
      server.run('alter role reader set default_transaction_read_only = on')
      const standby = await ledgerAt(url.replace('faultline@', 'reader@'))
      expect(await said(standby.notes.checkWritable())).toEqual({
        code: 'STORE_REFUSED',
        message: expect.stringContaining('name the primary'),
      })
    })

    it('a layout of a newer version is not touched', async () => {
      const url = server.freshUrl()
      await (await ledgerAt(url)).rooms.settings.set('a', 'b')
      server.run(`update ${new URL(url).searchParams.get('schema')}.layout set version = 99`)
      const newer = await said((await ledgerAt(url)).rooms.settings.get('a'))
      expect(newer).toEqual({ code: 'STORE_NEWER', message: expect.stringContaining('layout 99') })
    })

    it('many nodes that start at once make one set of tables', async () => {
      const url = server.freshUrl()
      const nodes = await Promise.all(Array.from({ length: 5 }, () => ledgerAt(url)))
      const keys = await Promise.all(nodes.map((node) => node.notes.assign('one', null, 0)))
      expect(new Set(keys.map(String)).size).toBe(1)
    })

    it('gone at start and in the middle of a batch: said so, and given again it counts once', async () => {
      const url = server.freshUrl()
      await server.stop()
      const early = await ledgerAt(url)
      expect(await said(early.notes.lastChange())).toEqual({
        code: 'STORE_UNREACHABLE',
        message: expect.stringContaining('Check that PostgreSQL runs'),
      })
      await server.start()
      const batch = (await early.notes.open({ input: 'upload', name: null }, 'one')).value
      const begun = (await early.notes.begin(batch, 1, span)) as BegunPart
      await server.stop()
      expect((await said(early.notes.finish(begun, part, span, 10))).code).toBe('STORE_UNREACHABLE')
      expect((await said(early.notes.checkWritable())).code).toBe('STORE_UNREACHABLE')
      await server.start()
      // the same words again
      expect((await early.notes.open({ input: 'upload', name: null }, 'one')).value).toBe(batch)
      expect(await early.notes.begin(batch, 1, span)).toEqual(begun)
      expect(await early.notes.finish(begun, part, span, 10)).toMatchObject({ value: { stored: 10, duplicates: 0 } })
      expect(await early.notes.begin(batch, 1, span)).toEqual({ stored: 10, duplicates: 0 })
      expect(await early.reports.get(batch)).toMatchObject({ state: 'open', stored: 10, lines: 10 })
    })

    it('one writes at a time, over nodes; who is taken for dead finds nothing of its part', async () => {
      const url = server.freshUrl()
      const [one, other] = [await ledgerAt(url), await ledgerAt(url)]
      const batch = (await one.notes.open({ input: 'upload', name: null }, null)).value
      const begun = (await one.notes.begin(batch, 1, span)) as BegunPart
      const second = (await other.notes.open({ input: 'upload', name: null }, null)).value
      expect(await other.notes.begin(second, 1, span)).toBe('wait')
      expect(await other.notes.takeLease()).toBe(false)
      // the first is silent for longer than its turn holds
      server.run(`update ${new URL(url).searchParams.get('schema')}.lease set expires_at = now()`)
      expect(await other.notes.takeLease()).toBe(true)
      await other.notes.forgetPart(begun.turn)
      expect(await one.notes.finish(begun, part, span, 10)).toBeNull()
      expect(await other.reports.get(batch)).toMatchObject({ stored: 0, lines: 0 })
      // it comes from the turn of the other: what arrived is left over once the batch is given up
      await one.notes.close(batch, 'aborted', progress(0), 'gone')
      expect((await other.notes.leftovers()).parts).toMatchObject([{ turn: begun.turn, number: 1 }])
      expect(await other.notes.takeLease()).toBe(true)
    })

    it('without its ledger for an hour: given up by others, taken out, and gone on with by the same words', async () => {
      const url = server.freshUrl()
      const one = await ledgerAt(url)
      const batch = (await one.notes.open({ input: 'logpush', name: null }, null)).value
      const begun = (await one.notes.begin(batch, 1, span)) as BegunPart
      // an hour by the ledger's clock in which nothing was heard of it; and one that looks on elsewhere
      const schema = new URL(url).searchParams.get('schema')
      const hour = '- 3600000'
      server.run(`set search_path = ${schema}; update owner set seen_at = seen_at ${hour}, host = 'elsewhere';
        update lease set expires_at = now() - interval '1 hour'`)
      const db = openDatabase(placeOf(url) as PostgresPlace)
      const other = besideNotes(db, { owner: 'other', living: () => [], turnMs: 15_000 })
      await other.abandonDead()
      expect(await one.reports.get(batch)).toMatchObject({ state: 'aborted', stored: 0 })
      const { parts } = await other.leftovers()
      expect(parts).toMatchObject([{ turn: begun.turn }])
      await other.forgetPart(parts[0].turn)
      await db.close()
      // it is back and knows nothing of this
      expect(await one.notes.finish(begun, part, span, 10)).toBeNull()
      const again = (await one.notes.begin(batch, 1, span)) as BegunPart
      expect(await one.notes.finish(again, part, span, 10)).toMatchObject({ value: { stored: 10, duplicates: 0 } })
      expect((await one.notes.close(batch, 'complete', progress(10), null)).value).toMatchObject({
        state: 'complete',
        stored: 10,
        message: null,
      })
      expect((await one.notes.leftovers()).parts).toEqual([])
    })

    it('a lease is one node’s, by the ledger’s clock; its token grows, and an old one writes nothing', async () => {
      const url = server.freshUrl()
      const nodes = await Promise.all(Array.from({ length: 4 }, () => ledgerAt(url)))
      const leases = nodes.map(({ leases: its }) => its as NonNullable<typeof its>)
      const taken = await Promise.all(leases.map((its) => its.take('rules', 60_000)))
      const leader = taken.findIndex((fence) => fence !== null)
      expect(taken.filter((fence) => fence !== null)).toHaveLength(1)
      const fence = taken[leader] as NonNullable<(typeof taken)[0]>
      expect(await leases[leader].take('rules', 60_000)).toEqual(fence)
      const { alerts } = nodes[leader]
      const notice = { ...noticeOf(), id: 'n1', createdAt: START }
      const { revision } = await alerts.load()
      expect(await alerts.commit({ ...nothing, revision, notices: [notice], fence })).toBe(true)
      expect((await alerts.claim({ now: START, lease: 60_000, busy: [], fence })).map(({ id }) => id)).toEqual(['n1'])
      expect(await alerts.confirm('n1', START + 60_000, fence)).toBe(true)

      // it slept: another one leads now
      server.run(`update ${new URL(url).searchParams.get('schema')}.lease set expires_at = now()`)
      const next = leases[(leader + 1) % 4]
      const newer = await next.take('rules', 60_000)
      expect(newer?.token).toBe(fence.token + 1)
      expect(await leases[leader].take('rules', 60_000)).toBeNull()
      const late = { ...nothing, revision: (await alerts.load()).revision, settings: { a: '1' }, fence }
      expect((await said(alerts.commit(late))).code).toBe('NOT_LEADING')
      expect(await alerts.claim({ now: START + 120_000, lease: 1, busy: [], fence })).toEqual([])
      expect(await alerts.confirm('n1', START + 60_000, fence)).toBe(false)
      expect((await alerts.load()).settings).toEqual({})

      // given back it is free at once
      await next.release(newer as NonNullable<typeof newer>)
      expect((await leases[leader].take('rules', 60_000))?.token).toBe(fence.token + 2)
    })

    it('text that PostgreSQL cannot hold, and keys that no index holds, are no trouble', async () => {
      const ledger = await ledgerAt(server.freshUrl())
      const key = 'a/'.repeat(4_000)
      expect(await ledger.rooms.checkpoints.put('folder', key, { at: 'nul \0' }, null)).toMatchObject({
        value: { at: 'nul \0' },
      })
      await ledger.rooms.settings.set('a', 'nul \0, half a pair \ud800')
      expect(await ledger.rooms.settings.get('a')).toBe('nul \uFFFD, half a pair \uFFFD')
    })

    it('the audit log refuses change, whoever asks', async () => {
      const url = server.freshUrl()
      const ledger = await ledgerAt(url)
      const entry = { time: 1, actor: null, role: null, address: null, action: 'a', target: null, detail: null }
      await ledger.rooms.audit.append([{ ...entry, outcome: 'done' }])
      const schema = new URL(url).searchParams.get('schema')
      for (const change of [
        'delete from audit',
        "update audit set action = 'b'",
        'truncate audit',
        'delete from audit_floor',
      ])
        expect(() => server.run(`set search_path = ${schema}; ${change}`)).toThrow('append-only')
    })
  })

describe('where the ledger rests', () => {
  const chdb = (env: NodeJS.ProcessEnv, query = '') => chdbPlace(`chdb:/x${query}`, env).ledger
  it('is what the URL says, else the environment, else a file', () => {
    expect(chdb({})).toEqual({ kind: 'sqlite', path: '/x/faultline.ledger.sqlite' })
    expect(chdb({ FAULTLINE_LEDGER: 'sqlite:/y' })).toEqual({ kind: 'sqlite', path: '/y' })
    expect(chdb({ FAULTLINE_LEDGER: 'sqlite:/y' }, '?ledger=sqlite:/z')).toEqual({ kind: 'sqlite', path: '/z' })
    expect(chdb({ FAULTLINE_LEDGER: 'postgres://u@h/d', FAULTLINE_LEDGER_PASSWORD: 'p' })).toMatchObject({
      kind: 'postgres',
      host: 'h',
      port: 5432,
      user: 'u',
      password: 'p',
      database: 'd',
      schema: 'faultline',
      ssl: false,
    })
  })

  it.each([
    ['mysql://u:secret@h/d', 'FAULTLINE_LEDGER names no ledger'],
    ['clickhouse://u:secret@h/d', 'FAULTLINE_LEDGER names no ledger'],
    ['postgres://u:secret@h', 'it has no database'],
    ['postgres://u:secret@h/d?schema=A-B', 'no name of a schema'],
    ['postgres://u:secret@h/d?sslmode=maybe', 'no sslmode'],
    ['postgres://u:secret@h/d?pool=3', 'is no parameter'],
    ['postgres://u:secret%@h/d', 'a % itself is written %25'],
    ['postgres://u%ser@h/d', 'a % itself is written %25'],
  ])('%s', (url, why) => {
    let error: { code?: string; message?: string } = {}
    try {
      chdb({ FAULTLINE_LEDGER: url })
    } catch (thrown) {
      error = thrown as typeof error
    }
    expect([error.code, error.message]).toEqual(['STORE_URL', expect.stringContaining(why)])
    expect(error.message).not.toContain('secret@')
  })
})
