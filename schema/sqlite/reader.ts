/** Everything that answers questions. Runs in a reader's thread; each question sees one state of the file. */
import type { BatchReport, RejectedLine } from '../api/batches.js'
import type {
  Counts,
  CountQuery,
  FoundValues,
  PercentileQuery,
  Percentiles,
  RecordQuery,
  Selection,
  ValueQuery,
} from '../store/query.js'
import { NAMED_VALUES } from '../store/named-values.js'
import type { Record } from '../words/record.js'
import type { IdentityKey } from '../store/identity.js'
import type { Bounded } from '../store/buckets.js'
import type { Page, PageQuery } from '../store/paging.js'
import type { Kept, KeptDay } from '../store/kept.js'
import { recordsOf } from '../store/record-columns.js'
import { isRecordsGone, recordsGone } from '../store/counts-only.js'
import type { RecordPage, RecordsExtent } from '../store/records.js'
import type { ScanPage, ScanQuery } from '../store/scan.js'
import { attempt, checkLayout, openToRead, type Connection } from './database.js'
import { Keys } from './identity-key.js'
import { ReportTable } from './ledger/reports.js'
import { countRequests, findValues } from './questions/counts.js'
import { goneBefore } from './questions/gone.js'
import { KeptFile } from './questions/kept-file.js'
import { KeptMerges } from './questions/kept-merges.js'
import { percentiles } from './questions/percentiles.js'
import { presence } from './questions/presence.js'
import { recordsWithRayId } from './questions/ray-id.js'
import { recordPage, type ColumnPage } from './questions/records.js'
import { scan } from './questions/scan.js'
import { Catalog, keptDays, type SegmentInfo } from './segments/catalog.js'
import { DAY_MS } from './segments/order.js'
import { SegmentSource } from './segments/segment.js'

/** Decoded columns kept by each reader. */
const SOURCE_CACHE_BYTES = 48 * 1024 * 1024

export class Reader {
  private readonly db: Connection
  private readonly catalog: Catalog
  private readonly countedCatalog: Catalog
  private readonly source: SegmentSource
  private readonly reportTable: ReportTable
  private readonly keptFile: KeptFile
  private readonly merges: KeptMerges
  /** the extent, which every question of the API asks, as it was at that version of the file */
  private keptExtent: { version: number; extent: RecordsExtent } | null = null

  /** `named`: values of a day that have a name, see NAMED_VALUES. */
  constructor(
    readonly path: string,
    named = NAMED_VALUES,
  ) {
    this.keptFile = new KeptFile(path)
    this.merges = new KeptMerges(named, this.keptFile)
    this.db = openToRead(path)
    // who only reads cannot bring it to the layout of today
    attempt(path, 'read', () => checkLayout(this.db, path))
    this.catalog = new Catalog(this.db)
    this.countedCatalog = new Catalog(this.db, 'counted_segment')
    this.source = new SegmentSource(this.db, SOURCE_CACHE_BYTES)
    this.reportTable = new ReportTable(this.db)
  }

  counts(query: Bounded<CountQuery>): Counts {
    return this.told(query, (segments) => countRequests(this.source, segments, query, this.merges))
  }

  percentiles(query: Bounded<PercentileQuery>): Percentiles {
    return this.told(query, (segments) => percentiles(this.source, segments, query, this.merges))
  }

  newest(query: RecordQuery): RecordPage {
    const { columns, ...page } = this.newestColumns(query)
    return { records: recordsOf(columns), ...page }
  }

  /** The same, as it goes to another thread. */
  newestColumns(query: RecordQuery): ColumnPage {
    return this.read(() => {
      const page = recordPage(this.source, this.segmentsOf(query), query)
      const before = page.next === null ? goneBefore(this.source, this.countedOf(query), query) : null
      return before === null ? page : { ...page, goneBefore: before }
    })
  }

  scan(query: ScanQuery): ScanPage {
    return this.read(() => scan(this.source, (from, to) => this.catalog.overlapping(from, to), query))
  }

  byRayId(rayId: string): Record[] {
    return this.read(() => recordsWithRayId(this.db, this.catalog, this.source, rayId))
  }

  values(query: ValueQuery): FoundValues {
    return this.told(query, (segments) => findValues(this.source, segments, query, this.merges))
  }

  presence(selection: Selection, fields: readonly string[]): { [field: string]: number } {
    return this.read(() => presence(this.source, this.segmentsOf(selection), selection, fields))
  }

