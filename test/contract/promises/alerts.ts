/** What alerting remembers: what is together is together, however many processes. */
import { afterEach, expect } from 'vitest'
import { noticeOf as sampleNotice, notifierOf } from '../../analyze/notifiers/sample.js'
import { openStore } from '../../../schema/open-store.js'
import type { AlertCommit, AlertLog, Episode, Notice } from '../../../schema/store/alert-log.js'
import type { Store } from '../../../schema/store/store.js'
import type { Contract } from '../contract.js'
import { START } from '../sample-records.js'

const notice = (id: string, group = 'g', notifier = 'n'): Notice => ({
  ...sampleNotice(),
  id,
  group,
  notifier,
  createdAt: START,
})
const episode = (id: string, change: Partial<Episode> = {}): Episode => ({
  id,
  rule: 'r',
  name: 'R',
  kind: 'count',
  severity: 'warning',
  labels: {},
  key: '[]',
  state: 'firing',
  pendingAt: START,
  firedAt: START,
  resolvedAt: null,
  reason: null,
  finding: {
    unit: 'requests',
    value: 1,
    threshold: 1,
    expected: null,
    window: null,
    requests: null,
    burn: null,
    objective: null,
    surge: null,
  },
  flapping: false,
  noData: false,
  seenAt: START,
  acknowledged: null,
  muted: null,
  queued: {},
  settled: false,
  ...change,
})
const change = (revision: number, more: Partial<AlertCommit> = {}): AlertCommit => ({
  revision,
  memories: [],
  episodes: [],
  groups: [],
  forgottenGroups: [],
  forgottenMemories: [],
  notices: [],
  settings: {},
  ...more,
})

