/**
 * How improbable is a count? Upper tails of the negative binomial, as standard deviations.
 * Everything is in logarithms: the tails that matter are far below the smallest double.
 */

const LOG_SQRT_2PI = 0.9189385332046727

/** ln Γ(x) for x > 0: Stirling's series, after stepping up to where six terms are exact to the last digits. */
export function logGamma(x: number): number {
  let shift = 0
  while (x < 10) {
    shift += Math.log(x)
    x += 1
  }
  const y = 1 / (x * x)
  const series = (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y * (1 / 1680 - y / 1188)))) / x
  return (x - 0.5) * Math.log(x) - x + LOG_SQRT_2PI + series - shift
}

/** ln P(X = x) of a negative binomial with this mean and variance; a Poisson where variance <= mean. */
function logMass(x: number, mean: number, variance: number): number {
  const extra = variance - mean
  if (extra <= mean * 1e-6) return x * Math.log(mean) - mean - logGamma(x + 1)
  const r = (mean * mean) / extra
  return (
    logGamma(x + r) - logGamma(r) - logGamma(x + 1) + r * Math.log(r / (r + mean)) + x * Math.log(mean / (r + mean))
  )
}

/**
 * ln P(X >= x), an upper bound that is tight far above the mean: the mass at x, and the rest bounded by a geometric
 * series. The ratio of neighbouring masses falls or rises from its first value to its last; the larger one is taken.
 */
export function logUpperTail(x: number, mean: number, variance: number): number {
  const extra = variance - mean
  let ratio = mean / (x + 1)
  if (extra > mean * 1e-6) {
    const last = extra / (mean + extra)
    const first = ((x + (mean * mean) / extra) / (x + 1)) * last
    ratio = Math.max(first, last)
  }
  if (ratio >= 1) return 0
  return Math.min(0, logMass(x, mean, variance) - Math.log(1 - ratio))
}

/** ln P(X <= x) of a Poisson. */
export function logLowerTail(x: number, mean: number): number {
  if (x >= mean) return 0
  let sum = 1
  let part = 1
  for (let k = Math.floor(x); k > 0 && part > 1e-9; k--) sum += part *= k / mean
  return Math.min(0, logMass(Math.floor(x), mean, mean) + Math.log(sum))
}

/** The number of standard deviations at which a normal variable has the upper tail exp(logTail). */
export function deviations(logTail: number): number {
  const l = -logTail
  if (l < 3) return l * 0.5
  let z = Math.sqrt(2 * l)
  for (let i = 0; i < 4; i++) z = Math.sqrt(Math.max(1, 2 * (l - Math.log(z) - LOG_SQRT_2PI)))
  return z
}

/** How far `x` lies above the expectation, in standard deviations; 0 at or below it. */
export function surprise(x: number, mean: number, variance: number): number {
  if (x <= mean) return 0
  return deviations(logUpperTail(x, mean, variance))
}
