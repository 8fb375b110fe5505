/** The small tables: nothing is lost, nobody is let in twice, nothing is changed behind anybody's back. */
import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { openStore } from '../../../schema/open-store.js'
import type { NewAnnotation } from '../../../schema/store/ledger/annotations.js'
import type { AuditEntry } from '../../../schema/store/ledger/audit.js'
import type { Incident } from '../../../schema/store/ledger/incidents.js'
import type { NewSession } from '../../../schema/store/ledger/sessions.js'
import type { NewToken } from '../../../schema/store/ledger/tokens.js'
import { everyItem } from '../../../schema/store/paging.js'
import type { Contract } from '../contract.js'
import { HOUR, MINUTE, sample, START, storeBatch } from '../sample-records.js'

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

const token = (name: string, more: Partial<NewToken> = {}): NewToken => ({
  name,
  role: 'read',
  zones: null,
  hash: hashOf(name),
  createdAt: START,
  createdBy: 'admin',
  expiresAt: null,
  ...more,
})

const session = (id: string, more: Partial<NewSession> = {}): NewSession => ({
  id: hashOf(id),
  token: null,
  subject: 'ada@example.com',
  role: 'operate',
  zones: null,
  createdAt: START,
  expiresAt: START + 12 * HOUR,
  address: '203.0.113.7',
  userAgent: 'Mozilla/5.0',
  ...more,
})

const entry = (action: string, more: Partial<AuditEntry> = {}): Omit<AuditEntry, 'id'> => ({
  time: START,
  actor: 'ada@example.com',
  role: 'admin',
  address: '203.0.113.7',
  action,
  target: null,
  outcome: 'done',
  detail: null,
  ...more,
})

const annotation = (text: string, from: number, more: Partial<NewAnnotation> = {}): NewAnnotation => ({
  text,
  from,
  to: null,
  url: null,
  kind: null,
  zone: null,
  host: null,
  author: 'ada@example.com',
  createdAt: START,
  ...more,
})

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const out: T[] = []
  for await (const item of items) out.push(item)
  return out
}

