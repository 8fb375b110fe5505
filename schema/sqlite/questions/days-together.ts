/**
 * Rollups of whole days, added up over their segments and kept: a day of a big store has dozens of segments, and a question about three
 * months would read a blob of each of thousands. A day that is told apart by its segments can never be out of date. The newest day,
 * whose segments change with each commit, is read as it is.
 */
import { LRUCache } from 'lru-cache'
import type { Bounded } from '../../store/buckets.js'
import { conditionsOf, fieldsOf } from '../../store/conditions.js'
import type { CountQuery, Dimension, PercentileMeasure, Selection } from '../../store/query.js'
import { HISTOGRAM_BUCKETS } from '../../store/histogram.js'
import type { DimensionField } from '../../words/fields.js'
import { Dictionary, encodeHashes } from '../columns/dictionary.js'
import { encodeTexts, Texts } from '../columns/text.js'
import type { SegmentInfo } from '../segments/catalog.js'
import { addUpCells, keysOf } from '../segments/cells.js'
import { encodeCells, encodeHistogram } from '../segments/encode.js'
import { HISTOGRAM_FIELDS, withBuckets, withoutBucket } from '../segments/histograms.js'
import { DAY_MS, rowOrder } from '../segments/order.js'
import { radixOrder } from '../segments/radix.js'
import { HOUR_MS } from '../segments/rollup.js'
import { concatNumbers, concatWords, pickNumbers, pickWords } from '../segments/rows.js'
import { Sections } from '../segments/sections.js'
import { Segment, type SegmentSource } from '../segments/segment.js'
import type { SlotName } from '../segments/slots.js'
import { OVERVIEW_FIELDS, SITE_FIELDS } from '../segments/summed.js'
import { tidyColumn, type TidyColumn } from '../segments/tidy.js'
import { segmentsBy } from './segments-by.js'

/** Three months by hour of a busy site take some 5 MB, its days and durations as much. */
const KEPT_BYTES = 16 * 1024 * 1024
/** Of a day with a flood of hosts nothing is saved. */
const MOST_OF_DAY = 256 * 1024
/** Fewer are read as fast. */
const FEW_SEGMENTS = 3
const HOURS_OF_DAY = 24

/** A rollup by day or by hour, and the fields that it knows. */
interface Kind {
  name: SlotName
  width: number
  fields: readonly DimensionField[]
}

/** Which of them answer: by day, and where a day is cut at full hours. */
interface Kinds {
  day: Kind
  hour: Kind | null
}

export class DaysTogether {
  private readonly kept = new LRUCache<string, { day: DaySegment | null }>({
    maxSize: KEPT_BYTES,
    sizeCalculation: ({ day }, key) => key.length * 2 + 500 + (day?.weight ?? 0),
  })

  /** The segments, with those of a day as one where that answers the question. */
  forCounts(
    source: SegmentSource,
    segments: readonly SegmentInfo[],
    query: Bounded<Selection & Pick<CountQuery, 'by' | 'apart'>>,
  ): readonly SegmentInfo[] {
    const fields = fieldsIn(query, query.apart === undefined ? query.by : [...query.by, query.apart])
    if (isWithin(fields, OVERVIEW_FIELDS))
      return this.together(source, segments, query, {
        day: { name: 'overviewDay', width: DAY_MS, fields: OVERVIEW_FIELDS },
        hour: { name: 'overviewHour', width: HOUR_MS, fields: OVERVIEW_FIELDS },
      })
    if (!isWithin(fields, SITE_FIELDS)) return segments
    return this.together(source, segments, query, {
      day: { name: 'siteDay', width: DAY_MS, fields: SITE_FIELDS },
      hour: null,
    })
  }

  forDurations(
    source: SegmentSource,
    segments: readonly SegmentInfo[],
    query: Bounded<Selection & { by: readonly Dimension[]; measure: PercentileMeasure }>,
  ): readonly SegmentInfo[] {
    if (!isWithin(fieldsIn(query, query.by), HISTOGRAM_FIELDS)) return segments
    return this.together(source, segments, query, {
      day: { name: `dayHistogram:${query.measure}`, width: DAY_MS, fields: HISTOGRAM_FIELDS },
      hour: null,
    })
  }

  private together(
    source: SegmentSource,
    segments: readonly SegmentInfo[],
    query: Bounded<Selection>,
    kinds: Kinds,
  ): readonly SegmentInfo[] {
    // the counts of a day and its records apart
    const days = [...segmentsBy(segments, ({ day, counted }) => `${counted ? 'counted ' : ''}${day}`)]
    return days.flatMap(([, ofDay], i) => {
      if (ofDay.length < FEW_SEGMENTS || ofDay[0].counted || i === days.length - 1) return ofDay
      const kind = kindFor(ofDay, query, kinds)
      const day = kind && this.dayOf(source, ofDay, kind)
      if (!day) return ofDay
      source.standIn(day.info, day)
      return [day.info]
    })
  }

  private dayOf(source: SegmentSource, ofDay: readonly SegmentInfo[], kind: Kind): DaySegment | null {
    const key = `${kind.name} ${ofDay.map(({ id }) => id).join()}`
    let known = this.kept.get(key)
    if (known === undefined) {
      const day = DaySegment.of(source, ofDay, kind)
      known = { day: day !== null && day.weight > MOST_OF_DAY ? null : day }
      this.kept.set(key, known)
    }
    return known.day
  }
}

