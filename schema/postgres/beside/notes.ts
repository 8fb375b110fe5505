/** What is noted of the records that rest elsewhere. Each call is one transaction; those that change something go one by one. */
import { randomBytes } from 'node:crypto'
import {
  BatchError,
  batchClosed,
  batchGone,
  partConflict,
  type Changed,
  type Part,
  type PartOutcome,
} from '../../store/batches.js'
import {
  WAIT,
  type BatchToDelete,
  type BegunPart,
  type BegunTogether,
  type BesideNotes,
  type PartSpan,
} from '../../store/beside.js'
import { hexOfKey, keyOfHex } from '../../store/identity.js'
import type { BatchReport } from '../../api/batches.js'
import { batchId, batchNumber } from '../../store/rows/batch-id.js'
import type { Asked, Database } from '../database.js'
import { releaseLease, renewLease, takeLease } from '../leases.js'
import { keepSetting, setting } from '../rooms/settings.js'
import {
  addPart,
  beginParts,
  closeBatch,
  closeWithPart,
  forgetBegun,
  knownPart,
  openBatch,
  openOf,
  stateOf,
} from './batches.js'
import { abandonDead, beat, deadHolder } from './owners.js'
import { reportOfNumber, reportsOf } from './reports.js'
import { sumNotes, touch, touchAll } from './sums.js'

/** The lease of whoever writes records. */
const TURN = 'records'

export interface NotesOptions {
  owner: string
  /** owners in this process: nobody here may take them for dead */
  living(): readonly string[]
  /** how long the turn to write is held without a sign of life, ms */
  turnMs: number
}

