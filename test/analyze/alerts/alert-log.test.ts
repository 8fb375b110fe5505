/** The alert log on disk: what is together is together, however many processes. */
import { Database } from '../../../schema/sqlite/driver/index.js'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AlertCommit, AlertLog, Episode, Notice } from '../../../schema/store/alert-log.js'
import { openAlertLog, openAlertLogHere, type OwnAlertLog } from '../../../schema/sqlite/alerts/open.js'
import { openStore } from '../../../schema/open-store.js'
import { noticeOf as sampleNotice, notifierOf } from '../notifiers/sample.js'
import { START } from './kit/series.js'

let folder: string
let path: string
const logs: OwnAlertLog[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-log-'))
  path = join(folder, 'store.sqlite')
})
afterEach(async () => {
  for (const log of logs.splice(0)) await log.close()
  rmSync(folder, { recursive: true, force: true })
})
const open = () => {
  const log = openAlertLogHere(path)
  logs.push(log)
  return log
}

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

describe('a commit', () => {
  it('is refused whole when something changed since the snapshot', async () => {
    const [mine, theirs] = [open(), open()]
    const { revision } = await mine.load()
    expect(await theirs.commit(change(revision, { settings: { a: '1' } }))).toBe(true)
    expect(
      await mine.commit(change(revision, { episodes: [episode('e')], notices: [notice('n1')], settings: { a: '2' } })),
    ).toBe(false)
    const after = await mine.load()
    expect([after.episodes, after.settings.a]).toEqual([[], '1'])
    expect((await mine.deliveries({ notifier: null, state: null, limit: 10, before: null })).deliveries).toEqual([])
  })

  it.each<[string, (log: AlertLog) => Promise<unknown>]>([
    ['a silence', (log) => log.putSilence({ id: 's', matchers: [], startsAt: 0, endsAt: 1, reason: 'x', by: '' })],
    ['a rule', (log) => log.putRules([], ['x'])],
    ['a notifier', (log) => log.putNotifier(notifierOf('webhook', { url: 'https://example.com' }), 0)],
    ['an acknowledgement', (log) => log.acknowledge('e', { at: 1, by: 'Ada', note: '' })],
  ])('is refused when %s was changed meanwhile', async (_what, edit) => {
    const log = open()
    await log.commit(change((await log.load()).revision, { episodes: [episode('e')] }))
    const { revision } = await log.load()
    await edit(log)
    expect(await log.commit(change(revision))).toBe(false)
  })

  it('that fails halfway leaves nothing', async () => {
    const log = open()
    const { revision } = await log.load()
    const bad = { ...notice('n1'), notifier: null as unknown as string }
    await expect(log.commit(change(revision, { episodes: [episode('e')], notices: [bad] }))).rejects.toThrow()
    expect((await log.load()).episodes).toEqual([])
    expect((await log.load()).revision).toBe(revision)
  })
})

describe('the queue', () => {
  const claim = (log: AlertLog, now: number, busy: string[] = []) =>
    log.claim({ now, lease: 1_000, busy }).then((all) => all.map((n) => n.id))
  const outcome = (state: 'sent' | 'queued' | 'failed', retryAt: number | null, at = START) => ({
    attempt: { at, ok: state === 'sent', status: 200, error: null, milliseconds: 1 },
    state,
    retryAt,
  })

  async function filled(...notices: Notice[]): Promise<AlertLog> {
    const log = open()
    await log.commit(change((await log.load()).revision, { notices }))
    return log
  }

  it('gives a notice to one process only, and again when its lease ends', async () => {
    const log = await filled(notice('a'))
    const other = open()
    expect(await claim(log, START)).toEqual(['a'])
    expect(await claim(other, START + 999)).toEqual([])
    expect(await claim(other, START + 1_000)).toEqual(['a'])
  })

  it('gives one notice per notifier at a time, and keeps the order within a group', async () => {
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

  it('takes a notice with the same id once', async () => {
    const log = await filled(notice('a'))
    await log.commit(change((await log.load()).revision, { notices: [notice('a')] }))
    expect((await log.deliveries({ notifier: null, state: null, limit: 10, before: null })).deliveries).toHaveLength(1)
  })

  it('is read page by page, by state', async () => {
    const log = await filled(...['a', 'b', 'c', 'd', 'e'].map((id) => notice(id, id)))
    await claim(log, START)
    const first = await log.deliveries({ notifier: 'n', state: null, limit: 2, before: null })
    expect(first.deliveries.map((d) => d.notice.id)).toEqual(['e', 'd'])
    expect(
      (
        await log.deliveries({
          notifier: 'n',
          state: null,
          limit: 10,
          before: first.next,
        })
      ).deliveries.map((d) => d.notice.id),
    ).toEqual(['c', 'b', 'a'])
    expect(
      (
        await log.deliveries({
          notifier: null,
          state: 'sending',
          limit: 10,
          before: null,
        })
      ).deliveries.map((d) => d.notice.id),
    ).toEqual(['a'])
  })
})

describe('episodes', () => {
  it('are found by the range that they overlap, newest first, page by page', async () => {
    const log = open()
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
          before: null,
          ...ask,
        })
      ).map((e) => e.id)
    expect(await ids({})).toEqual(['twin', 'late', 'long', 'over'])
    expect(await ids({ from: at(10), to: at(20) })).toEqual(['long'])
    expect(await ids({ state: 'resolved' })).toEqual(['over'])
    expect(await ids({ limit: 1 })).toEqual(['twin'])
    expect(await ids({ before: `${at(30)} twin` })).toEqual(['late', 'long', 'over'])
  })

  it('that are settled and long over are forgotten, others are not', async () => {
    const log = open()
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
          before: null,
        })
      ).map((e) => e.id),
    ).toEqual(['open'])
  })
})

describe('the file', () => {
  it('may be a store in use; the log has a thread of its own', async () => {
    const store = await openStore(`sqlite:${path}`)
    const log = await openAlertLog(path)
    logs.push(log)
    await log.setSetting('x', 'y')
    expect((await log.load()).settings).toEqual({ x: 'y' })
    expect((await store.records.extent()).records).toBe(0)
    await store.close()
    expect((await log.load()).settings).toEqual({ x: 'y' })
  })

  it('of a newer Faultline is not touched', async () => {
    await open().close()
    logs.length = 0
    const db = new Database(path)
    db.prepare('update alert_layout set version = 99').run()
    db.close()
    expect(() => openAlertLogHere(path)).toThrow(/newer Faultline/)
    await expect(openAlertLog(path)).rejects.toMatchObject({ name: 'StoreError', code: 'STORE_NEWER' })
  })

  it('that cannot be written says what to do', async () => {
    writeFileSync(path, 'no database at all, only some text that is long enough to be looked at')
    await expect(openAlertLog(path)).rejects.toMatchObject({ name: 'StoreError', code: 'STORE_UNUSABLE' })
  })
})
