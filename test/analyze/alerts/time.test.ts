/** Delays that are learned, windows by the calendar, clocks. */
import { describe, expect, it, vi } from 'vitest'
import {
  countArrivals,
  DEFAULT_DELAY,
  delaysOf,
  isLive,
  NO_ARRIVALS,
  watermarkOf,
  type Arrivals,
} from '../../../analyze/alerts/life/watermark.js'
import { checkMaintenance, nextWindow, windowAt } from '../../../analyze/alerts/notices/maintenance.js'
import { matches } from '../../../analyze/alerts/notices/matchers.js'
import type { BatchReport } from '../../../schema/api/batches.js'
import type { MaintenanceDraft } from '../../../schema/api/alerts.js'
import { oneLine } from './kit/memory-store.js'
import { HOUR, MINUTE, START } from './kit/series.js'

// a second live input beside Logpush
vi.mock('../../../schema/words/inputs.js', async (original) => {
  const words = await original<typeof import('../../../schema/words/inputs.js')>()
  return { ...words, isLiveInput: (name: string) => name === 'logpull' || words.isLiveInput(name) }
})

const iso = (ms: number) => new Date(ms).toISOString()
function batch(id: number, from: number, to: number, receivedAt: number, more: Partial<BatchReport> = {}): BatchReport {
  return { ...oneLine, id: String(id), from: iso(from), to: iso(to), receivedAt: iso(receivedAt), ...more }
}

describe('what counts as live', () => {
  const live = (input: BatchReport['input'], from: number, to: number) => isLive(batch(1, from, to, START, { input }))
  it('streams, however late; uploads only if they bring what happens now', () => {
    expect(live('logpush', START - 5 * HOUR, START - 3 * HOUR)).toBe(true)
    expect(live('logpush', START - HOUR, START - HOUR / 2)).toBe(true)
    expect(live('upload', START - 5 * MINUTE, START - MINUTE)).toBe(true)
    expect(live('upload', START - 24 * HOUR, START - MINUTE)).toBe(false)
    expect(live('file', START - 3 * HOUR, START - 2 * HOUR)).toBe(false)
    expect(isLive({ ...batch(1, 0, 0, START), from: null, to: null })).toBe(false)
    // a log that is followed for days through stdin
    const followed = batch(1, START - 50 * HOUR, START + 3 * HOUR, START, { input: 'stdin', state: 'open' })
    expect([isLive(followed), isLive({ ...followed, state: 'complete' })]).toEqual([true, false])
  })
})

describe('the delay of an input', () => {
  const steady = (age: number, n: number, more: Partial<BatchReport> = {}): Arrivals =>
    countArrivals(
      Array.from({ length: n }, (_, i) =>
        batch(i + 1, START + i * MINUTE - age, START + i * MINUTE - age + MINUTE, START + i * MINUTE, more),
      ),
      NO_ARRIVALS,
      START + n * MINUTE,
    )

  it('is five minutes until it is known', () => {
    expect(delaysOf(steady(2 * MINUTE, 3), DEFAULT_DELAY)).toMatchObject([{ ms: 5 * MINUTE, learned: false }])
  })

  it('is what most batches take, and a quarter more', () => {
    expect(delaysOf(steady(4 * MINUTE, 20), DEFAULT_DELAY)).toMatchObject([
      { input: 'logpush', ms: 5 * MINUTE, learned: true },
    ])
  })

  it('is not led astray by a straggler', () => {
    const known = countArrivals(
      [batch(21, START - 9 * HOUR, START - 8 * HOUR, START + 21 * MINUTE)],
      steady(2 * MINUTE, 20),
      START + 21 * MINUTE,
    )
    expect(delaysOf(known, DEFAULT_DELAY)[0].ms).toBe(2.5 * MINUTE)
  })

  it('stays within its bounds, and is what is set if it is set', () => {
    expect(delaysOf(steady(1_000, 20), DEFAULT_DELAY)[0].ms).toBe(30_000)
    expect(delaysOf(steady(5 * HOUR, 20), DEFAULT_DELAY)[0].ms).toBe(30 * MINUTE)
    expect(delaysOf(steady(5 * HOUR, 20), { ...DEFAULT_DELAY, fixedMs: 90_000 })[0]).toMatchObject({
      ms: 90_000,
      learned: false,
    })
  })

  it('is forgotten with its input', () => {
    expect(countArrivals([], steady(2 * MINUTE, 20), START + 8 * 24 * HOUR).inputs).toEqual({})
  })

  it('counts a batch once it is complete, but knows what an open one brought', () => {
    const open = countArrivals([batch(1, START - MINUTE, START, START, { state: 'open' })], NO_ARRIVALS, START)
    expect(open).toMatchObject({
      seen: [{ id: '1', receivedAt: START }],
      open: ['1'],
      inputs: { logpush: { ages: [], frontier: START } },
    })
    const closed = countArrivals([batch(1, START - MINUTE, START + MINUTE, START)], open, START + MINUTE)
    expect(closed).toMatchObject({
      seen: [{ id: '1', receivedAt: START }],
      open: [],
      inputs: { logpush: { ages: [MINUTE], frontier: START + MINUTE } },
    })
  })
})

