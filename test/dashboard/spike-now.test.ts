import { expect, it } from 'vitest'
import { isNow } from '../../dashboard/web/state/spike-now.js'

const END = Date.UTC(2026, 4, 20, 14)
const end = new Date(END).toISOString()

it('a spike at the end of the logs goes on for as long as logs may be late, not for ever', () => {
  const after = (minutes: number) => END + minutes * 60_000
  expect([0, 5, 29, 30, 60 * 24].map((minutes) => isNow({ ongoing: true, end }, after(minutes)))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ])
  expect(isNow({ ongoing: false, end }, after(1))).toBe(false)
})
