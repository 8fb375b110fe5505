import { afterEach, expect, it, vi } from 'vitest'
import { IdleWork } from '../../../schema/sqlite/writing/idle-work.js'

afterEach(() => {
  vi.useRealTimers()
})

it('goes on when the clock is set back by hours', () => {
  vi.useFakeTimers({
    now: Date.UTC(2026, 4, 20, 12),
    toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout', 'setImmediate'],
  })
  let worked = 0
  const idle = new IdleWork(function* () {
    yield
    worked++
    return false
  })
  idle.postpone()
  vi.advanceTimersByTime(1_000)
  expect(worked).toBe(1)
  vi.advanceTimersByTime(60_000)
  idle.postpone()
  vi.setSystemTime(Date.UTC(2026, 4, 20, 7))
  vi.advanceTimersByTime(1_000)
  expect(worked).toBeGreaterThan(1)
  idle.stop()
})