describe('the watermark', () => {
  const arrivals = (inputs: Arrivals['inputs']): Arrivals => ({ seen: [], open: [], inputs })
  const input = (ageMs: number, frontier = START) => ({
    ages: Array(10).fill(ageMs) as number[],
    frontier,
    lastAt: START,
  })

  it('waits for the slowest input', () => {
    const both = arrivals({ logpush: input(2 * MINUTE), logpull: input(8 * MINUTE) })
    expect(watermarkOf(both, START, DEFAULT_DELAY, null).at).toBe(START - 10 * MINUTE)
  })

  it('waits for no upload beside a stream, and for no stream that fell silent while another goes on', () => {
    const beside = arrivals({ logpush: input(2 * MINUTE), upload: input(50 * MINUTE) })
    expect(watermarkOf(beside, START, DEFAULT_DELAY, null).at).toBe(START - 3 * MINUTE)
    const silent = arrivals({
      logpush: input(2 * MINUTE),
      logpull: { ...input(20 * MINUTE), lastAt: START - 2 * HOUR },
    })
    expect(watermarkOf(silent, START, DEFAULT_DELAY, null).at).toBe(START - 3 * MINUTE)
    expect(watermarkOf(arrivals({ upload: input(50 * MINUTE) }), START, DEFAULT_DELAY, null).at).toBe(
      START - 30 * MINUTE,
    )
  })

  it('never goes back', () => {
    expect(watermarkOf(arrivals({ logpush: input(2 * MINUTE) }), START - HOUR, DEFAULT_DELAY, START - MINUTE).at).toBe(
      START - MINUTE,
    )
  })

  it('does not believe in logs of tomorrow', () => {
    const wrong = countArrivals([batch(1, START, START + 24 * HOUR, START)], NO_ARRIVALS, START)
    expect(watermarkOf(wrong, START, DEFAULT_DELAY, null).frontier).toBe(START)
  })

  it('is none where nothing is live', () => {
    expect(watermarkOf(NO_ARRIVALS, START, DEFAULT_DELAY, null)).toEqual({ at: null, frontier: null })
  })
})

describe('a maintenance window', () => {
  const at = (text: string) => Date.parse(text)
  const nightly: MaintenanceDraft = { name: 'x', start: '23:30', duration: '2h', timeZone: 'Europe/Paris' }

  it('goes over midnight and belongs to the day on which it began', () => {
    expect(windowAt(nightly, at('2026-05-20T22:00:00Z'))).toEqual({
      start: at('2026-05-20T21:30:00Z'),
      end: at('2026-05-20T23:30:00Z'),
    })
    expect(windowAt(nightly, at('2026-05-20T23:29:59Z'))).not.toBeNull()
    expect(windowAt(nightly, at('2026-05-20T23:30:00Z'))).toBeNull()
    expect(windowAt({ ...nightly, weekdays: ['wednesday'] }, at('2026-05-20T23:00:00Z'))).not.toBeNull()
    expect(windowAt({ ...nightly, weekdays: ['thursday'] }, at('2026-05-20T23:00:00Z'))).toBeNull()
  })

  it('keeps its wall clock when the clocks change', () => {
    const early: MaintenanceDraft = { name: 'x', start: '02:30', duration: '1h', timeZone: 'Europe/Paris' }
    // 29 March 2026: 02:00 becomes 03:00
    expect(windowAt(early, at('2026-03-28T01:45:00Z'))?.start).toBe(at('2026-03-28T01:30:00Z'))
    expect(windowAt(early, at('2026-03-29T01:45:00Z'))?.start).toBe(at('2026-03-29T01:30:00Z'))
    expect(windowAt(early, at('2026-03-30T00:45:00Z'))?.start).toBe(at('2026-03-30T00:30:00Z'))
    // 25 October 2026: 03:00 becomes 02:00
    expect(windowAt(early, at('2026-10-26T01:45:00Z'))?.start).toBe(at('2026-10-26T01:30:00Z'))
  })

  it('has first and last days', () => {
    const may: MaintenanceDraft = { ...nightly, timeZone: 'UTC', from: '2026-05-10', until: '2026-05-12' }
    expect(nextWindow(may, at('2026-01-01T00:00:00Z'))?.start).toBe(at('2026-05-10T23:30:00Z'))
    expect(windowAt(may, at('2026-05-13T01:00:00Z'))?.start).toBe(at('2026-05-12T23:30:00Z'))
    expect(nextWindow(may, at('2026-05-13T02:00:00Z'))).toBeNull()
    expect(() => checkMaintenance({ ...may, until: '2026-05-01' })).toThrow(/before the first/)
    expect(() => checkMaintenance({ ...may, from: '10 May' })).toThrow(/no day/)
  })
})

describe('matchers', () => {
  const labels = { alertname: 'Edge blocks', host: 'www.example.com' }
  it.each<[string, '=' | '!=' | '=~' | '!~', string, boolean]>([
    ['host', '=', 'www.example.com', true],
    ['host', '=', 'www', false],
    ['host', '!=', 'www', true],
    ['country', '=', '', true],
    ['country', '!=', 'FR', true],
    ['host', '=~', 'www*', true],
    ['host', '=~', '*.example.com', true],
    ['host', '=~', 'www*com', true],
    ['host', '=~', '*exam*ple*', true],
    ['host', '=~', 'api*|www*', true],
    ['host', '=~', 'www', false],
    ['host', '=~', 'www.example.com*www.example.com', false],
    ['host', '=~', '.*', false],
    ['host', '!~', 'api*', true],
    ['alertname', '=~', '*', true],
  ])('%s%s%s is %s', (label, op, value, expected) => {
    expect(matches([{ label, op, value }], labels)).toBe(expected)
  })

  it('must all hold', () => {
    expect(
      matches(
        [
          { label: 'host', op: '=~', value: 'www*' },
          { label: 'alertname', value: 'other' },
        ],
        labels,
      ),
    ).toBe(false)
    expect(matches([], labels)).toBe(true)
  })
})
