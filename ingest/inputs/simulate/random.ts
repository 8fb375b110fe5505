/**
 * Seeded chance: the same seed gives the same numbers on every machine (integer arithmetic only, sfc32).
 * Draws that feed a line must stay cheap: a simulated line has a budget of about five microseconds.
 */
export class Random {
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor(seed: string | number) {
    const text = String(seed)
    this.#a = hash(text, 0x9e3779b9)
    this.#b = hash(text, 0x243f6a88)
    this.#c = hash(text, 0xb7e15162)
    for (let i = 0; i < 12; i += 1) this.bits()
  }

  /** 32 random bits as a signed integer. */
  bits(): number {
    const t = (((this.#a + this.#b) | 0) + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + t) | 0
    return t
  }

  /** A number in [0, 1). */
  unit(): number {
    return (this.bits() >>> 0) / 4294967296
  }

  /** A whole number in [0, n). */
  below(n: number): number {
    return Math.floor(this.unit() * n)
  }

  /** A whole number in [low, high]. */
  between(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1))
  }

  /** Log-normal: half of the draws lie below the median, `sigma` is the spread of the logarithm. */
  logNormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * normalQuantiles[this.bits() & 4095])
  }

  /** Standard normal, cut at about ±3.7. */
  normal(): number {
    return normalQuantiles[this.bits() & 4095]
  }
}

/** FNV-1a over UTF-16 units with a final mix; also used where an identity must look random but stay the same. */
export function hash(text: string, salt = 0x811c9dc5): number {
  let h = salt | 0
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return mix(h)
}

/** A bijection of the 32-bit integers (murmur3's finaliser): scatters a counter without ever repeating. */
export function mix(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** `digits` hexadecimal digits made from a name, for rule ids and fingerprints that look real. */
export function fakeHex(name: string, digits: number): string {
  let text = ''
  for (let i = 0; text.length < digits; i += 1) {
    text += (hash(name, 0x811c9dc5 + i) >>> 0).toString(16).padStart(8, '0')
  }
  return text.slice(0, digits)
}

/** Picks indexes in proportion to their weights with one draw (Walker's alias method). */
export class Alias {
  readonly #threshold: Float64Array
  readonly #other: Int32Array
  readonly size: number

  constructor(weights: readonly number[]) {
    const n = weights.length
    const sum = weights.reduce((a, b) => a + b, 0)
    if (!(sum > 0)) throw new RangeError('an alias table needs at least one weight above zero')
    this.size = n
    this.#threshold = new Float64Array(n).fill(1)
    this.#other = new Int32Array(n)
    const scaled = weights.map((weight) => (weight * n) / sum)
    const small: number[] = []
    const large: number[] = []
    scaled.forEach((weight, i) => (weight < 1 ? small : large).push(i))
    while (small.length > 0 && large.length > 0) {
      const low = small.pop() as number
      const high = large[large.length - 1]
      this.#threshold[low] = scaled[low]
      this.#other[low] = high
      scaled[high] -= 1 - scaled[low]
      if (scaled[high] < 1) small.push(large.pop() as number)
    }
    // Rounding may leave an index of weight zero here; it must never be picked.
    const anyLarge = large[0] ?? weights.findIndex((weight) => weight > 0)
    for (const i of small) {
      if (weights[i] === 0) {
        this.#threshold[i] = 0
        this.#other[i] = anyLarge
      }
    }
  }

  pick(random: Random): number {
    return this.at(random.unit())
  }

  /** The index that belongs to `unit` in [0, 1): lets a choice depend on an identity instead of chance. */
  at(unit: number): number {
    const place = unit * this.size
    const i = Math.floor(place)
    return place - i < this.#threshold[i] ? i : this.#other[i]
  }
}

/** Gamma with mean 1 and coefficient of variation 1/√shape (Marsaglia and Tsang). */
export function gammaAroundOne(random: Random, shape: number): number {
  if (!Number.isFinite(shape)) return 1
  const boost = shape < 1 ? Math.pow(1 - random.unit(), 1 / shape) : 1
  const d = (shape < 1 ? shape + 1 : shape) - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = random.normal()
    const v = (1 + c * x) ** 3
    if (v <= 0) continue
    const u = 1 - random.unit()
    if (Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) return (boost * d * v) / shape
  }
}

/** Poisson; beyond a mean of 60 the normal approximation is close enough for traffic. */
export function poisson(random: Random, mean: number): number {
  if (mean <= 0) return 0
  if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.normal()))
  const limit = Math.exp(-mean)
  let product = 1 - random.unit()
  let n = 0
  while (product > limit) {
    product *= 1 - random.unit()
    n += 1
  }
  return n
}

/** Binomial: exact by waiting times where few are expected, otherwise the normal approximation. */
export function binomial(random: Random, n: number, p: number): number {
  if (n <= 0 || p <= 0) return 0
  if (p >= 1) return n
  if (p > 0.5) return n - binomial(random, n, 1 - p)
  const mean = n * p
  if (mean > 60) {
    const drawn = Math.round(mean + Math.sqrt(mean * (1 - p)) * random.normal())
    return Math.min(n, Math.max(0, drawn))
  }
  const logFailure = Math.log1p(-p)
  let hits = -1
  let position = 0
  while (position <= n) {
    position += Math.floor(Math.log(1 - random.unit()) / logFailure) + 1
    hits += 1
  }
  return hits
}

/** 4,096 evenly spaced quantiles of the normal distribution (Acklam's approximation of the inverse). */
const normalQuantiles = Float64Array.from({ length: 4096 }, (_, i) => normalQuantile((i + 0.5) / 4096))

function normalQuantile(p: number): number {
  const tail = (q: number): number =>
    (((((-7.784894002430293e-3 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q +
      4.374664141464968) *
      q +
      2.938163982698783) /
    ((((7.784695709041462e-3 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1)
  if (p < 0.02425) return tail(Math.sqrt(-2 * Math.log(p)))
  if (p > 1 - 0.02425) return -tail(Math.sqrt(-2 * Math.log(1 - p)))
  const q = p - 0.5
  const r = q * q
  return (
    ((((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r -
      30.66479806614716) *
      r +
      2.506628277459239) *
      q) /
    (((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r -
      13.28068155288572) *
      r +
      1)
  )
}