export function ledgerPromises({ test, withStore }: Contract): void {
  test('settings are kept', () =>
    withStore(async (store, url) => {
      expect(await store.ledger.settings.get('rules')).toBeNull()
      await store.ledger.settings.set('rules', '{"a":1}')
      await store.ledger.settings.set('rules', '{"a":2}')
      // names of the engine's own are nobody else's
      await store.ledger.settings.set('identity-key', 'mine')
      const key = await store.ledger.identityKey()
      await store.close()
      const again = await openStore(url)
      expect(await again.ledger.settings.get('rules')).toBe('{"a":2}')
      expect(await again.ledger.settings.get('identity-key')).toBe('mine')
      expect(await again.ledger.identityKey()).toEqual(key)
      await again.close()
    }))

  test('the identity key belongs to the store, and can be taken over while it is empty', () =>
    withStore(async (store, url) => {
      const key = await store.ledger.identityKey()
      expect(key).toHaveLength(4)
      expect(await store.ledger.identityKey()).toEqual(key)
      const another = [1, 0xffff_ffff, 0x8000_0000, 4] as const
      expect(await store.ledger.adoptIdentityKey(another)).toBe(true)
      expect(await store.ledger.identityKey()).toEqual(another)
      await store.close()
      const again = await openStore(url)
      expect(await again.ledger.identityKey()).toEqual(another)
      await storeBatch(again, [sample({})])
      expect(await again.ledger.adoptIdentityKey(key)).toBe(false)
      expect(await again.ledger.identityKey()).toEqual(another)
      await again.close()
    }))

  test('a checkpoint is moved on only by whoever knows where it stands', () =>
    withStore(async (store, url) => {
      const { checkpoints } = store.ledger
      expect(await checkpoints.get('bucket', 'a')).toBeNull()
      const first = await checkpoints.put('bucket', 'a', { etag: 'x', lines: 5 }, null)
      expect(first).toMatchObject({ input: 'bucket', key: 'a', value: { etag: 'x', lines: 5 } })
      expect(await checkpoints.put('bucket', 'a', 'another', null)).toBeNull()
      const version = first?.version as string
      const second = await checkpoints.put('bucket', 'a', [1, null, 'ü'], version)
      expect(second?.version).not.toBe(version)
      expect(await checkpoints.put('bucket', 'a', 'late', version)).toBeNull()
      expect(await checkpoints.remove('bucket', 'a', version)).toBe(false)
      await store.close()
      const again = await openStore(url)
      expect(await again.ledger.checkpoints.get('bucket', 'a')).toEqual(second)
      expect(await again.ledger.checkpoints.get('other', 'a')).toBeNull()
      expect(await again.ledger.checkpoints.remove('bucket', 'a', second?.version as string)).toBe(true)
      // one that went and came again is another one
      const third = await again.ledger.checkpoints.put('bucket', 'a', 1, null)
      expect([version, second?.version]).not.toContain(third?.version)
      expect(await again.ledger.checkpoints.put('bucket', 'a', 2, second?.version as string)).toBeNull()
      await again.close()
    }))

  test('of many who move a checkpoint at once one does, each time', () =>
    withStore(async (store, url) => {
      const beside = await openStore(url)
      const both = [store.ledger.checkpoints, beside.ledger.checkpoints]
      let at = await store.ledger.checkpoints.put('pull', 'zone', 0, null)
      for (let turn = 1; turn <= 10; turn++) {
        const version = at?.version as string
        const outcomes = await Promise.all(
          Array.from({ length: 6 }, (_, i) => both[i % 2].put('pull', 'zone', turn * 10 + i, version)),
        )
        const won = outcomes.filter((outcome) => outcome !== null)
        expect(won).toHaveLength(1)
        at = await beside.ledger.checkpoints.get('pull', 'zone')
        expect(at).toEqual(won[0])
      }
      await beside.close()
    }))

  test('checkpoints come in the order of their keys, in pages, by prefix', () =>
    withStore(async ({ ledger: { checkpoints } }) => {
      const keys = ['logs/2026/b', 'logs/2026/a', 'logs/2025/z', 'logs_2026', 'Logs/1', 'logs/2026/ä']
      for (const key of keys) await checkpoints.put('bucket', key, key, null)
      await checkpoints.put('bucket2', 'logs/2026/c', 0, null)
      const keysOf = async (prefix: string | undefined, limit: number) =>
        (await all(everyItem((query) => checkpoints.page('bucket', { ...query, prefix }), limit))).map((c) => c.key)
      expect(await keysOf(undefined, 2)).toEqual([...keys].sort())
      expect(await keysOf('logs/2026/', 1)).toEqual(['logs/2026/a', 'logs/2026/b', 'logs/2026/ä'])
      expect(await keysOf('logs%', 10)).toEqual([])
      await expect(checkpoints.page('bucket', { limit: 2, after: '%%%' })).rejects.toMatchObject({ code: 'BAD_CURSOR' })
    }))

  test('a token is known by its hash, listed newest first, and gone for good when it is revoked', () =>
    withStore(async (store, url) => {
      const { tokens } = store.ledger
      const made = []
      for (const name of ['a', 'b', 'c', 'd', 'e']) made.push(await tokens.create(token(name)))
      const narrow = await tokens.create(
        token('zones', {
          role: 'ingest',
          zones: ['example.com', 'example.org'],
          expiresAt: START + HOUR,
          createdBy: null,
        }),
      )
      expect(narrow).toMatchObject({ role: 'ingest', zones: ['example.com', 'example.org'], expiresAt: START + HOUR })
      expect(JSON.stringify(await tokens.page({ limit: 10, after: null }))).not.toContain(hashOf('zones'))
      expect(new Set(made.map(({ id }) => id)).size).toBe(5)
      expect(await tokens.byHash(hashOf('c'))).toEqual(made[2])
      expect(await tokens.byHash(hashOf('nobody'))).toBeNull()
      expect(await tokens.byHash(made[2].id)).toBeNull()
      const listed = await all(everyItem((query) => tokens.page(query), 2))
      expect(listed).toEqual([narrow, ...[...made].reverse()])
      await expect(tokens.create(token('again', { hash: hashOf('a') }))).rejects.toThrow()
      expect(await tokens.revoke(made[0].id, START + 5)).toBe(true)
      expect(await tokens.revoke(made[0].id, START + 9)).toBe(false)
      expect(await tokens.revoke('nobody', START)).toBe(false)
      await store.close()
      const again = await openStore(url)
      expect(await again.ledger.tokens.byHash(hashOf('a'))).toEqual({ ...made[0], revokedAt: START + 5 })
      expect(await again.ledger.tokens.get(made[1].id)).toEqual(made[1])
      await again.close()
    }))

  test('the use of a token is noted to the minute and never goes back', () =>
    withStore(async ({ ledger: { tokens } }) => {
      const { id } = await tokens.create(token('a'))
      const lastUse = async () => (await tokens.get(id))?.lastUsedAt
      const uses: [number, number][] = [
        [START, START],
        [START + MINUTE - 1, START],
        [START + MINUTE, START + MINUTE],
        [START - HOUR, START + MINUTE],
        [START + HOUR, START + HOUR],
      ]
      for (const [at, noted] of uses) {
        await tokens.used(id, at)
        expect(await lastUse()).toBe(noted)
      }
      await tokens.used('nobody', START)
    }))

  test('a session is a row: ended it has ended, one by one, or all but mine', () =>
    withStore(async (store, url) => {
      const { sessions, tokens } = store.ledger
      const first = await sessions.begin(session('1'))
      expect(first).toEqual({ ...session('1'), lastSeenAt: START, endedAt: null })
      // a second beginning is no second session, and makes nobody an admin
      expect(await sessions.begin(session('1', { role: 'admin' }))).toEqual(first)
      const { id: ofToken } = await tokens.create(token('t'))
      await sessions.begin(session('2'))
      await sessions.begin(session('3', { token: ofToken, subject: null }))
      await sessions.begin(session('4', { token: ofToken, subject: null, zones: ['example.com'] }))
      await sessions.begin(session('5', { subject: 'bob@example.com', expiresAt: START + HOUR }))
      const idsOf = async (query: { token?: string; subject?: string; liveAt?: number }) =>
        (await all(everyItem((page) => sessions.page({ ...page, ...query }), 2))).map(({ id }) => id)
      const ids = (...names: string[]) => names.map(hashOf)
      expect(await idsOf({})).toEqual(ids('5', '4', '3', '2', '1'))
      expect(await idsOf({ token: ofToken })).toEqual(ids('4', '3'))
      expect(await idsOf({ liveAt: START + HOUR })).toEqual(ids('4', '3', '2', '1'))

      expect(await sessions.end(hashOf('2'), START + 7)).toBe(true)
      expect(await sessions.end(hashOf('2'), START + 8)).toBe(false)
      expect(await sessions.end('nobody', START)).toBe(false)
      expect((await sessions.get(hashOf('2')))?.endedAt).toBe(START + 7)
      expect(await tokens.revoke(ofToken, START + 9)).toBe(true)
      expect((await sessions.get(hashOf('4')))?.endedAt).toBe(START + 9)
      await sessions.begin(session('6'))
      expect(await sessions.endAll({ subject: 'ada@example.com', except: hashOf('6') }, START + 10)).toBe(1)
      expect(await idsOf({ liveAt: START })).toEqual(ids('6', '5'))
      await store.close()
      const again = await openStore(url)
      expect((await again.ledger.sessions.get(hashOf('1')))?.endedAt).toBe(START + 10)
      expect(await again.ledger.sessions.endAll({}, START + 11)).toBe(2)
      expect(await again.ledger.sessions.endAll({}, START + 12)).toBe(0)
      await again.close()
    }))

  test('a session is seen to the minute, not after its end, and forgotten in time', () =>
    withStore(async ({ ledger: { sessions } }) => {
      for (const id of ['1', '2', '3']) await sessions.begin(session(id))
      const seen = async (at: number) => {
        await sessions.seen(hashOf('1'), at)
        return (await sessions.get(hashOf('1')))?.lastSeenAt
      }
      expect(await seen(START + 30_000)).toBe(START)
      expect(await seen(START + HOUR)).toBe(START + HOUR)
      await sessions.end(hashOf('1'), START + HOUR)
      expect(await seen(START + 2 * HOUR)).toBe(START + HOUR)
      await sessions.begin(session('short', { expiresAt: START + MINUTE }))
      expect(await sessions.expire(START + MINUTE)).toBe(0)
      expect(await sessions.expire(START + HOUR + 1)).toBe(2)
      expect(await sessions.get(hashOf('short'))).toBeNull()
      expect(await sessions.get(hashOf('2'))).not.toBeNull()
    }))

  test('the audit log keeps every entry in order, and is searched', () =>
    withStore(async (store, url) => {
      const { audit } = store.ledger
      await audit.append([
        entry('session.begin', { actor: null, role: null, outcome: 'refused', detail: { reason: 'wrong token' } }),
        entry('session.begin', { time: START + 1 }),
        entry('token.create', { time: START + 2, target: 't1', detail: ['read', null, 1.5] }),
      ])
      await audit.append([])
      await audit.append([entry('tokens', { time: START + 3, actor: 'bob' })])
      await audit.append([entry('batch.delete', { time: START + 4, outcome: 'failed', address: null })])
      const actions = async (query: Omit<Parameters<typeof audit.page>[0], 'limit' | 'after'>, limit = 2) =>
        (await all(everyItem((page) => audit.page({ ...page, ...query }), limit))).map((e) => e.action)
      expect(await actions({})).toEqual(['batch.delete', 'tokens', 'token.create', 'session.begin', 'session.begin'])
      expect(await actions({ action: 'token' })).toEqual(['token.create'])
      expect(await actions({ action: 'session.begin', outcome: 'refused' })).toEqual(['session.begin'])
      expect(await actions({ from: START + 1, to: START + 3 })).toEqual(['token.create', 'session.begin'])
      expect(await actions({ actor: 'bob' })).toEqual(['tokens'])
      await store.close()
      const again = await openStore(url)
      const [first] = (await again.ledger.audit.page({ limit: 1, after: null, to: START + 1 })).items
      expect(first).toEqual({
        id: first.id,
        ...entry('session.begin', { actor: null, role: null, outcome: 'refused', detail: { reason: 'wrong token' } }),
      })
      await again.close()
    }))

  test('entries of the audit log go by age alone', () =>
    withStore(async ({ ledger: { audit } }) => {
      await audit.append([0, 10, 5, 20].map((age) => entry(`a.${age}`, { time: START - age * HOUR })))
      expect(await audit.expire(START - 5 * HOUR)).toBe(2)
      expect((await audit.page({ limit: 9, after: null })).items.map((e) => e.action)).toEqual(['a.5', 'a.0'])
      expect(await audit.expire(START - 30 * HOUR)).toBe(0)
      // what comes in late is kept until the next time
      await audit.append([entry('late', { time: START - 40 * HOUR })])
      expect((await audit.page({ limit: 9, after: null })).items).toHaveLength(3)
    }))

  test('annotations are found by the time that they touch, changed and taken away', () =>
    withStore(async (store, url) => {
      const { annotations } = store.ledger
      const deploy = await annotations.create(
        annotation('deploy', START + HOUR, { kind: 'deploy', url: 'https://ci/1' }),
      )
      const sale = await annotations.create(
        annotation('sale', START, { to: START + 10 * HOUR, zone: 'example.com', host: 'shop.example.com' }),
      )
      const twin = await annotations.create(annotation('twin', START + HOUR))
      const other = await annotations.create(annotation('other', START + 2 * HOUR, { zone: 'example.org' }))
      const texts = async (from: number, to: number, more: { kind?: string; zones?: string[] } = {}) =>
        (await all(everyItem((page) => annotations.page({ ...page, from, to, ...more }), 1))).map(({ text }) => text)
      const twins = [deploy, twin].sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ text }) => text)
      expect(await texts(START - HOUR, START + 24 * HOUR)).toEqual(['sale', ...twins, 'other'])
      expect(await texts(START + HOUR, START + HOUR + 1)).toEqual(['sale', ...twins])
      expect(await texts(START, START + HOUR)).toEqual(['sale'])
      expect(await texts(START + 9 * HOUR, START + 11 * HOUR)).toEqual(['sale'])
      expect(await texts(START + 10 * HOUR, START + 11 * HOUR)).toEqual([])
      expect(await texts(START - HOUR, START)).toEqual([])
      expect(await texts(0, START * 2, { kind: 'deploy' })).toEqual(['deploy'])
      expect(await texts(0, START * 2, { zones: ['example.org'] })).toEqual([...twins, 'other'])
      expect(await texts(0, START * 2, { zones: [] })).toEqual(twins)

      const { author, createdAt, id, ...draft } = deploy
      const changed = await annotations.change(id, { ...draft, text: 'rollback', to: START + 2 * HOUR })
      expect(changed).toEqual({ ...deploy, text: 'rollback', to: START + 2 * HOUR, author, createdAt })
      expect(await annotations.change('nobody', draft)).toBeNull()
      expect(await annotations.remove(other.id)).toBe(true)
      expect(await annotations.remove(other.id)).toBe(false)
      await store.close()
      const again = await openStore(url)
      expect(await again.ledger.annotations.get(id)).toEqual(changed)
      expect(await again.ledger.annotations.get(sale.id)).toEqual(sale)
      expect(await again.ledger.annotations.get(other.id)).toBeNull()
      await again.close()
    }))

  test('an incident is frozen: listed without what is in it, given whole, and gone only when it is taken away', () =>
    withStore(async (store, url) => {
      const { incidents } = store.ledger
      const made: Incident[] = []
      for (const [i, title] of ['a', 'b', 'c'].entries()) {
        const explained = i === 1 ? { en: { summary: 'a "rise"' }, zh: { summary: '突增' } } : null
        const frozen = { title, figures: [1, 2.5, null], texts: { fr: 'été', zh: '事件' }, explained }
        const times = { from: START, to: START + HOUR, createdAt: START + i }
        made.push(await incidents.create({ title, author: i === 0 ? null : 'ada', ...times, frozen }))
      }
      const heads = made.map(({ frozen: _, ...head }, i) => ({
        ...head,
        summaries: i === 1 ? { en: 'a "rise"', zh: '突增' } : {},
      }))
      expect(await all(everyItem((page) => incidents.page(page), 2))).toEqual([...heads].reverse())
      expect(await incidents.get('nobody')).toBeNull()
      expect(await incidents.remove(made[1].id)).toBe(true)
      expect(await incidents.remove(made[1].id)).toBe(false)
      await store.close()
      const again = await openStore(url)
      expect(await again.ledger.incidents.get(made[0].id)).toEqual(made[0])
      expect(await again.ledger.incidents.get(made[1].id)).toBeNull()
      await again.close()
    }))

  test('a cursor that is none is refused everywhere', () =>
    withStore(async ({ ledger }) => {
      const page = { limit: 5, after: 'yesterday' }
      const lists = [
        () => ledger.reports.page(page),
        () => ledger.checkpoints.page('bucket', page),
        () => ledger.tokens.page(page),
        () => ledger.sessions.page(page),
        () => ledger.audit.page(page),
        () => ledger.annotations.page({ ...page, from: 0, to: START }),
        () => ledger.incidents.page(page),
      ]
      for (const list of lists) await expect(list()).rejects.toMatchObject({ code: 'BAD_CURSOR' })
    }))

  test('the ledger can be written while a part is being stored', () =>
    withStore(async (store) => {
      const writing = Promise.all(
        Array.from({ length: 4 }, (_, i) =>
          storeBatch(
            store,
            Array.from({ length: 2_000 }, (_, n) => sample({ path: `/${i}/${n}` })),
          ),
        ),
      )
      for (let n = 0; n < 20; n++) await store.ledger.audit.append([entry(`n.${n}`)])
      await writing
      expect((await store.ledger.audit.page({ limit: 50, after: null })).items).toHaveLength(20)
      expect((await store.records.extent()).records).toBe(8_000)
    }))
}
