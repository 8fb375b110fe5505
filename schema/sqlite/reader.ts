/** Everything that answers questions. Runs in a reader's thread; each question sees one state of the file. */
import type { BatchReport, RejectedLine } from '../api/batches.js'
import {
  NAMED_VALUES,
  type Counts,
  type CountQuery,
  type FoundValues,
  type PercentileQuery,
  type Percentiles,
  type RecordQuery,
  type Selection,
  type ValueQuery,
} from '../store/query.js'
import type { Record } from '../words/record.js'
import type { IdentityKey } from '../store/identity.js'
import type { Bounded } from '../store/buckets.js'
import type { Page, PageQuery } from '../store/paging.js'
import type { Kept } from '../store/kept.js'
import { recordsOf } from '../store/record-columns.js'
import type { RecordPage, RecordsExtent } from '../store/records.js'
import type { ScanPage, ScanQuery } from '../store/scan.js'
import { attempt, checkLayout, openToRead, type Connection } from './database.js'
import { Keys } from './identity-key.js'
import { ReportTable } from './ledger/reports.js'
import { countRequests, findValues } from './questions/counts.js'
import { KeptMerges } from './questions/kept-merges.js'
import { percentiles } from './questions/percentiles.js'
import { presence } from './questions/presence.js'
import { recordsWithRayId } from './questions/ray-id.js'
import { recordPage, type ColumnPage } from './questions/records.js'
import { scan } from './questions/scan.js'
import { Catalog, type SegmentInfo } from './segments/catalog.js'
import { SegmentSource } from './segments/segment.js'

/** Decoded columns kept by each reader. */
const SOURCE_CACHE_BYTES = 48 * 1024 * 1024

export class Reader {
  private readonly db: Connection
  private readonly catalog: Catalog
  private readonly source: SegmentSource
  private readonly reportTable: ReportTable
  private readonly merges: KeptMerges
  /** the extent, which every question of the API asks, as it was at that version of the file */
  private keptExtent: { version: number; extent: RecordsExtent } | null = null

  /** `named`: values of a day that have a name, see NAMED_VALUES. */
  constructor(
    readonly path: string,
    named = NAMED_VALUES,
  ) {
    this.merges = new KeptMerges(named)
    this.db = openToRead(path)
    this.catalog = new Catalog(this.db)
    this.source = new SegmentSource(this.db, SOURCE_CACHE_BYTES)
    this.reportTable = new ReportTable(this.db)
  }

  counts(query: Bounded<CountQuery>): Counts {
    return this.read(() => countRequests(this.source, this.segmentsOf(query), query, this.merges))
  }

  percentiles(query: Bounded<PercentileQuery>): Percentiles {
    return this.read(() => percentiles(this.source, this.segmentsOf(query), query, this.merges))
  }

  newest(query: RecordQuery): RecordPage {
    const { columns, next } = this.newestColumns(query)
    return { records: recordsOf(columns), next }
  }

  /** The same, as it goes to another thread. */
  newestColumns(query: RecordQuery): ColumnPage {
    return this.read(() => recordPage(this.source, this.segmentsOf(query), query))
  }

  scan(query: ScanQuery): ScanPage {
    return this.read(() => scan(this.source, (from, to) => this.catalog.overlapping(from, to), query))
  }

  byRayId(rayId: string): Record[] {
    return this.read(() => recordsWithRayId(this.db, this.catalog, this.source, rayId))
  }

  values(query: ValueQuery): FoundValues {
    return this.read(() => findValues(this.source, this.segmentsOf(query), query, this.merges))
  }

  presence(selection: Selection, fields: readonly string[]): { [field: string]: number } {
    return this.read(() => presence(this.source, this.segmentsOf(selection), selection, fields))
  }

  extent(): RecordsExtent {
    return this.read(() => {
      // changes with every commit of another connection, and this one never commits
      const version = this.db.pragma('data_version', { simple: true }) as number
      if (this.keptExtent?.version !== version) this.keptExtent = { version, extent: this.extentOfSegments() }
      return this.keptExtent.extent
    })
  }

  private extentOfSegments(): RecordsExtent {
    const segments = this.catalog.every()
    const records = segments.reduce((sum, { rows }) => sum + rows, 0)
    if (segments.length === 0) return { records, from: null, to: null }
    const to = segments.reduce((last, { lastTime }) => Math.max(last, lastTime), -Infinity)
    return { records, from: segments[0].firstTime, to }
  }

  kept(): Kept {
    return this.read(() => {
      const pragma = (name: string) => this.db.pragma(name, { simple: true }) as number
      return {
        used: (pragma('page_count') - pragma('freelist_count')) * pragma('page_size'),
        days: this.catalog.days(),
      }
    })
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

  /** The identity key. Throws a StoreError where the file is not of the layout of today: who only reads cannot bring it there. */
  checked(): IdentityKey {
    return this.read(() => {
      checkLayout(this.db, this.path)
      return new Keys(this.db).identity
    })
  }

  dispose(): void {
    this.db.close()
  }

  private segmentsOf(selection: { from: number; to: number }): SegmentInfo[] {
    return this.catalog.overlapping(selection.from, selection.to)
  }

  private read<T>(question: () => T): T {
    return attempt(this.path, 'read', () => this.db.transaction(question).deferred())
  }
}
