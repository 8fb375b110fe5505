import type { Random } from './random.js'

/** Delivery is not in order: a line may come this many seconds later than its turn. */
const jitterSeconds = 3

/**
 * The requests of one minute before they are made: who asks (a number) and when. They are put in order of their
 * second by counting, which costs a few nanoseconds per request.
 */
export class MinuteSlots {
  #who = new Int32Array(1024)
  #offset = new Int32Array(1024)
  #order = new Int32Array(1024)
  readonly #perSecond = new Int32Array(61)
  #fromMs = 0
  #toMs = 0
  size = 0
  /** Requests of the background (`who` of 0 and more) that are still to come. */
  backgroundLeft = 0

  /** Starts a minute, or what the range leaves of it. */
  begin(fromMs: number, toMs: number): void {
    this.#fromMs = fromMs
    this.#toMs = toMs
    this.size = 0
    this.backgroundLeft = 0
  }

  /** Adds a request at a random moment of the minute, within the given bounds if they cut it. */
  add(who: number, random: Random, notBeforeMs = this.#fromMs, beforeMs = this.#toMs): void {
    if (this.size === this.#who.length) this.#grow()
    const from = Math.max(this.#fromMs, notBeforeMs)
    const to = Math.min(this.#toMs, beforeMs)
    this.#who[this.size] = who
    this.#offset[this.size] = from - this.#fromMs + Math.floor(random.unit() * (to - from))
    this.size += 1
    if (who >= 0) this.backgroundLeft += 1
  }

  /** Puts the minute in its order, with the disorder of delivery. */
  sort(random: Random): void {
    const turns = new Uint8Array(this.size)
    const perSecond = this.#perSecond.fill(0)
    for (let i = 0; i < this.size; i += 1) {
      const second = Math.floor(this.#offset[i] / 1000) + ((random.bits() & 0xffff) % (jitterSeconds + 1))
      turns[i] = Math.min(59, second)
      perSecond[turns[i] + 1] += 1
    }
    for (let second = 1; second < perSecond.length; second += 1) perSecond[second] += perSecond[second - 1]
    for (let i = 0; i < this.size; i += 1) this.#order[perSecond[turns[i]]++] = i
  }

  whoAt(place: number): number {
    return this.#who[this.#order[place]]
  }

  /** Epoch ms of the request at a place of the order. */
  timeAt(place: number): number {
    return this.#fromMs + this.#offset[this.#order[place]]
  }

  #grow(): void {
    const longer = (values: Int32Array): Int32Array<ArrayBuffer> => {
      const copy = new Int32Array(values.length * 2)
      copy.set(values)
      return copy
    }
    this.#who = longer(this.#who)
    this.#offset = longer(this.#offset)
    this.#order = longer(this.#order)
  }
}
