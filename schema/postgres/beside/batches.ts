/** Batches as rows, written: opened, moved on part by part, closed. The caller holds the transaction. */
import type { RejectedLine } from '../../api/batches.js'
import type { BatchOrigin, BatchProgress, PartOutcome } from '../../store/batches.js'
import type { PartSpan } from '../../store/beside.js'
import { MOST_REJECTED_LINES } from '../../words/rejections.js'
import type { Asked } from '../database.js'
import { hashOf } from '../hash.js'

/** `isNew`: false where the key was known. */
export async function openBatch(
  ask: Asked,
  { input, name, job = null, sender }: BatchOrigin,
  key: string | null,
  owner: string,
): Promise<{ number: number; isNew: boolean }> {
  const hash = key === null ? null : hashOf(key)
  const made = await ask.value<number>(
    `insert into batch (input, name, job, sender, sender_address, key, state, owner, received_at, written_at)
    values (@input, @name, @job, @sender, @address, @hash, 'open', @owner, now_ms(), now_ms()) on conflict (key) do nothing returning id`,
    { input, name, job, sender: sender?.name ?? null, address: sender?.address ?? null, hash, owner },
  )
  if (made !== undefined) return { number: made, isNew: true }
  const known = await ask.value<number>('select id from batch where key = @hash', { hash })
  return { number: known as number, isNew: false }
}

/** Null: there is no such batch, or it is being taken out. One that was given up by others is open to its own process. */
export async function stateOf(ask: Asked, number: number): Promise<'open' | 'closed' | null> {
  const closed = await ask.value<boolean>(
    `select closed_at is not null from batch where id = @number
    and not exists (select 1 from deletion_begun where batch = @number)`,
    { number },
  )
  return closed === undefined ? null : closed ? 'closed' : 'open'
}

export function knownPart(
  ask: Asked,
  number: number,
  part: number,
): Promise<(PartOutcome & { rows: number }) | undefined> {
  const find = 'select rows, stored, duplicates from part where batch = @number and number = @part'
  return ask.row(find, { number, part })
}

/** Counts a part in; its batch belongs to this owner (again). */
export async function addPart(
  ask: Asked,
  batch: number,
  part: { number: number; rejected: readonly RejectedLine[]; progress: BatchProgress },
  { rows, from, to }: PartSpan,
  { stored, duplicates }: PartOutcome,
  owner: string,
): Promise<void> {
  const last = (await ask.value<number>('select coalesce(max(number), 0) from part where batch = @batch', {
    batch,
  })) as number
  await ask.run(
    'insert into part (batch, number, rows, stored, duplicates) values (@batch, @number, @rows, @stored, @duplicates)',
    { batch, number: part.number, rows, stored, duplicates },
  )
  await keepRejected(ask, batch, part.rejected)
  // an earlier part that comes late knows less than what is kept
  if (part.number > last) await keepProgress(ask, batch, part.progress)
  await ask.run(
    `update batch set state = 'open', message = null, owner = @owner,
    stored = stored + @stored, duplicates = duplicates + @duplicates,
    first_time = least(first_time, @from::bigint), last_time = greatest(last_time, @to::bigint) where id = @batch`,
    { batch, stored, duplicates, from, to, owner },
  )
}

export async function closeBatch(
  ask: Asked,
  number: number,
  state: 'complete' | 'aborted',
  progress: BatchProgress,
  message: string | null,
): Promise<void> {
  await keepProgress(ask, number, progress)
  await ask.run(
    'update batch set state = @state, message = @message, owner = null, closed_at = now_ms() where id = @number',
    { state, message, number },
  )
}

/** First parts of new batches, noted as begun: the turn of each by its batch. */
export async function beginParts(
  ask: Asked,
  parts: readonly { number: number; span: PartSpan }[],
  owner: string,
): Promise<Map<number, number>> {
  if (parts.length === 0) return new Map()
  const column = (of: 'rows' | 'from' | 'to') => parts.map(({ span }) => span[of])
  const begun = await ask.rows<{ batch: number; turn: number }>(
    `insert into part_begun (batch, number, rows, first_time, last_time, owner)
    select batch, 1, rows, first_time, last_time, @owner
    from unnest(@batches::bigint[], @rows::bigint[], @from::bigint[], @to::bigint[]) as t (batch, rows, first_time, last_time)
    returning batch, turn`,
    { batches: parts.map(({ number }) => number), rows: column('rows'), from: column('from'), to: column('to'), owner },
  )
  return new Map(begun.map(({ batch, turn }) => [batch, turn]))
}