/** Null: the question cuts the day elsewhere. */
function kindFor(ofDay: readonly SegmentInfo[], { from, to, bounds }: Bounded<Selection>, kinds: Kinds): Kind | null {
  const first = Math.min(...ofDay.map(({ firstTime }) => firstTime))
  const last = Math.max(...ofDay.map(({ lastTime }) => lastTime))
  let kind: Kind | null = kinds.day
  const cut = (time: number) => {
    if (time <= first || time > last) return
    kind = time % HOUR_MS === 0 && kind !== null ? kinds.hour : null
  }
  cut(from)
  cut(to)
  for (let i = firstAfter(bounds, first); i < bounds.length && bounds[i] <= last; i++) cut(bounds[i])
  return kind
}

function firstAfter(bounds: Float64Array, time: number): number {
  let low = 0
  let high = bounds.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (bounds[middle] <= time) low = middle + 1
    else high = middle
  }
  return low
}

const fieldsIn = (query: Selection, by: readonly Dimension[]) =>
  fieldsOf([...conditionsOf(query).map(({ dimension }) => dimension), ...by])

const isWithin = (fields: ReadonlySet<DimensionField>, has: readonly DimensionField[]) =>
  [...fields].every((field) => has.includes(field))

/** What several segments of a day come to in one of their rollups; it has nothing else of them. */
class DaySegment extends Segment {
  /** rough memory in bytes */
  readonly weight: number

  private constructor(
    info: SegmentInfo,
    source: SegmentSource,
    private readonly name: SlotName,
    private readonly table: Sections,
    private readonly dictionaries: ReadonlyMap<string, Dictionary>,
  ) {
    super(info, source)
    // of each value its text as well
    this.weight = table.weight + [...dictionaries.values()].reduce((sum, { size }) => sum + 600 + size * 40, 0)
  }

  /** Null: one of them has no such rollup. */
  static of(source: SegmentSource, infos: readonly SegmentInfo[], { name, width, fields }: Kind): DaySegment | null {
    const pieces: Piece[] = []
    for (const info of infos) {
      const segment = source.open(info)
      const cells = segment.sections(name)
      if (cells === null) return null
      pieces.push({ segment, cells })
    }
    const { table, columns } = sumUp(pieces, { name, width, fields })
    const dictionaries = new Map(
      fields.map((field) => {
        const { values } = columns[field]
        const texts = values.size === 1 ? null : new Texts(encodeTexts(values))
        return [field, new Dictionary(encodeHashes(values), () => texts as Texts, source.textKey)]
      }),
    )
    return new DaySegment(infoOf(infos), source, name, new Sections(table), dictionaries)
  }

  override dictionary(field: DimensionField | 'batch'): Dictionary {
    const known = this.dictionaries.get(field)
    if (known === undefined) throw new Error(`The sums of a day know nothing of ${field}`)
    return known
  }

  override has(name: SlotName): boolean {
    return name === this.name
  }

  override sections(name: SlotName): Sections | null {
    return name === this.name ? this.table : null
  }
}

interface Piece {
  segment: Segment
  cells: Sections
}

/** Sections before those of the codes, in every rollup and histogram. */
const FIRST_CODES = 4

/** The pieces' cells as one table, and the columns whose codes it has. */
function sumUp(
  pieces: readonly Piece[],
  { name, width, fields }: Kind,
): { table: Uint8Array; columns: { [field in DimensionField]: TidyColumn } } {
  const slots = concatWords(pieces.map(({ cells }) => cells.integers(0)))
  const order = rowOrder(radixOrder(slots, width === DAY_MS ? 0 : HOURS_OF_DAY))
  const columns = Object.fromEntries(
    fields.map((field, i) => {
      const column = ({ segment, cells }: Piece) => ({
        codes: cells.codes(FIRST_CODES + i),
        values: segment.dictionary(field).values(),
      })
      return [field, tidyColumn(pieces.map(column), order)]
    }),
  ) as { [field in DimensionField]: TidyColumn }
  const { ids, count, codes } = keysOf(columns, fields)
  const numbers = (section: number) =>
    pickNumbers(concatNumbers(pieces.map(({ cells }) => cells.numbers(section))), order)
  const integers = (section: number) =>
    pickWords(concatWords(pieces.map(({ cells }) => cells.integers(section))), order)
  const of = { slot: pickWords(slots, order), records: integers(3) }
  if (!name.startsWith('dayHistogram:')) {
    const cells = addUpCells({ ...of, key: ids, requests: numbers(1), bytes: numbers(2) }, count, codes)
    return { table: encodeCells(cells, fields), columns }
  }
  const buckets = integers(1)
  const key = Uint32Array.from(ids, (id, i) => id * HISTOGRAM_BUCKETS + buckets[i])
  const cells = addUpCells({ ...of, key, requests: numbers(2) }, count * HISTOGRAM_BUCKETS, codes, withoutBucket)
  return { table: encodeHistogram(withBuckets(cells), fields), columns }
}

/** As one: it bears no number, and is told apart by being the object that it is. */
function infoOf(infos: readonly SegmentInfo[]): SegmentInfo {
  return {
    ...infos[0],
    id: 0,
    rows: infos.reduce((sum, { rows }) => sum + rows, 0),
    firstTime: Math.min(...infos.map(({ firstTime }) => firstTime)),
    lastTime: Math.max(...infos.map(({ lastTime }) => lastTime)),
  }
}
