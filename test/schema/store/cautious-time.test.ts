import { expect, it } from 'vitest'
import { cautiousTime } from '../../../schema/store/cautious-time.js'

const HOUR = 3_600_000
const DAY = 24 * HOUR

function clockAt(start: number) {
  let wall = start
  let steady = 0
  return {
    now: () => wall,
    monotonic: () => steady,
    /** time passes */
    pass: (ms: number) => {
      wall += ms
      steady += ms
    },
    /** only the wall clock goes */
    set: (ms: number) => (wall += ms),
  }
}

it('a clock that goes forward by years is not believed at once, and set right again has changed nothing', () => {
  const clock = clockAt(1_000_000)
  const told: number[] = []
  const now = cautiousTime({ clock, onJump: (forward) => told.push(forward) })
  clock.pass(DAY)
  expect(now()).toBe(clock.now())
  const before = clock.now()
  clock.set(3650 * DAY)
  clock.pass(6 * HOUR)
  expect(now()).toBe(before + 6 * HOUR)
  clock.pass(6 * HOUR)
  expect(now()).toBe(before + 12 * HOUR)
  expect(told).toEqual([3650 * DAY])
  clock.set(-3650 * DAY)
  expect(now()).toBe(clock.now())
})

it('a machine that slept for a week is believed a day later', () => {
  const clock = clockAt(1_000_000)
  const now = cautiousTime({ clock })
  clock.set(7 * DAY)
  expect(now()).toBe(1_000_000)
  clock.pass(DAY)
  expect(now()).toBe(clock.now())
})

it('a clock that goes back is believed: nothing goes by it', () => {
  const clock = clockAt(10 * DAY)
  const now = cautiousTime({ clock })
  clock.set(-5 * DAY)
  expect(now()).toBe(5 * DAY)
  clock.pass(HOUR)
  expect(now()).toBe(5 * DAY + HOUR)
})
