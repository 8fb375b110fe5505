/** Chance with a seed: the same seed gives the same numbers everywhere (splitmix32). */
export class Chance {
  private state: number

  constructor(seed: number) {
    this.state = Math.imul(seed + 1, 0x9e3779b9)
  }

  /** A whole number in [0, 2^32). */
  bits(): number {
    this.state = (this.state + 0x9e3779b9) | 0
    let z = this.state
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return (z ^ (z >>> 15)) >>> 0
  }

  /** A whole number in [0, n). */
  below(n: number): number {
    return Math.floor((this.bits() / 2 ** 32) * n)
  }

  /** True in one of `n` cases. */
  oneOf(n: number): boolean {
    return this.below(n) === 0
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]
  }

  /** A place of a list of `n` whose first are far more often meant than its last. */
  favouring(n: number): number {
    const u = this.bits() / 2 ** 32
    return Math.floor(n * u * u * u)
  }

  /** `digits` lower-case hex digits. */
  hex(digits: number): string {
    let text = ''
    while (text.length < digits) text += this.bits().toString(16).padStart(8, '0')
    return text.slice(0, digits)
  }

  shuffled<T>(items: readonly T[]): T[] {
    const out = [...items]
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.below(i + 1)
      ;[out[i], out[j]] = [out[j], out[i]]
    }
    return out
  }
}
