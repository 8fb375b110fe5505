/** Work for the time between calls, in steps so small that a call hardly waits. By time that passes: a clock that is set back stops nothing. */

/** After the last call: merge what must be merged even while data comes in … */
const SHORT_PAUSE_MS = 200
/** … and the rest when it looks as if nothing more is coming. */
const LONG_PAUSE_MS = 30_000
/** Where calls leave no pause, what must be merged even while data comes in is merged between them, this long after the last time. */
const AT_LEAST_EVERY_MS = 1_000
/** So long it works between two calls then; a single step would take the time of a merge from hundreds of pauses. */
const SLICE_MS = 25

export class IdleWork {
  private timer: NodeJS.Timeout | null = null
  /** waiting for the long pause, with nothing to do before */
  private resting = true
  private stopped = false
  private lastCallAt = -Infinity
  private lastDoneAt = -Infinity

  /** `work` gives steps of one piece of work, and at the end whether there was any. */
  constructor(private readonly work: (quiet: boolean) => Generator<void, boolean>) {}

  /** There is a call: wait again. */
  postpone(): void {
    this.lastCallAt = performance.now()
    if (!this.resting || this.stopped) return
    this.resting = false
    this.lastDoneAt = this.lastCallAt
    this.wait(SHORT_PAUSE_MS)
  }

  stop(): void {
    this.stopped = true
    if (this.timer) clearTimeout(this.timer)
  }

  private wait(ms: number): void {
    if (this.timer) clearTimeout(this.timer)
    this.timer = setTimeout(() => this.look(), ms)
    this.timer.unref()
  }

  private look(): void {
    const now = performance.now()
    const quietFor = now - this.lastCallAt
    if (quietFor < SHORT_PAUSE_MS && now - this.lastDoneAt < AT_LEAST_EVERY_MS)
      return this.wait(SHORT_PAUSE_MS - quietFor)
    this.run(this.work(quietFor >= LONG_PAUSE_MS), quietFor)
  }

  /** One step per turn of the event loop, so that calls that have come in the meantime are answered first; some where they leave no pause. */
  private run(steps: Generator<void, boolean>, quietFor: number): void {
    if (this.stopped) return
    try {
      const until = performance.now() + (quietFor < SHORT_PAUSE_MS ? SLICE_MS : 0)
      let step = steps.next()
      while (!step.done && performance.now() < until) step = steps.next()
      if (!step.done) setImmediate(() => this.run(steps, quietFor))
      else if (step.value) this.wait(0)
      else this.rest(quietFor)
    } catch {
      // disk full, or another process in the way: what is stored is whole, the next call will say what is wrong
      this.resting = true
    }
  }

  /** There is nothing to do for now. */
  private rest(quietFor: number): void {
    if (quietFor < SHORT_PAUSE_MS) {
      this.lastDoneAt = performance.now()
      this.wait(SHORT_PAUSE_MS)
      return
    }
    this.resting = true
    if (quietFor < LONG_PAUSE_MS) this.wait(LONG_PAUSE_MS - quietFor)
  }
}
