/**
 * Is the file what was written? Structure by SQLite's own check; every blob and every row that leads to one by its checksum; every
 * rollup, histogram, tally and fingerprint by making it anew of the records; reports by what their parts came to.
 */
import { existsSync } from 'node:fs'
import { StoreError } from '../store/store-error.js'
import type { Finding, Verified } from '../store/verified.js'
import { attempt, openToRead, openToWrite, type Connection } from './database.js'
import { Keys } from './identity-key.js'
import { LATEST_VERSION } from './migrations/index.js'
import { Catalog, SegmentTable } from './segments/catalog.js'
import { readSlots } from './segments/slots.js'
import { damagedLayout } from './verify-layout.js'
import { checkCounted, checkSegment } from './verify-segment.js'

const MOST_STRUCTURE = 100

/** Throws a StoreError where the file can not be read at all. `repair`: make anew what can be made of records that are whole. */
export function verify(path: string, repair: boolean): Verified {
  if (!existsSync(path)) throw new StoreError('STORE_UNUSABLE', `There is no store ${path}.`)
  const db = repair ? openToWrite(path) : openToRead(path)
  try {
    return attempt(path, 'check', () => new Check(db, path, repair).all())
  } finally {
    db.close()
  }
}

class Check {
  private readonly findings: Finding[] = []

  constructor(
    private readonly db: Connection,
    private readonly path: string,
    private readonly repair: boolean,
  ) {}

  all(): Verified {
    this.checkLayout()
    this.checkStructure()
    this.guarded('structure', () => {
      for (const name of damagedLayout(this.db)) this.find('structure', `the ${name} is not laid out as it was made`)
    })
    this.guarded('structure', () => new Keys(this.db).text)
    this.guarded('structure', () => readSlots(this.db))
    const rest = this.findings.length === 0 ? this.checkSegments() : { segments: 0, records: 0 }
    const batches = this.findings.some(({ kind }) => kind === 'structure') ? 0 : this.checkReports()
    return { store: this.path, ...rest, batches, findings: this.findings }
  }

  private find(kind: Finding['kind'], what: string, repaired = false): void {
    this.findings.push({ kind, what, repaired })
  }

  /** What cannot be read is a finding, and the check goes on. */
  private guarded(kind: Finding['kind'], work: () => unknown): void {
    try {
      work()
    } catch (error) {
      this.find(kind, sentence(error))
    }
  }

  private checkLayout(): void {
    const version = this.db.pragma('user_version', { simple: true }) as number
    if (version === LATEST_VERSION) return
    throw new StoreError(
      version > LATEST_VERSION ? 'STORE_NEWER' : 'STORE_UNUSABLE',
      `${this.path} has layout ${version}, this Faultline checks layout ${LATEST_VERSION}: ` +
        (version > LATEST_VERSION ? 'install the newer one.' : 'any command that opens it brings it up to date.'),
    )
  }

  private checkStructure(): void {
    this.guarded('structure', () => {
      const said = () => this.db.pragma(`integrity_check(${MOST_STRUCTURE})`) as { integrity_check: string }[]
      const bad = said().filter(({ integrity_check: line }) => line !== 'ok')
      if (bad.length > 0 && this.repair) this.db.exec('reindex')
      const left = bad.length > 0 && this.repair ? new Set(said().map((line) => line.integrity_check)) : null
      for (const { integrity_check: line } of bad)
        this.find('structure', line.split('\n').join(' '), left !== null && !left.has(line))
    })
  }

  private checkSegments(): { segments: number; records: number } {
    this.guarded('records', () => new Catalog(this.db).every())
    const catalog = new Catalog(this.db)
    const table = this.repair ? new SegmentTable(this.db, readSlots(this.db)) : null
    const ids = this.db.prepare('select id from segment order by id').pluck().all() as number[]
    let records = 0
    for (const id of ids) {
      this.guarded('records', () => {
        const info = catalog.one(id)
        if (info === null) return
        records += info.rows
        const { damages, anew } = checkSegment(this.db, info)
        const mends = anew !== null && damages.length > 0 && table !== null
        if (mends)
          this.db
            .transaction(() => {
              table.remove(id)
              table.insert(anew)
              this.db.prepare('update change set counter = counter + 1').run()
            })
            .immediate()
        for (const { what, derived } of damages) this.find(derived ? 'derived' : 'records', what, mends)
      })
    }
    this.checkCounts()
    return { segments: ids.length, records }
  }

  /** Nothing can make them anew: their records are gone. */
  private checkCounts(): void {
    const catalog = new Catalog(this.db, 'counted_segment')
    this.guarded('records', () => catalog.every())
    const ids = this.db.prepare('select id from counted_segment order by id').pluck().all() as number[]
    for (const id of ids) {
      this.guarded('records', () => {
        const info = catalog.one(id)
        if (info !== null) for (const { what } of checkCounted(this.db, info)) this.find('records', what)
      })
    }
  }

  /** A report counts what its parts brought; parts of batches that expired are gone. */
  private checkReports(): number {
    this.guarded('reports', () => {
      const wrong = this.db
        .prepare(
          `select b.id from batch b join part p on p.batch = b.id group by b.id
          having sum(p.stored) <> b.stored or sum(p.duplicates) <> b.duplicates`,
        )
        .pluck()
        .all() as number[]
      for (const id of wrong) this.find('reports', `the report of batch ${id} does not count what its parts brought`)
      const more = this.db
        .prepare(
          `select b.id from batch b join segment_batch s on s.batch = b.id group by b.id having sum(s.rows) > b.stored`,
        )
        .pluck()
        .all() as number[]
      for (const id of more) this.find('reports', `batch ${id} has more records than its report says`)
    })
    return this.db.prepare('select count(*) from batch').pluck().get() as number
  }
}

/** Without the advice that goes with it elsewhere. */
function sentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.replace(/^The store is damaged: /, '').replace(/\. What rests on it is not shown.*$/s, '')
}
