/**
 * Small batches that wait at the same time: noted, inserted and reported together, three round trips for all of them. Each is a
 * batch of its own in every other way, and one that is refused spoils no other.
 */
import { randomUUID } from 'node:crypto'
import type { BatchReport } from '../../api/batches.js'
import { BatchError, type Changed, type WholeBatch } from '../../store/batches.js'
import type { BegunTogether, FinishedTogether } from '../../store/beside.js'
import type { Block } from '../../store/block.js'
import { openBlock } from '../../store/moving-block.js'
import { StoreError, takenForDead } from '../../store/store-error.js'
import { at } from '../failpoints.js'
import { inLine, untilFree } from '../turns.js'
import { spanOf, writePart, type Writing } from './batches.js'
import { insertParts, type Sent } from './insert.js'

export type Outcome = BatchReport | Error

interface One {
  batch: WholeBatch
  blocks: Block[]
  place: number
}

/** What each came to, in their order. Rejects where none can be stored: the server or the ledger is away. */
export async function takeTogether(writing: Writing, batches: readonly WholeBatch[]): Promise<Changed<Outcome[]>> {
  const outcomes: Outcome[] = []
  const sound = batches.flatMap((batch, place): One[] => {
    try {
      return [{ batch, place, blocks: batch.blocks.filter((block) => block.rows > 0).map(openBlock) }]
    } catch (error) {
      outcomes[place] = error as Error
      return []
    }
  })
  let change: number | null = null
  // of those with one key each finds what the one before came to
  for (let left = sound; left.length > 0;) {
    const keys = new Set<string>()
    const now = left.filter(({ batch: { key } }) => key === undefined || (!keys.has(key) && keys.add(key)))
    left = left.filter((one) => !now.includes(one))
    const done = await takeSome(writing, now)
    now.forEach(({ place }, i) => (outcomes[place] = done.value[i]))
    change = done.change ?? change
  }
  return { value: outcomes, change }
}

function takeSome(writing: Writing, some: readonly One[]): Promise<Changed<Outcome[]>> {
  const { connection, tables, ledger } = writing
  const spans = some.map(({ batch }) => spanOf(batch.blocks))
  return inLine(ledger.place, async () => {
    const asked = some.map(({ batch: { origin, key = null } }, i) => ({ origin, key, span: spans[i] }))
    const begun = await untilFree(ledger, () => ledger.notes.beginTogether(asked))
    at('write/begun')
    const id = randomUUID()
    try {
      const parts = begun.flatMap((one, i): Sent[] => {
        const { from, to, rows } = spans[i]
        if ('refused' in one || !('turn' in one.part) || from === null || to === null) return []
        return [{ ...one.part, from, to, rows, blocks: some[i].blocks }]
      })
      const stored =
        parts.length === 0 ? [] : await insertParts(connection, tables, parts, id, await ledger.notes.unfinished())
      const storedOf = new Map(parts.map(({ turn }, i) => [turn, stored[i]]))
      const finished = begun.flatMap((one, i): FinishedTogether[] => {
        if ('refused' in one) return []
        const { blocks, origin, key, message, ...rest } = some[i].batch
        const count = 'turn' in one.part ? (storedOf.get(one.part.turn) ?? 0) : one.part.stored
        return [{ ...one, rest: { ...rest, number: 1 }, span: spans[i], stored: count, message }]
      })
      const { value, change } = await ledger.notes.finishTogether(finished)
      at('write/committed')
      const reports = [...value]
      return { value: begun.map((one) => outcomeOf(one, reports)), change }
    } catch (error) {
      // it may still be under way over there: not behind the back of whoever writes next
      await connection.stop(id).catch(() => {})
      await ledger.notes.releaseLease().catch(() => {})
      if (!isOfOneOfThem(error) || some.length === 1) throw error
      return begun
    }
  }).then((done) => (Array.isArray(done) ? oneByOne(writing, some, done) : done))
}

function outcomeOf(one: BegunTogether, reports: (BatchReport | null)[]): Outcome {
  if ('refused' in one) return new BatchError(one.refused.code, one.refused.message)
  const report = reports.shift()
  return report ?? takenForDead('turn' in one.part ? one.part.batch : Number(one.id), 1)
}

/** The engine took none of what it was sent; whoever is not reached takes nothing of anybody. */
const isOfOneOfThem = (error: unknown): boolean => error instanceof StoreError && error.code === 'STORE_UNUSABLE'

/** Whatever was wrong with one of them was wrong for all: now each for itself. */
async function oneByOne(
  writing: Writing,
  some: readonly One[],
  begun: readonly BegunTogether[],
): Promise<Changed<Outcome[]>> {
  const value: Outcome[] = []
  let change: number | null = null
  for (const [i, one] of begun.entries()) {
    if ('refused' in one) {
      value.push(new BatchError(one.refused.code, one.refused.message))
      continue
    }
    const { origin, key, message, ...rest } = some[i].batch
    try {
      await writePart(writing, one.id, { ...rest, number: 1 })
      const closed = await writing.ledger.notes.close(one.id, 'complete', rest.progress, message)
      change = closed.change ?? change
      value.push(closed.value)
    } catch (error) {
      value.push(error as Error)
    }
  }
  return { value, change }
}
