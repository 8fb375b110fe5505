import type { After, LeftOut } from '../../schema/api/batches.js'
import type { ReadingOfBatch } from '../../schema/store/batches.js'

/** Names that a report tells at most. */
const MOST_LEFT_OUT = 100
const MOST_VIA = 40

/** What is noted on the way from bytes to records, for the report. */
export class ReadingNotes {
  weighted = false
  after: After | null = null
  private readonly via = new Set<string>()
  private readonly leftOut: LeftOut[] = []

  through(name: string): void {
    if (this.via.size < MOST_VIA) this.via.add(name)
  }

  leave(name: string, why: LeftOut['why']): void {
    if (this.leftOut.length < MOST_LEFT_OUT) this.leftOut.push({ name, why })
  }

  get reading(): ReadingOfBatch {
    return { via: [...this.via], weighted: this.weighted, after: this.after, leftOut: [...this.leftOut] }
  }
}