/** Which of them were still noted as begun. */
export async function forgetBegun(ask: Asked, turns: readonly number[]): Promise<Set<number>> {
  const gone = 'delete from part_begun where turn = any(@turns::bigint[]) returning turn'
  return new Set((await ask.rows<{ turn: number }>(gone, { turns })).map(({ turn }) => turn))
}

/** Which of them are open, and not about to be taken out. */
export async function openOf(ask: Asked, batches: readonly number[]): Promise<number[]> {
  const find = `select id from batch where id = any(@batches::bigint[]) and closed_at is null
    and not exists (select 1 from deletion_begun where batch = id)`
  return (await ask.rows<{ id: number }>(find, { batches })).map(({ id }) => id)
}

/** As `addPart` and `closeBatch`, in two statements. `part`: null where it was counted in before. */
export async function closeWithPart(
  ask: Asked,
  number: number,
  part: { rejected: readonly RejectedLine[]; span: PartSpan; stored: number; duplicates: number } | null,
  progress: BatchProgress,
  message: string | null,
): Promise<void> {
  const { stored = 0, duplicates = 0 } = part ?? {}
  const { rows = 0, from = null, to = null } = part?.span ?? {}
  if (part !== null) {
    await ask.run(
      'insert into part (batch, number, rows, stored, duplicates) values (@number, 1, @rows, @stored, @duplicates)',
      { number, rows, stored, duplicates },
    )
    await keepRejected(ask, number, part.rejected)
  }
  await ask.run(
    `update batch set ${PROGRESS}, stored = stored + @stored, duplicates = duplicates + @duplicates,
    first_time = least(first_time, @from::bigint), last_time = greatest(last_time, @to::bigint),
    state = 'complete', message = @message, owner = null, closed_at = now_ms() where id = @number`,
    { ...progressOf(progress), stored, duplicates, from, to, message, number },
  )
}

async function keepRejected(ask: Asked, batch: number, rejected: readonly RejectedLine[]): Promise<void> {
  if (rejected.length === 0) return
  const kept = (await ask.value<number>('select coalesce(max(n), 0) from rejected_line where batch = @batch', {
    batch,
  })) as number
  const some = rejected.slice(0, Math.max(0, MOST_REJECTED_LINES - kept))
  if (some.length === 0) return
  const column = (name: keyof RejectedLine) => some.map((line) => line[name])
  await ask.run(
    `insert into rejected_line (batch, n, input, line, reason, sample, at, found)
    select @batch, @kept::int + (row_number() over ())::int, *
    from unnest(@input::text[], @line::bigint[], @reason::text[], @sample::text[], @at::bigint[], @found::text[])`,
    {
      batch,
      kept,
      input: column('input'),
      line: column('line'),
      reason: column('reason'),
      sample: column('sample'),
      at: column('at'),
      found: column('found'),
    },
  )
}

const PROGRESS = `lines = @lines, rejected = @rejected, rejected_by_reason = @byReason, missing_fields = @missing,
    reading = @reading, bytes = @bytes, seconds = @seconds, written_at = now_ms()`

function progressOf(progress: BatchProgress) {
  const { lines, rejected, rejectedByReason, missingFields, bytes, seconds, via, weighted, after, leftOut } = progress
  return {
    lines,
    rejected,
    byReason: JSON.stringify(rejectedByReason),
    missing: JSON.stringify(missingFields),
    reading: JSON.stringify({ via, weighted, after, leftOut }),
    bytes,
    seconds,
  }
}

async function keepProgress(ask: Asked, number: number, progress: BatchProgress): Promise<void> {
  await ask.run(`update batch set ${PROGRESS} where id = @number`, { ...progressOf(progress), number })
}
