import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { comparedOf } from '../../dashboard/web/state/comparison.js'
import { fillingFrom } from '../../dashboard/web/state/filling.js'
import { maxBuckets, resolveRange, shifted, spanOf, stepFor, widened } from '../../dashboard/web/state/range.js'
import type { Summary } from '../../schema/api/reports.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const now = Date.UTC(2026, 10, 20, 10, 13)
const storeOf = (from: number, to: number): Summary =>
  ({ extent: { records: 1, from: new Date(from).toISOString(), to: new Date(to).toISOString() } }) as Summary

describe('the step', () => {
  it.each([
    [15 * MINUTE, MINUTE],
    [HOUR, MINUTE],
    [6 * HOUR, 5 * MINUTE],
    [DAY, 10 * MINUTE],
    [7 * DAY, 2 * HOUR],
    [30 * DAY, 6 * HOUR],
  ])('of %i ms is %i ms', (width, step) => {
    expect(stepFor(width)).toEqual({ step, stepMs: step })
  })

  it('is a day or a week of the reader’s zone for months and years', () => {
    expect(stepFor(120 * DAY).step).toBe('day')
    expect(stepFor(5 * 365 * DAY).step).toBe('week')
  })

  it('never gives more columns than can be hit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 * DAY }), (width) => {
        expect(width / stepFor(width).stepMs).toBeLessThanOrEqual(maxBuckets)
      }),
    )
  })
})

describe('a range', () => {
  it('that moves lies on whole steps, so that figures and columns cover the same time', () => {
    const span = resolveRange({ kind: 'last', ms: DAY }, now, null)
    expect(span).toMatchObject({
      from: Date.UTC(2026, 10, 19, 10, 10),
      to: Date.UTC(2026, 10, 20, 10, 20),
      step: 10 * MINUTE,
      moving: true,
    })
  })

  it('by default is the last day, or everything where the last day is empty', () => {
    expect(resolveRange({ kind: 'auto' }, now, null)?.moving).toBe(true)
    expect(resolveRange({ kind: 'auto' }, now, { from: now - 40 * DAY, to: now - HOUR })?.moving).toBe(true)
    const old = { from: Date.UTC(2023, 2, 3, 5, 29, 6), to: Date.UTC(2023, 2, 3, 5, 29, 6) }
    expect(resolveRange({ kind: 'auto' }, now, old)).toMatchObject({
      from: Date.UTC(2023, 2, 3, 5, 29),
      to: Date.UTC(2023, 2, 3, 5, 30),
      moving: false,
    })
  })

  it('of everything waits until the extent is known', () => {
    expect(resolveRange({ kind: 'all' }, now, null)).toBeNull()
    expect(resolveRange({ kind: 'all' }, now, { from: now - HOUR, to: now })).not.toBeNull()
  })

  it('always holds the time that was asked for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2e12 }),
        fc.integer({ min: 1, max: 400 * DAY }),
        fc.boolean(),
        (from, width, moving) => {
          const span = spanOf(from, from + width, moving)
          expect(span.from).toBeLessThanOrEqual(from)
          expect(span.to).toBeGreaterThanOrEqual(from + width)
        },
      ),
    )
  })

  it('moves by its own width, and doubles without reaching into the future', () => {
    const span = spanOf(now - HOUR, now, false)
    expect(shifted(span, -1)).toEqual({ kind: 'span', from: now - 2 * HOUR, to: now - HOUR })
    expect(widened(span, now)).toEqual({ kind: 'span', from: now - HOUR - HOUR / 2, to: now })
  })
})

describe('the hatched end', () => {
  const moving = spanOf(now - DAY, now, true)

  it('covers the last minutes of a live feed', () => {
    expect(fillingFrom(moving, storeOf(now - DAY, now - MINUTE), now)).toBe(now - 5 * MINUTE)
    expect(fillingFrom(moving, storeOf(now - DAY, now - 20 * MINUTE), now)).toBe(now - 20 * MINUTE)
  })

  it('is absent where nothing is still on its way', () => {
    expect(fillingFrom(moving, storeOf(now - DAY, now - 3 * HOUR), now)).toBeNull()
    expect(fillingFrom(spanOf(now - DAY, now, false), storeOf(now - DAY, now), now)).toBeNull()
    expect(fillingFrom(moving, null, now)).toBeNull()
  })
})

describe('the comparison with the period before', () => {
  it('needs most of that period', () => {
    const covered = (share: number) => ({ ...storeOf(now - DAY, now), previous: { covered: share } }) as Summary
    expect([1, 0.95, 0.5, 0].map((share) => comparedOf(covered(share), { compare: 'auto' }) !== null)).toEqual([
      true,
      true,
      false,
      false,
    ])
    expect(comparedOf({ ...storeOf(now - DAY, now), previous: null }, { compare: 'auto' })).toBe(null)
    expect(comparedOf(null, { compare: 'day' })).toBe(null)
  })
})
