/**
 * How long a connection waits while another process writes. A part of another takes a fraction of a second, so waiting pays; but
 * where the file is held for good everybody would wait in vain, one after the other. So after the first that did the next ask only
 * briefly, until one of them has written.
 */
import type { Connection } from './database.js'
import { isBusy } from './errors.js'

const BRIEFLY_MS = 250

export class Patience {
  private isShort = false
  private readonly written

  /** `waitMs`: as the connection was opened with. */
  constructor(
    private readonly db: Connection,
    private readonly waitMs: number,
  ) {
    this.written = db.prepare('select total_changes()').pluck()
  }

  /** Runs `work`, which may meet SQLITE_BUSY. */
  with<T>(work: () => T): T {
    const before = this.isShort ? this.written.get() : null
    try {
      const done = work()
      // one that only read says nothing of those who write
      if (this.isShort && this.written.get() !== before) this.wait(false)
      return done
    } catch (error) {
      if (isBusy(error)) this.wait(true)
      throw error
    }
  }

  private wait(isShort: boolean): void {
    if (this.isShort === isShort) return
    this.isShort = isShort
    this.db.pragma(`busy_timeout = ${isShort ? BRIEFLY_MS : this.waitMs}`)
  }
}
