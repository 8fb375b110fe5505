/**
 * All records of one store into another, of whatever engine, with the reports of their batches. How far it is rests in the target:
 * whoever stops goes on there, and what was copied twice counts once.
 */
import type { RejectedLine } from '../api/batches.js'
import { openBlock, packBlock, type MovingBlock } from '../store/moving-block.js'
import { BlockBuilder, recordReader } from '../store/block.js'
import type { BatchProgress } from '../store/batches.js'
import { everyItem } from '../store/paging.js'
import type { Selection } from '../store/query.js'
import { MOST_SCANNED, type ScanPage } from '../store/scan.js'
import { StoreError } from '../store/store-error.js'
import type { Store } from '../store/store.js'
import type { InputName } from '../words/inputs.js'

/** Rejected lines of a part at most. */
const REJECTED_PER_PART = 5_000

export interface CopyProgress {
  copied: number
  total: number
}

export interface CopyOutcome {
  records: number
  /** of these, how many the target had already */
  known: number
  batches: number
}

/** Where it stands, as the target keeps it. */
interface Standing {
  after: string | null
  /** all pages were copied */
  done: boolean
  copied: number
  known: number
  /** by batch of the source: its id in the target, the number of its last part, and how many of it were closed before */
  batches: { [id: string]: { id: string; part: number; round: number } }
}

const BEGINNING: Standing = { after: null, done: false, copied: 0, known: 0, batches: {} }

/** `limit`: records of a page. Rejects with a StoreError of code STORE_REFUSED where the target's records were made with another key. */
export async function copyStore(
  from: Store,
  to: Store,
  tell: (progress: CopyProgress) => void,
  limit = MOST_SCANNED,
): Promise<CopyOutcome> {
  await shareKey(from, to)
  const extent = await from.records.extent()
  if (extent.counted) {
    const message = `${from.url} has counts of ${extent.counted.records} records that are gone, and these have no records to copy: take a backup of it, which has all.`
    throw new StoreError('STORE_REFUSED', message)
  }
  const all: Selection = { from: extent.from ?? 0, to: (extent.to ?? 0) + 1, filters: [], audience: 'all' }
  const source = `records of ${hex(await from.ledger.identityKey())}`
  let checkpoint = await to.ledger.checkpoints.get('copy', source)
  let at = (checkpoint?.value as unknown as Standing | undefined) ?? BEGINNING
  tell({ copied: at.copied, total: extent.records })
  while (!at.done) {
    const page = await from.records.scan({ ...all, limit, after: at.after })
    const next = await copyPage(from, to, page, at)
    checkpoint = await to.ledger.checkpoints.put('copy', source, next as never, checkpoint?.version ?? null)
    if (checkpoint === null) {
      const message = `Another process copies to ${to.url} as well: let it end, then run this again.`
      throw new StoreError('STORE_BUSY', message)
    }
    at = next
    tell({ copied: at.copied, total: extent.records })
  }
  for (const [id, batch] of Object.entries(at.batches)) await closeBatch(from, to, id, batch)
  if (checkpoint) await to.ledger.checkpoints.remove('copy', source, checkpoint.version)
  return { records: at.copied, known: at.known, batches: Object.keys(at.batches).length }
}

/** Records are known again only by the key that their hashes were made with. */
async function shareKey(from: Store, to: Store): Promise<void> {
  const key = await from.ledger.identityKey()
  if (hex(key) === hex(await to.ledger.identityKey())) return
  if (await to.ledger.adoptIdentityKey(key)) return
  const message = `${to.url} holds records of its own already, which were hashed with another key: copy into a store that is new.`
  throw new StoreError('STORE_REFUSED', message)
}

const hex = (key: readonly number[]): string => key.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')

async function copyPage(from: Store, to: Store, page: ScanPage, at: Standing): Promise<Standing> {
  const batches = { ...at.batches }
  let { copied, known } = at
  for (const { id, block } of byBatch(page)) {
    let batch = batches[id] ?? { id: await openBatch(from, to, id, 0), part: 0, round: 0 }
    for (;;) {
      batch = { ...batch, part: batch.part + 1 }
      try {
        // what is given moves away, and may have to be given again
        const blocks = [{ ...block, buffer: block.buffer.slice(0) }]
        const part = { number: batch.part, blocks, rejected: [], progress: NOTHING_YET }
        known += (await to.batches.write(batch.id, part)).duplicates
        break
      } catch (error) {
        const { code } = error as { code?: string }
        // the source has changed since it was copied the last time: pages begin elsewhere, what came then counts once all the same
        if (code === 'PART_CONFLICT') continue
        if (code !== 'BATCH_CLOSED') throw error
        const round = batch.round + 1
        batch = { id: await openBatch(from, to, id, round), part: 0, round }
      }
    }
    batches[id] = batch
    copied += block.rows
  }
  return { after: page.next, done: page.next === null, copied, known, batches }
}

/** Said when the batch is closed, as the source says it. */
const NOTHING_YET: BatchProgress = {
  lines: 0,
  rejected: 0,
  rejectedByReason: {},
  missingFields: [],
  via: [],
  weighted: false,
  after: null,
  leftOut: [],
  bytes: 0,
  seconds: 0,
}

async function openBatch(from: Store, to: Store, id: string, round: number): Promise<string> {
  const report = await from.ledger.reports.get(id)
  const input = (report?.input ?? 'file') as InputName
  return to.batches.open(
    {
      input,
      name: report?.name ?? null,
      job: report?.job ?? null,
      sender: { name: report?.sender ?? null, address: report?.senderAddress ?? null },
    },
    `copy ${round} of ${hex(await from.ledger.identityKey())} ${id}`,
  )
}

/** With the lines that it lost, and its report as it stands in the source. */
async function closeBatch(
  from: Store,
  to: Store,
  id: string,
  { id: copy, part }: { id: string; part: number },
): Promise<void> {
  const report = await from.ledger.reports.get(id)
  if (report === null) return void (await to.batches.close(copy, 'complete', NOTHING_YET, null))
  const { lines, rejected, rejectedByReason, missingFields, via, weighted, after, leftOut, bytes, seconds } = report
  const progress = { lines, rejected, rejectedByReason, missingFields, via, weighted, after, leftOut, bytes, seconds }
  if ((await to.ledger.reports.get(copy))?.state === 'open') {
    let number = part
    let some: RejectedLine[] = []
    const keep = async () => {
      await to.batches.write(copy, { number: ++number, blocks: [], rejected: some, progress })
      some = []
    }
    for await (const line of everyItem((page) => from.ledger.reports.rejectedLines(id, page), 1_000)) {
      some.push(line)
      if (some.length === REJECTED_PER_PART) await keep()
    }
    if (some.length > 0) await keep()
  }
  const state = report.state === 'open' ? 'aborted' : report.state
  const message =
    report.state === 'open' ? 'It was still coming in when it was copied: send the input again.' : report.message
  await to.batches.close(copy, state, progress, message)
}

/** The rows of a page, a block for each batch; mostly there is one. */
function* byBatch({ block: moving, batches: { ids, of } }: ScanPage): Generator<{ id: string; block: MovingBlock }> {
  if (ids.length === 1) return void (yield { id: ids[0], block: moving })
  const block = openBlock(moving)
  const read = recordReader(block)
  for (const [n, id] of ids.entries()) {
    const rows = [...of.keys()].filter((row) => of[row] === n)
    const builder = new BlockBuilder(rows.length)
    for (const row of rows) builder.append(read(row), [block.identity[row * 2], block.identity[row * 2 + 1]])
    yield { id, block: packBlock(builder.finish()) }
  }
}
