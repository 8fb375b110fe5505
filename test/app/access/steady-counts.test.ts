import { afterEach, expect, it, vi } from 'vitest'
import { SteadyCounts } from '../../../dashboard/access/steady-counts.js'

afterEach(() => {
  vi.useRealTimers()
})

const MINUTE = 60_000
const counted = (counts: SteadyCounts, how: 'incr' | 'read', key = 'one') => {
  let told = { current: -1, ttl: -1 }
  counts[how](key, (_error, count) => (told = count), MINUTE)
  return told
}

it('counts for a while, and begins anew, by time that passes: a clock that is set back keeps nobody waiting', () => {
  vi.useFakeTimers({ now: Date.UTC(2026, 4, 20), toFake: ['Date', 'performance'] })
  const counts = new SteadyCounts()
  expect(counted(counts, 'read')).toEqual({ current: 0, ttl: 0 })
  for (let n = 1; n <= 3; n++) expect(counted(counts, 'incr').current).toBe(n)
  vi.advanceTimersByTime(20_000)
  vi.setSystemTime(Date.UTC(2026, 4, 19))
  expect(counted(counts, 'read')).toEqual({ current: 3, ttl: 40_000 })
  expect(counted(counts, 'incr', 'another').current).toBe(1)
  expect(counted(counts.child(), 'read').current).toBe(0)
  vi.advanceTimersByTime(40_000)
  expect(counted(counts, 'read')).toEqual({ current: 0, ttl: 0 })
  expect(counted(counts, 'incr').current).toBe(1)
})