export function alertPromises({ test, freshUrl }: Contract): void {
  let url = ''
  const stores: Store[] = []
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close()
  })

  /** The alert log of a new store, and another process's of the same. */
  async function open(): Promise<AlertLog> {
    url = await freshUrl()
    return beside()
  }
  async function beside(): Promise<AlertLog> {
    const store = await openStore(url)
    stores.push(store)
    return store.alerts
  }
  const both = async () => [await open(), await beside()] as const

  test('a commit is refused whole when something changed since the snapshot', async () => {
    const [mine, theirs] = await both()
    const { revision } = await mine.load()
    expect(await theirs.commit(change(revision, { settings: { a: '1' } }))).toBe(true)
    expect(
      await mine.commit(change(revision, { episodes: [episode('e')], notices: [notice('n1')], settings: { a: '2' } })),
    ).toBe(false)
    const after = await mine.load()
    expect([after.episodes, after.settings.a]).toEqual([[], '1'])
    expect((await mine.deliveries({ notifier: null, state: null, limit: 10, after: null })).items).toEqual([])
  })

  const edits: { [what: string]: (log: AlertLog) => Promise<unknown> } = {
    'a silence': (log) => log.putSilence({ id: 's', matchers: [], startsAt: 0, endsAt: 1, reason: 'x', by: '' }),
    'a rule': (log) => log.putRules([], ['x']),
    'a notifier': (log) => log.putNotifier(notifierOf('webhook', { url: 'https://example.com' }), 0),
    'an acknowledgement': (log) => log.acknowledge('e', { at: 1, by: 'Ada', note: '' }),
  }
  for (const [what, edit] of Object.entries(edits)) {
    test(`a commit is refused when ${what} was changed meanwhile`, async () => {
      const log = await open()
      await log.commit(change((await log.load()).revision, { episodes: [episode('e')] }))
      const { revision } = await log.load()
      await edit(log)
      expect(await log.commit(change(revision))).toBe(false)
    })
  }

  test('a commit that fails halfway leaves nothing', async () => {
    const log = await open()
    const { revision } = await log.load()
    const bad = { ...notice('n1'), notifier: null as unknown as string }
    await expect(log.commit(change(revision, { episodes: [episode('e')], notices: [bad] }))).rejects.toThrow()
    expect((await log.load()).episodes).toEqual([])
    expect((await log.load()).revision).toBe(revision)
  })

  const claim = (log: AlertLog, now: number, busy: string[] = []) =>
    log.claim({ now, lease: 1_000, busy }).then((all) => all.map((n) => n.id))
  const outcome = (state: 'sent' | 'queued' | 'failed', retryAt: number | null, at = START) => ({
    attempt: { at, ok: state === 'sent', status: 200, error: null, milliseconds: 1 },
    state,
    retryAt,
  })

  async function filled(...notices: Notice[]): Promise<AlertLog> {
    const log = await open()
    await log.commit(change((await log.load()).revision, { notices }))
    return log
  }

  test('a notice is given to one process only, and again when its lease ends', async () => {
    const log = await filled(notice('a'))
    const other = await beside()
    expect(await claim(log, START)).toEqual(['a'])
    expect(await claim(other, START + 999)).toEqual([])
    expect(await claim(other, START + 1_000)).toEqual(['a'])
  })

  test('one notice per notifier is given at a time, and the order within a group is kept', async () => {
    const log = await filled(notice('a1', 'a'), notice('a2', 'a'), notice('b1', 'b'), notice('c1', 'c', 'other'))
    expect(await claim(log, START)).toEqual(['a1', 'c1'])
    // a1 failed: a2 waits behind it, b1 does not
    await log.finish('a1', outcome('queued', START + 10_000))
    expect(await claim(log, START + 1, ['other'])).toEqual(['b1'])
    await log.finish('b1', outcome('sent', null))
    expect(await claim(log, START + 2, ['other'])).toEqual([])
    expect(await claim(log, START + 10_000, ['other'])).toEqual(['a1'])
    await log.finish('a1', outcome('failed', null))
    expect(await claim(log, START + 10_001, ['other'])).toEqual(['a2'])
  })

  test('a notice with the same id is taken once', async () => {
    const log = await filled(notice('a'))
    await log.commit(change((await log.load()).revision, { notices: [notice('a')] }))
    expect((await log.deliveries({ notifier: null, state: null, limit: 10, after: null })).items).toHaveLength(1)
  })

  test('deliveries are read page by page, by state', async () => {
    const log = await filled(...['a', 'b', 'c', 'd', 'e'].map((id) => notice(id, id)))
    await claim(log, START)
    const first = await log.deliveries({ notifier: 'n', state: null, limit: 2, after: null })
    expect(first.items.map((d) => d.notice.id)).toEqual(['e', 'd'])
    expect(
      (
        await log.deliveries({
          notifier: 'n',
          state: null,
          limit: 10,
          after: first.next,
        })
      ).items.map((d) => d.notice.id),
    ).toEqual(['c', 'b', 'a'])
    expect(
      (
        await log.deliveries({
          notifier: null,
          state: 'sending',
          limit: 10,
          after: null,
        })
      ).items.map((d) => d.notice.id),
    ).toEqual(['a'])
  })

  test('episodes are found by the range that they overlap, newest first, page by page', async () => {
    const log = await open()
    const at = (minutes: number) => START + minutes * 60_000
    await log.commit(
      change((await log.load()).revision, {
        episodes: [
          episode('over', { firedAt: at(0), resolvedAt: at(5), state: 'resolved', settled: true }),
          episode('long', { firedAt: at(1) }),
          episode('late', { firedAt: at(30) }),
          episode('twin', { firedAt: at(30) }),
        ],
      }),
    )
    const ids = async (ask: object) =>
      (
        await log.episodes({
          from: null,
          to: null,
          rule: null,
          state: null,
          limit: 10,
          after: null,
          ...ask,
        })
      ).items.map((e) => e.id)
    expect(await ids({})).toEqual(['twin', 'late', 'long', 'over'])
    expect(await ids({ from: at(10), to: at(20) })).toEqual(['long'])
    expect(await ids({ state: 'resolved' })).toEqual(['over'])
    expect(await ids({ limit: 1 })).toEqual(['twin'])
    const first = await log.episodes({ from: null, to: null, rule: null, state: null, limit: 1, after: null })
    expect(await ids({ after: first.next })).toEqual(['late', 'long', 'over'])
    await expect(ids({ after: 'yesterday' })).rejects.toMatchObject({ code: 'BAD_CURSOR' })
  })

  test('episodes that are settled and long over are forgotten, others are not', async () => {
    const log = await open()
    await log.commit(
      change((await log.load()).revision, {
        episodes: [
          episode('old', { resolvedAt: START, state: 'resolved', settled: true, seenAt: START }),
          episode('open'),
        ],
      }),
    )
    await log.expire(START + 1)
    expect(
      (
        await log.episodes({
          from: null,
          to: null,
          rule: null,
          state: null,
          limit: 10,
          after: null,
        })
      ).items.map((e) => e.id),
    ).toEqual(['open'])
  })
}
