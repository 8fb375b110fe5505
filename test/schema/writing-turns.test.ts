/** In which order the writer gets what waits, and what it gets together. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import type { BatchReport } from '../../schema/api/batches.js'
import { openStore } from '../../schema/open-store.js'
import { Database } from '../../schema/sqlite/driver/index.js'
import { inTurns } from '../../schema/store/writing-turns.js'
import type { Part, WholeBatch } from '../../schema/store/batches.js'
import { StoreError } from '../../schema/store/store-error.js'
import { blockOf, progress, randomSamples } from '../contract/sample-records.js'

const folder = mkdtempSync(join(tmpdir(), 'faultline-turns-'))
afterAll(() => rmSync(folder, { recursive: true }))

const post = (waitsAs: string, name: string): WholeBatch => ({
  origin: { input: 'logpush', name },
  waitsAs,
  blocks: [],
  rejected: [],
  progress: progress(1),
  message: null,
})
const part = (waitsAs: string): Part => ({ number: 1, blocks: [], rejected: [], progress: progress(1), waitsAs })

/** A writer that is told when it is done with each call. */
function slowWriter() {
  const calls: { what: string; done: (error?: Error) => void }[] = []
  const under = <T>(what: string, value: T) =>
    new Promise<T>((resolve, reject) => {
      calls.push({ what, done: (error) => (error ? reject(error) : resolve(value)) })
    })
  const turns = inTurns({
    take: (batches) => {
      const names = batches.map(({ origin }) => origin.name ?? '')
      return under(
        names.join(' '),
        names.map((name) => ({ name }) as BatchReport),
      )
    },
    write: (batch) => under(`part of ${batch}`, { stored: 1, duplicates: 0 }),
  })
  return { calls, turns }
}
const settled = () => new Promise(setImmediate)

describe('what waits for the writer', () => {
  it('is stored together, senders in turn, and parts of large batches come between', async () => {
    const { calls, turns } = slowWriter()
    for (const name of ['a1', 'a2', 'a3', 'a4', 'a5']) void turns.take(post('a', name))
    void turns.write('large', part('c'))
    void turns.write('larger', part('d'))
    void turns.take(post('b', 'b1'))
    const seen: string[] = []
    for (let n = 0; n < 5; n++) {
      seen.push(calls[n].what)
      calls[n].done()
      await settled()
    }
    // the first two found nobody there
    expect(seen).toEqual(['a1', 'a2', 'part of large', 'a3 b1 a4 a5', 'part of larger'])
    await turns.over()
  })

  it('gathers while others come side by side, and whoever sends one after the other waits for nothing', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    try {
      const { calls, turns } = slowWriter()
      const seen = () => calls.map(({ what }) => what)
      const done = async () => {
        calls.at(-1)?.done()
        await settled()
      }
      for (const name of ['1', '2']) {
        void turns.take(post('a', name))
        await done()
      }
      expect(seen()).toEqual(['1', '2'])
      for (const name of ['3', '4', '5', '6']) void turns.take(post('a', name))
      calls[2].done()
      await settled()
      expect(seen().slice(2)).toEqual(['3', '4', '5 6'])
      calls[3].done()
      await done()
      void turns.take(post('a', '7'))
      await vi.advanceTimersByTimeAsync(50)
      void turns.take(post('b', '8'))
      expect(seen()).toHaveLength(5)
      // parts of large ones need not wait for them
      void turns.write('large', part('c'))
      expect(seen().at(-1)).toBe('part of large')
      await done()
      await vi.advanceTimersByTimeAsync(60)
      expect(seen().at(-1)).toBe('7 8')
      await done()
      // as many as go together need not wait, nor does anybody at the end
      for (let n = 0; n < 100; n++) void turns.take(post('a', 'x'))
      expect(calls).toHaveLength(8)
      await done()
      void turns.take(post('a', 'last'))
      expect(calls).toHaveLength(8)
      const over = turns.over()
      expect(seen().at(-1)).toBe('last')
      await done()
      await over
    } finally {
      vi.useRealTimers()
    }
  })

  it('gathers for longer where many come, until as many are there as go together', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    try {
      const { calls, turns } = slowWriter()
      const many = (count: number) => {
        for (let n = 0; n < count; n++) void turns.take(post(`${n % 3}`, 'x'))
      }
      const done = async () => {
        calls.at(-1)?.done()
        await settled()
      }
      many(22)
      calls[0].done()
      await settled()
      calls[1].done()
      await done()
      expect(calls.map(({ what }) => what.split(' ').length)).toEqual([1, 1, 20])
      many(20)
      await vi.advanceTimersByTimeAsync(290)
      expect(calls).toHaveLength(3)
      await vi.advanceTimersByTimeAsync(20)
      expect(calls).toHaveLength(4)
      await done()
      // a full one goes at once, and where few are left the next do not wait for a crowd
      many(100)
      expect(calls).toHaveLength(5)
      await done()
      many(5)
      await vi.advanceTimersByTimeAsync(310)
      await done()
      many(2)
      await vi.advanceTimersByTimeAsync(110)
      expect(calls).toHaveLength(7)
      await done()
    } finally {
      vi.useRealTimers()
    }
  })

  it('is told at once when another process holds the file, and what comes later is tried again', async () => {
    const { calls, turns } = slowWriter()
    const outcomes = ['1', '2', '3', '4'].map((name) => turns.take(post('a', name)).catch((error) => error.code))
    outcomes.push(turns.write('large', part('c')).catch((error) => error.code))
    calls[0].done(new StoreError('STORE_BUSY', 'held'))
    await settled()
    calls[1].done()
    const [first, second, ...others] = await Promise.all(outcomes)
    expect([first, (second as BatchReport).name, ...others]).toEqual([
      'STORE_BUSY',
      '2',
      ...Array(3).fill('STORE_BUSY'),
    ])
    const later = turns.take(post('a', '5'))
    calls.at(-1)?.done()
    expect((await later).name).toBe('5')
  })
})

it('forty small batches at once are three commits', async () => {
  const path = join(folder, 'together.sqlite')
  const store = await openStore(`sqlite:${path}`)
  const commits = () => {
    const db = new Database(path, { readonly: true })
    const count = db.prepare('select counter from change').pluck().get() as number
    db.close()
    return count
  }
  const samples = randomSamples(400, 21)
  const before = commits()
  const reports = await Promise.all(
    Array.from({ length: 40 }, (_, i) =>
      store.batches.take({ ...post(`${i % 3}`, `${i}`), blocks: [blockOf(samples.slice(i * 10, i * 10 + 10))] }),
    ),
  )
  expect(reports.reduce((sum, { stored }) => sum + stored, 0)).toBe(400)
  expect(commits() - before).toBe(3)
  await store.close()
})
