import { describe, expect, test } from 'vitest'
import { deviations, logGamma, logUpperTail, surprise } from '../../../analyze/spikes/detect/tail.js'

/** ln P(X >= x), summed term by term. */
function summed(x: number, mean: number, variance: number): number {
  const r = variance > mean ? (mean * mean) / (variance - mean) : Infinity
  let sum = 0
  for (let k = x; k < x + 2000; k++) {
    const mass = Number.isFinite(r)
      ? logGamma(k + r) - logGamma(r) - logGamma(k + 1) + r * Math.log(r / (r + mean)) + k * Math.log(mean / (r + mean))
      : k * Math.log(mean) - mean - logGamma(k + 1)
    sum += Math.exp(mass)
  }
  return Math.log(sum)
}

describe('tails', () => {
  test.each([
    [1, 0],
    [5, Math.log(24)],
    [11, Math.log(3628800)],
    [0.5, Math.log(Math.sqrt(Math.PI))],
  ])('logGamma(%d)', (x, wanted) => expect(logGamma(x)).toBeCloseTo(wanted, 8))

  test.each([
    [20, 5, 5],
    [20, 5, 9],
    [15, 0.05, 0.15],
    [300, 100, 150],
    [300, 100, 900],
    [40, 1, 6],
  ])('P(X >= %d) for mean %d and variance %d is never understated, and close', (x, mean, variance) => {
    const exact = summed(x, mean, variance)
    const bound = logUpperTail(x, mean, variance)
    expect(bound).toBeGreaterThanOrEqual(exact - 1e-9)
    expect(bound - exact).toBeLessThan(0.1 * -exact)
  })

  test.each([
    [Math.log(2.866515719e-7), 5],
    [Math.log(9.865876e-10), 6],
    [Math.log(7.619853e-24), 10],
  ])('exp(%d) is %d deviations of a normal variable', (logTail, z) => expect(deviations(logTail)).toBeCloseTo(z, 1))

  test('a count is the more surprising, the larger it is and the less is expected', () => {
    expect(surprise(10, 12, 20)).toBe(0)
    expect(surprise(30, 10, 15)).toBeLessThan(surprise(40, 10, 15))
    expect(surprise(30, 10, 15)).toBeLessThan(surprise(30, 8, 12))
    expect(surprise(30, 10, 15)).toBeGreaterThan(surprise(30, 10, 60))
  })

  test('numbers as large as they come', () => {
    expect(Number.isFinite(surprise(1e9, 1e3, 1e5))).toBe(true)
    expect(surprise(1e6 + 6e3, 1e6, 1e6)).toBeCloseTo(6, 0)
  })
})
