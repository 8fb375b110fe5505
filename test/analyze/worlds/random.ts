/** Seeded randomness: the same seed gives the same world on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  between(low: number, high: number): number
  /** Log-uniform: as many between 1 and 10 as between 10 and 100. */
  spread(low: number, high: number): number
  whole(low: number, high: number): number
  chance(p: number): boolean
  pick<T>(values: readonly T[]): T
  normal(): number
  poisson(mean: number): number
  gamma(shape: number): number
}

export function seeded(seed: number): Random {
  let a = (seed ^ 0x9e3779b9) >>> 0
  const next = () => {
    a = (a + 0x6d2b79f5) >>> 0
    let t = a
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  for (let i = 0; i < 8; i++) next()
  const random: Random = {
    next,
    between: (low, high) => low + (high - low) * next(),
    spread: (low, high) => low * (high / low) ** next(),
    whole: (low, high) => Math.floor(low + (high - low + 1) * next()),
    chance: (p) => next() < p,
    pick: (values) => values[Math.floor(next() * values.length)],
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    poisson(mean) {
      if (mean <= 0) return 0
      if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.normal()))
      const limit = Math.exp(-mean)
      let product = next()
      let count = 0
      while (product > limit) {
        product *= next()
        count++
      }
      return count
    },
    // Marsaglia and Tsang, 2000.
    gamma(shape) {
      if (shape < 1) return random.gamma(shape + 1) * next() ** (1 / shape)
      const d = shape - 1 / 3
      const c = 1 / Math.sqrt(9 * d)
      for (;;) {
        const x = random.normal()
        const v = (1 + c * x) ** 3
        if (v <= 0) continue
        if (Math.log(1 - next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
      }
    },
  }
  return random
}
