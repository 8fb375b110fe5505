/**
 * Batches over two stores: what is begun is noted in the ledger, then the records are written, then it is reported. Every step
 * may be repeated, and what nobody comes back for is taken out again (leftovers).
 */
import { randomUUID } from 'node:crypto'
import type { DeletionReport } from '../../api/batches.js'
import type { Block } from '../../store/block.js'
import type { Changed, Part, PartOutcome } from '../../store/batches.js'
import { openBlock, type MovingBlock } from '../../store/moving-block.js'
import { takenForDead } from '../../store/store-error.js'
import type { LedgerBeside, PartSpan } from '../../store/beside.js'
import type { Connection } from '../connection.js'
import { at } from '../failpoints.js'
import type { Tables } from '../layout.js'
import { alone, inLine, untilFree } from '../turns.js'
import { insertParts } from './insert.js'
import { lookAtBatch, removeBatch, removePart } from './remove.js'

export interface Writing {
  connection: Connection
  tables: Tables
  ledger: LedgerBeside
}

export function writePart(
  { connection, tables, ledger }: Writing,
  batch: string,
  part: Part,
): Promise<Changed<PartOutcome>> {
  const span = spanOf(part.blocks)
  const { blocks, ...rest } = part
  return inLine(ledger.place, async () => {
    const begun = await untilFree(ledger, async () => ledger.notes.begin(batch, part.number, span))
    if (!('turn' in begun)) return { value: begun, change: null }
    at('write/begun')
    const id = randomUUID()
    try {
      const { from, to, rows } = span
      const [stored] =
        from === null || to === null
          ? [0]
          : await insertParts(
              connection,
              tables,
              [{ ...begun, from, to, rows, blocks: opened(blocks) }],
              id,
              await ledger.notes.unfinished(),
            )
      const done = await ledger.notes.finish(begun, rest, span, stored)
      if (done === null) throw takenForDead(begun.batch, begun.number)
      at('write/committed')
      return done
    } catch (error) {
      // it may still be under way over there: not behind the back of whoever writes next
      await connection.stop(id).catch(() => {})
      await ledger.notes.releaseLease().catch(() => {})
      throw error
    }
  })
}

const opened = (blocks: readonly MovingBlock[]): Block[] => blocks.filter((block) => block.rows > 0).map(openBlock)

export function spanOf(blocks: readonly MovingBlock[]): PartSpan {
  const filled = blocks.filter((block) => block.rows > 0)
  if (filled.length === 0) return { rows: 0, from: null, to: null }
  return {
    rows: filled.reduce((sum, block) => sum + block.rows, 0),
    from: Math.min(...filled.map((block) => block.from)),
    to: Math.max(...filled.map((block) => block.to)),
  }
}

export function deleteBatch(writing: Writing, batch: string): Promise<Changed<DeletionReport | null>> {
  return alone(writing.ledger, () => deleteNow(writing, batch))
}

/** What it comes to is noted before anything goes: who asks again is told the same. */
async function deleteNow(
  { connection, tables, ledger }: Writing,
  batch: string,
): Promise<Changed<DeletionReport | null>> {
  const found = await ledger.notes.batchToDelete(batch)
  if (found === null) return { value: null, change: null }
  let report = found.noted
  if (report === null) {
    report = { id: batch, ...(await lookAtBatch(connection, tables, found.number, found)) }
    await ledger.notes.noteDeletion(report, found)
    at('delete/noted')
  }
  await removeBatch(connection, tables, found.number, found)
  const { change } = await ledger.notes.remove(batch)
  at('delete/committed')
  return { value: report, change }
}

/** Finishes deletions that were begun, and takes out what parts left that nobody reported. */
export async function tidyUp(writing: Writing): Promise<boolean> {
  const { connection, tables, ledger } = writing
  const some = await ledger.notes.leftovers()
  if (some.parts.length === 0 && some.deletions.length === 0) return false
  await alone(ledger, async () => {
    const { parts, deletions } = await ledger.notes.leftovers()
    for (const part of parts) {
      const { from, to } = part
      if (from !== null && to !== null) {
        await ledger.notes.touch(from, to)
        await removePart(connection, tables, part, { from, to })
      }
      await ledger.notes.forgetPart(part.turn)
    }
    for (const batch of deletions) await deleteNow(writing, batch)
  })
  return true
}