  extent(): RecordsExtent {
    return this.read(() => {
      // changes with every commit of another connection, and this one never commits
      const version = this.db.pragma('data_version', { simple: true }) as number
      if (this.keptExtent?.version !== version) this.keptExtent = { version, extent: this.extentOfSegments() }
      return { ...this.keptExtent.extent }
    })
  }

  private extentOfSegments(): RecordsExtent {
    const segments = this.catalog.every()
    const records = segments.reduce((sum, { rows }) => sum + rows, 0)
    const counted = this.extentOfCounts()
    // where no record is left, what is counted is all there is
    const all = segments.length > 0 ? segments : this.countedCatalog.every()
    if (all.length === 0) return { records, from: null, to: null }
    const to = all.reduce((last, { lastTime }) => Math.max(last, lastTime), -Infinity)
    return { records, from: all[0].firstTime, to, ...counted }
  }

  private extentOfCounts(): Pick<RecordsExtent, 'counted'> {
    const all = this.countedCatalog.every()
    if (all.length === 0) return {}
    const to = Math.max(...all.map(({ day }) => (day + 1) * DAY_MS))
    return { counted: { records: all.reduce((sum, { rows }) => sum + rows, 0), from: all[0].firstTime, to } }
  }

  kept(): Kept {
    return this.read(() => {
      const pragma = (name: string) => this.db.pragma(name, { simple: true }) as number
      return {
        used: (pragma('page_count') - pragma('freelist_count')) * pragma('page_size'),
        days: this.keptDays(),
      }
    })
  }

  private keptDays(): KeptDay[] {
    const [segments, counted] = [this.catalog.every(), this.countedCatalog.every()]
    const days = keptDays(segments, counted)
    if (counted.length === 0 || segments.length === 0) return days
    // of the records alone
    const from = segments[0].day * DAY_MS
    const to = (segments[segments.length - 1].day + 1) * DAY_MS
    const query = { from, to, filters: [], audience: 'all' as const, by: ['zone' as const] }
    const bounds = Float64Array.from([...days.map((day) => day.from).filter((time) => time >= from && time < to), to])
    const counts = countRequests(this.source, segments, { ...query, bounds }, this.merges)
    const zones = new Map<number, { [zone: string]: number }>()
    counts.bucket.forEach((bucket, i) => {
      const [zone] = counts.groups[counts.group[i]]
      zones.set(bounds[bucket], { ...zones.get(bounds[bucket]), [zone]: counts.records[i] })
    })
    return days.map((day) => (zones.has(day.from) ? { ...day, zones: zones.get(day.from) } : day))
  }

  reports(page: PageQuery): Page<BatchReport> {
    return this.read(() => this.reportTable.page(page))
  }

  report(batch: string): BatchReport | null {
    return this.read(() => this.reportTable.get(batch))
  }

  rejectedLines(batch: string, page: PageQuery): Page<RejectedLine> {
    return this.read(() => this.reportTable.rejectedLines(batch, page))
  }

  /** Number of the last commit that changed an answer. */
  lastChange(): number {
    return this.read(() => this.db.prepare('select counter from change').pluck().get() as number)
  }

  /** The identity key, of a file of which it is known that it can be read. */
  checked(): IdentityKey {
    return this.read(() => new Keys(this.db).identity)
  }

  dispose(): void {
    this.db.close()
    this.keptFile.close()
  }

  private segmentsOf(selection: { from: number; to: number }): SegmentInfo[] {
    return this.catalog.overlapping(selection.from, selection.to)
  }

  private countedOf(selection: { from: number; to: number }): SegmentInfo[] {
    return this.countedCatalog.overlapping(selection.from, selection.to)
  }

  /** What records and counts tell. Days are looked at one by one: whoever is refused hears from when on all of them have records. */
  private told<T>(query: { from: number; to: number }, tell: (segments: SegmentInfo[]) => T): T {
    return this.read(() => {
      const counted = this.countedOf(query)
      try {
        return tell([...counted, ...this.segmentsOf(query)])
      } catch (error) {
        if (!isRecordsGone(error)) throw error
        throw recordsGone((Math.max(...counted.map(({ day }) => day)) + 1) * DAY_MS)
      }
    })
  }

  private read<T>(question: () => T): T {
    return attempt(this.path, 'read', () => this.db.transaction(question).deferred())
  }
}
