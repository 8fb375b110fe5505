/** What this process knows of a zone while it runs: when it was asked, what its clock says, which fields it has. */
import type { WaitingClock } from '../../../schema/runtime/clock.js'
import { MINUTE, SECOND } from '../../../schema/words/duration.js'

/** Docs: 15 requests a minute and zone; more are answered 429. */
const REQUESTS_A_MINUTE = 15
/** A difference of clocks below this is the way of the answer. */
const CLOCK_DIFFERS = 20 * SECOND

export class Zone {
  /** names of its fields, and when they were asked for */
  fields: { names: ReadonlySet<string>; at: number } | null = null
  /** whether an answer told Cloudflare's time */
  knowsTime = false
  private skew = 0
  private readonly asked: number[] = []

  constructor(private readonly clock: WaitingClock) {}

  /** Cloudflare's time, as far as it is known. */
  now(): number {
    return this.clock.now() + this.skew
  }

  /** The `Date` header of an answer. Our clock may be off: windows go by Cloudflare's. */
  noteDate(header: string | null): void {
    const theirs = Date.parse(header ?? '')
    if (Number.isNaN(theirs)) return
    this.knowsTime = true
    const differs = theirs - this.clock.now()
    this.skew = Math.abs(differs) > CLOCK_DIFFERS ? differs : 0
  }

  /** Resolves when it may be asked. */
  async turn(signal: AbortSignal): Promise<void> {
    while (this.asked.length >= REQUESTS_A_MINUTE && !signal.aborted) {
      const free = this.asked[0] + MINUTE - this.clock.monotonic()
      if (free <= 0) this.asked.shift()
      else await this.clock.wait(free, signal)
    }
    this.asked.push(this.clock.monotonic())
  }
}

/** By the clock, so that a simulated one has zones of its own. */
const zones = new WeakMap<WaitingClock, Map<string, Zone>>()

export function zoneOf(clock: WaitingClock, key: string): Zone {
  let known = zones.get(clock)
  if (!known) zones.set(clock, (known = new Map()))
  let zone = known.get(key)
  if (!zone) known.set(key, (zone = new Zone(clock)))
  return zone
}
