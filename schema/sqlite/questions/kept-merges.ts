/**
 * Breakdowns of wide dimensions, kept by week: an open page asks for the same month again and again, and of its segments only
 * the newest change. What is kept is told apart by the segments it was made of, so it can never be out of date.
 */
import { LRUCache } from 'lru-cache'
import type { DimensionField } from '../../words/fields.js'
import type { SegmentInfo } from '../segments/catalog.js'
import { DaysTogether } from './days-together.js'
import type { KeptFile } from './kept-file.js'
import type { ListedValues } from './kept-values.js'
import { MergedValues, weightOf, type Together } from './merged-values.js'
import { segmentsBy } from './segments-by.js'

/** What is kept in memory: the addresses of some million records, where those of more rest in a file. */
const KEPT_BYTES = 24 * 1024 * 1024
/** Merged values of more than this rest in the file. */
const SMALL_BYTES = 512 * 1024
const DAYS_TOGETHER = 7
/**
 * Of a week and a dimension so many are kept: questions begin and end within it. While records come in each commit makes other
 * segments, and what was made of those of before is never asked for again.
 */
const KEPT_OF_WEEK = 3
/** Fewer are merged as fast as they are found. */
const FEW_SEGMENTS = 3
/** A day is cut to the values with a name where it has more than so many times as many: a cut costs a second look at every segment. */
const SLACK = 2
/** Of a day's values those of a segment are cut already where all of them together would be so many times what has a name. */
const ROOM = 4
/** … but so many of a segment stay. */
const LEAST_OF_SEGMENT = 1_000

/** Adds one segment's values, of which `keep` have a name. */
type AddSegment = (values: MergedValues, info: SegmentInfo, keep: number) => void

export class KeptMerges {
  private readonly kept = new LRUCache<string, Together>({
    maxSize: KEPT_BYTES,
    sizeCalculation: weightOf,
    dispose: (_, key) => this.forget(key),
  })
  /** The sums of days, kept as well. */
  readonly days = new DaysTogether()
  /** keys of what is kept, the newest last, by dimension and week */
  private readonly keysOf = new Map<string, string[]>()

  /** `named`: so many values of a day have a name, the others are counted together. `file`: for what is too much for the memory. */
  constructor(
    readonly named: number,
    private readonly file: KeptFile | null = null,
  ) {}

  /** Adds all that the segments have: `add` adds one segment's. */
  addAll(to: MergedValues, field: DimensionField, segments: readonly SegmentInfo[], add: AddSegment): void {
    this.file?.nextQuestion()
    for (const [stretch, week] of segmentsBy(segments, ({ day }) => Math.floor(day / DAYS_TOGETHER))) {
      if (week.length < FEW_SEGMENTS) {
        this.addDays(to, week, add)
        continue
      }
      const name = `${field} ${stretch}`
      // counts have numbers of their own
      const key = `${name} ${week.map(({ id, counted }) => (counted ? `c${id}` : id)).join()}`
      const known = this.kept.get(key)
      if (known !== undefined) {
        known.values.used?.()
        to.addMerged(known)
        continue
      }
      const values = new MergedValues()
      this.addDays(values, week, add)
      to.addMerged(this.keep(name, key, values.together()))
    }
  }

  /** The same, kept, where there is room for it. */
  private keep(name: string, key: string, together: Together): Together {
    const keys = this.keysOf.get(name) ?? []
    if (keys.length >= KEPT_OF_WEEK) this.kept.delete(keys[0])
    const kept = weightOf(together) > SMALL_BYTES ? this.filed(key, together) : together
    this.keysOf.set(name, [...(this.keysOf.get(name) ?? []), key])
    this.kept.set(key, kept)
    return kept
  }

  private filed(key: string, together: Together): Together {
    const { list } = together.values as ListedValues
    const values = this.file?.keep(list, () => this.kept.delete(key)) ?? null
    return values === null ? together : { ...together, values }
  }

  private forget(key: string): void {
    const name = key.slice(0, key.lastIndexOf(' '))
    const rest = (this.keysOf.get(name) ?? []).filter((other) => other !== key)
    if (rest.length > 0) this.keysOf.set(name, rest)
    else this.keysOf.delete(name)
  }

  /** The same, nothing kept. */
  addDays(to: MergedValues, segments: readonly SegmentInfo[], add: AddSegment): void {
    for (const [, day] of segmentsBy(segments, ({ day }) => day)) {
      const most = this.named * SLACK
      if (day.reduce((sum, { rows }) => sum + rows, 0) <= most) {
        for (const info of day) add(to, info, Infinity)
        continue
      }
      const values = new MergedValues()
      const keep = Math.min(most, Math.max(LEAST_OF_SEGMENT, Math.ceil((most * ROOM) / day.length)))
      for (const info of day) add(values, info, keep)
      to.addMerged(values.together(this.named, most))
    }
  }
}