/** `renew`: says that whoever has the turn lives; false: he has not. */
export function besideNotes(
  db: Database,
  { owner, living, turnMs }: NotesOptions,
): BesideNotes & { renew(): Promise<boolean> } {
  const change = <T>(tried: string, work: (ask: Asked) => Promise<T>): Promise<Changed<T>> =>
    db.commit(tried, 'records', async (ask) => ({ value: await work(ask), change: await counted(ask) }))
  async function take(ask: Asked): Promise<boolean> {
    await beat(ask, owner)
    if ((await takeLease(ask, TURN, owner, turnMs)) !== null) return true
    // nobody waits for a process that is known to be gone
    const gone = await deadHolder(ask, TURN, living())
    if (gone === null) return false
    await releaseLease(ask, TURN, gone)
    return (await takeLease(ask, TURN, owner, turnMs)) !== null
  }

  async function existing(ask: Asked, batch: string): Promise<{ number: number; state: 'open' | 'closed' }> {
    const number = batchNumber(batch)
    const state = number === null ? null : await stateOf(ask, number)
    if (number === null || state === null) throw batchGone(batch)
    return { number, state }
  }

  type Existing = Awaited<ReturnType<typeof existing>>

  async function whatItCameTo(
    ask: Asked,
    { number: of, state }: Existing,
    number: number,
    span: PartSpan,
  ): Promise<PartOutcome | null> {
    const known = await knownPart(ask, of, number)
    if (known) {
      if (known.rows !== span.rows) throw partConflict(batchId(of), number, known.rows, span.rows)
      return { stored: known.stored, duplicates: known.duplicates }
    }
    if (state === 'closed') throw batchClosed(batchId(of))
    const find = 'select rows from part_begun where batch = @of and number = @number'
    const rows = await ask.value<number>(find, { of, number })
    if (rows !== undefined && rows !== span.rows) throw partConflict(batchId(of), number, rows, span.rows)
    return null
  }

  async function beginPart(ask: Asked, of: number, number: number, span: PartSpan): Promise<BegunPart> {
    const find = 'select turn from part_begun where batch = @of and number = @number'
    const turn =
      (await ask.value<number>(find, { of, number })) ??
      (await ask.value<number>(
        `insert into part_begun (batch, number, rows, first_time, last_time, owner)
        values (@of, @number, @rows, @from, @to, @owner) returning turn`,
        { of, number, ...span, owner },
      ))
    if (span.from !== null && span.to !== null) await touch(ask, span.from, span.to)
    return { batch: of, number, turn: turn as number }
  }

  /** A batch whose key is known: what it came to, or what is wrong with it. */
  async function beginKnown(ask: Asked, id: string, span: PartSpan): Promise<BegunTogether> {
    try {
      const of = await existing(ask, id)
      return { id, part: (await whatItCameTo(ask, of, 1, span)) ?? (await beginPart(ask, of.number, 1, span)) }
    } catch (error) {
      // nothing of it was written: it was there before
      if (!(error instanceof BatchError)) throw error
      return { refused: { code: error.code, message: error.message } }
    }
  }

  async function finishPart(
    ask: Asked,
    begun: BegunPart,
    part: Omit<Part, 'blocks'>,
    span: PartSpan,
    stored: number,
  ): Promise<PartOutcome | null> {
    // the fence: who was taken for dead finds its part taken out
    if ((await ask.run('delete from part_begun where turn = @turn', { turn: begun.turn })) === 0) {
      await leaveOver(ask, begun, { ...span, owner })
      return null
    }
    const outcome = { stored, duplicates: span.rows - stored }
    await addPart(ask, begun.batch, part, span, outcome, owner)
    return outcome
  }

  return {
    ...sumNotes(db),
    renew: () =>
      db.commit('renew the turn in', null, async (ask) => {
        await beat(ask, owner)
        return renewLease(ask, TURN, owner, turnMs)
      }),
    lastChange: () => db.read('read', async (ask) => (await ask.value<number>('select counter from change')) as number),
    open: (origin, key) =>
      db.commit('open a batch in', 'records', async (ask) => {
        await beat(ask, owner)
        const { number, isNew } = await openBatch(ask, origin, key, owner)
        return { value: batchId(number), change: isNew ? await counted(ask) : null }
      }),
    begin: (batch, number, span) =>
      db.commit(`begin part ${number} of batch ${batch} in`, 'records', async (ask) => {
        const of = await existing(ask, batch)
        const known = await whatItCameTo(ask, of, number, span)
        if (known !== null) return known
        return (await take(ask)) ? beginPart(ask, of.number, number, span) : WAIT
      }),
    finish: (begun, part, span, stored) =>
      db.commit(`write part ${begun.number} of batch ${begun.batch} to`, 'records', async (ask) => {
        await releaseLease(ask, TURN, owner)
        const outcome = await finishPart(ask, begun, part, span, stored)
        return outcome === null ? null : { value: outcome, change: await counted(ask) }
      }),
    beginTogether: (batches) =>
      db.commit(`begin ${batches.length} batches in`, 'records', async (ask) => {
        if (!(await take(ask))) return WAIT
        const out: BegunTogether[] = []
        const fresh: { place: number; number: number; span: PartSpan }[] = []
        for (const [place, { origin, key, span }] of batches.entries()) {
          const { number, isNew } = await openBatch(ask, origin, key, owner)
          if (isNew) fresh.push({ place, number, span })
          else out[place] = await beginKnown(ask, batchId(number), span)
        }
        // a new batch has come to nothing yet: one statement for all of them
        const turns = await beginParts(ask, fresh, owner)
        for (const { place, number } of fresh)
          out[place] = { id: batchId(number), part: { batch: number, number: 1, turn: turns.get(number) as number } }
        await touchAll(
          ask,
          fresh.map(({ span }) => span),
        )
        return out
      }),
    finishTogether: (parts) =>
      db.commit(`write ${parts.length} batches to`, 'records', async (ask) => {
        await releaseLease(ask, TURN, owner)
        const value: (BatchReport | null)[] = []
        const open = new Set(
          await openOf(
            ask,
            parts.map(({ id }) => batchNumber(id) as number),
          ),
        )
        // the fence, as in finishPart
        const begun = await forgetBegun(
          ask,
          parts.flatMap(({ part }) => ('turn' in part ? [part.turn] : [])),
        )
        const done: number[] = []
        let isNew = false
        for (const { id, part, rest, span, stored, message } of parts) {
          const number = batchNumber(id) as number
          if ('turn' in part && !begun.has(part.turn)) {
            await leaveOver(ask, part, { ...span, owner })
            continue
          }
          const outcome = { stored, duplicates: span.rows - stored }
          if (open.has(number))
            await closeWithPart(
              ask,
              number,
              'turn' in part ? { ...rest, span, ...outcome } : null,
              rest.progress,
              message,
            )
          else if ('turn' in part) await addPart(ask, number, rest, span, outcome, owner)
          isNew ||= open.has(number) || 'turn' in part
          done.push(number)
        }
        const reports = await reportsOf(ask, done)
        for (const { id, part } of parts)
          value.push('turn' in part && !begun.has(part.turn) ? null : (reports.get(batchNumber(id) as number) ?? null))
        return { value, change: isNew ? await counted(ask) : null }
      }),
    takeLease: () => db.commit('take the turn in', null, take),
    releaseLease: () => db.commit('give the turn back in', null, (ask) => releaseLease(ask, TURN, owner)),
    close: (batch, state, progress, message) =>
      db.commit(`close batch ${batch} in`, 'records', async (ask) => {
        const { number, state: was } = await existing(ask, batch)
        if (was === 'open') await closeBatch(ask, number, state, progress, message)
        const value = (await reportOfNumber(ask, number)) as BatchReport
        return { value, change: was === 'open' ? await counted(ask) : null }
      }),
    batchToDelete: (batch) =>
      db.read('read', async (ask): Promise<BatchToDelete | null> => {
        const number = batchNumber(batch)
        const row = await ask.row<{ from: number; to: number; removed: number | null; again: number }>(
          `select coalesce(least(b.first_time, p.first_time), 0) as "from", coalesce(greatest(b.last_time, p.last_time), 0) as "to",
          d.removed, d.brought_again as again
          from batch b left join deletion_begun d on d.batch = b.id
          left join (select batch, min(first_time) as first_time, max(last_time) as last_time from part_begun group by batch) p
          on p.batch = b.id where b.id = @number::bigint`,
          { number },
        )
        if (row === undefined || number === null) return null
        const { removed, again, ...rest } = row
        return { number, ...rest, noted: removed === null ? null : { id: batch, removed, broughtAgain: again } }
      }),
    noteDeletion: ({ id, removed, broughtAgain }, span) =>
      db.commit(`begin to delete batch ${id} from`, 'records', async (ask) => {
        await ask.run(
          `insert into deletion_begun (batch, removed, brought_again) values (@number, @removed, @broughtAgain)
          on conflict do nothing`,
          { number: batchNumber(id), removed, broughtAgain },
        )
        await touch(ask, span.from, span.to)
      }),
    remove: (batch) =>
      change(`delete batch ${batch} from`, async (ask) => {
        const number = batchNumber(batch)
        await ask.run('delete from batch where id = @number', { number })
        await ask.run('delete from part_begun where batch = @number', { number })
        await ask.run('delete from deletion_begun where batch = @number', { number })
        return null
      }),
    leftovers: () =>
      db.read('look for what was left half done in', async (ask) => ({
        parts: await ask.rows<BegunPart & { from: number | null; to: number | null }>(
          `select p.turn, p.batch, p.number, p.first_time as "from", p.last_time as "to"
          from part_begun p left join batch b on b.id = p.batch
          where b.closed_at is not null or b.state <> 'open' or b.id is null`,
        ),
        deletions: (await ask.rows<{ batch: number }>('select batch from deletion_begun')).map(({ batch }) =>
          batchId(batch),
        ),
      })),
    unfinished: () =>
      db.read('look for what is half done in', (ask) =>
        ask.rows<{ batch: number; number: number }>('select batch, number from part_begun'),
      ),
    forgetPart: (turn) =>
      db.commit('forget a part in', 'records', async (ask) => {
        await ask.run('delete from part_begun where turn = @turn', { turn })
      }),
    expire: (before) =>
      change('remove old reports from', async (ask) => {
        const old = "batch in (select id from batch where received_at < @before and state <> 'open')"
        for (const table of ['rejected_line', 'part']) await ask.run(`delete from ${table} where ${old}`, { before })
        return null
      }),
    abandonDead: () =>
      db.commit('look for abandoned batches in', 'records', async (ask) => {
        await beat(ask, owner)
        await abandonDead(ask, owner, living())
      }),
    // takes what a write takes, and writes nothing
    checkWritable: () =>
      db.commit('write to', null, async (ask) => {
        await ask.run('update change set counter = counter where false')
      }),
    belongsTo: () =>
      db.read('read', async (ask) => {
        const key = await setting(ask, 'identity-key')
        return { store: await setting(ask, 'store-id'), key: key === null ? null : keyOfHex(key) }
      }),
    assign: (store, key, batches) =>
      db.commit('keep the name of the store in', 'records', async (ask) => {
        const hex =
          key === null ? ((await setting(ask, 'identity-key')) ?? randomBytes(16).toString('hex')) : hexOfKey(key)
        await keepSetting(ask, 'store-id', store)
        await keepSetting(ask, 'identity-key', hex)
        // numbers of batches are not given again
        const sequence = "pg_get_serial_sequence('batch', 'id')"
        const last = 'greatest(@batches::bigint, (select last_value from batch_id_seq))'
        if (batches > 0) await ask.run(`select setval(${sequence}, ${last})`, { batches })
        return keyOfHex(hex)
      }),
    keepKey: (key) =>
      db.commit('keep the identity key of', 'records', (ask) => keepSetting(ask, 'identity-key', hexOfKey(key))),
  }
}

/** What arrived after its part was taken out is taken out once more. */
async function leaveOver(
  ask: Asked,
  { batch, number, turn }: BegunPart,
  more: { rows: number; from: number | null; to: number | null; owner: string },
): Promise<void> {
  await ask.run(
    `insert into part_begun (turn, batch, number, rows, first_time, last_time, owner)
    values (@turn, @batch, @number, @rows, @from, @to, @owner) on conflict do nothing`,
    { turn, batch, number, ...more },
  )
}

async function counted(ask: Asked): Promise<number> {
  return (await ask.value<number>('update change set counter = counter + 1 returning counter')) as number
}
