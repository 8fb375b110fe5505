import { describe, expect, it } from 'vitest'
import { leftMs, paced, startPace } from '../../dashboard/web/state/pace.js'

/** Bytes sent after each tenth of a second, in fits and starts about a steady mean. */
function run(rate: (i: number) => number, seconds: number, size: number): number[] {
  let pace = startPace(0)
  let done = 0
  const told: number[] = []
  for (let i = 1; i <= seconds * 10; i++) {
    done += rate(i)
    pace = paced(pace, i * 100, done)
    if (i % 5 !== 0) continue
    const left = leftMs(pace, size - done)
    if (left !== null) told.push(left)
  }
  return told
}

describe('the time that an upload still takes', () => {
  it('is not told before anyone can know', () => {
    expect(leftMs(paced(startPace(0), 200, 1_000), 1_000_000)).toBeNull()
  })

  it('goes down steadily though the bytes come in bursts', () => {
    const bursts = run((i) => (i % 8 === 0 ? 8_000_000 : 0), 60, 1_000_000_000)
    for (let i = 1; i < bursts.length; i++) expect(Math.abs(bursts[i] - bursts[i - 1])).toBeLessThanOrEqual(15_000)
    expect(bursts.at(-1)).toBeLessThan(60_000)
  })

  it('is not fooled by what a buffer swallowed at once', () => {
    const told = run((i) => (i === 1 ? 20_000_000 : 1_000_000), 60, 1_000_000_000)
    // 10 MB a second: some 38 s are left after a minute
    expect(told.at(-1)).toBeGreaterThan(33_000)
    expect(told.at(-1)).toBeLessThan(43_000)
  })

  it('follows where the line became slower', () => {
    const told = run((i) => (i < 100 ? 5_000_000 : 500_000), 40, 1_500_000_000)
    expect(told.at(-1)).toBeGreaterThan(100_000)
  })
})
