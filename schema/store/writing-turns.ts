/**
 * In which order the writer gets what is to be stored. Small batches that wait are stored together, one commit and one fsync for
 * all of them; a part of a large one has its turn after them, so that neither waits for all of the other. Senders are served in turn.
 */
import type { BatchReport } from '../api/batches.js'
import { Turns } from '../runtime/turns.js'
import type { Part, PartOutcome, WholeBatch } from './batches.js'

export interface TogetherAtMost {
  /** a part holds as many lines; so does what is stored together */
  rows: number
  batches: number
  /** calls that the writer gets before it has answered: what comes meanwhile waits here, where it can be put together */
  atOnce: number
  /**
   * Where posts come side by side, commits of them begin so far apart, ms: one costs some 8 ms of processor and a segment, however
   * little there is in it, and a post then waits for no more than this. Who sends one after the other waits for nothing.
   */
  gatherMs: number
  /** After so many together there is a crowd, and the next gather for so much longer: a commit costs the same with fifty as with twenty. */
  crowd?: { batches: number; gatherMs: number }
}

/** For a writer that commits within milliseconds: one call that it is at, and one that it goes on with. */
const QUICK: TogetherAtMost = {
  rows: 20_000,
  batches: 100,
  atOnce: 2,
  gatherMs: 100,
  crowd: { batches: 12, gatherMs: 300 },
}

export interface WriterCalls {
  /** What each came to, in their order. Rejects where all failed for the same reason. */
  take(batches: WholeBatch[]): Promise<(BatchReport | Error)[]>
  write(batch: string, part: Part): Promise<PartOutcome>
}

interface Waiting<In, Out> {
  what: In
  resolve: (value: Out) => void
  reject: (error: unknown) => void
}

export function inTurns(
  writer: WriterCalls,
  most: TogetherAtMost = QUICK,
): {
  take(batch: WholeBatch): Promise<BatchReport>
  write(batch: string, part: Part): Promise<PartOutcome>
  /** Resolves when nobody waits. */
  over(): Promise<void>
} {
  const small = new Turns<Waiting<WholeBatch, BatchReport>>()
  const large = new Turns<Waiting<{ batch: string; part: Part }, PartOutcome>>()
  let atIt = 0
  let isTurnOfLarge = false
  /** when the next small ones may go, if they are not as many as go together */
  let gatheredAt = 0
  let timer: NodeJS.Timeout | undefined
  let isClosing = false
  const whenOver: (() => void)[] = []

  /** Are there small batches that have gathered for long enough? */
  function hasSmall(): boolean {
    if (small.size === 0) return false
    const left = gatheredAt - performance.now()
    if (isClosing || small.size >= most.batches || left <= 0) return true
    timer ??= setTimeout(() => {
      timer = undefined
      goOn()
    }, Math.ceil(left))
    return false
  }

  function goOn(): void {
    while (atIt < most.atOnce) {
      const takesSmall = hasSmall()
      if (!takesSmall && large.size === 0) return
      const takesLarge = large.size > 0 && (isTurnOfLarge || !takesSmall)
      isTurnOfLarge = !takesLarge
      atIt++
      void (takesLarge ? writeNext() : takeNext()).finally(() => {
        atIt--
        goOn()
        if (atIt === 0) for (const tell of whenOver.splice(0)) tell()
      })
    }
  }

  async function takeNext(): Promise<void> {
    const together = group(small, most)
    gatheredAt = together.length > 1 ? performance.now() + gatherMsAfter(together.length, most) : 0
    try {
      const outcomes = await writer.take(together.map(({ what }) => what))
      together.forEach(({ resolve, reject }, i) => {
        const outcome = outcomes[i]
        if (outcome instanceof Error) reject(outcome)
        else resolve(outcome)
      })
    } catch (error) {
      for (const { reject } of together) reject(error)
      giveUp(error)
    }
  }

  async function writeNext(): Promise<void> {
    const { what, resolve, reject } = large.next() as Waiting<{ batch: string; part: Part }, PartOutcome>
    try {
      resolve(await writer.write(what.batch, what.part))
    } catch (error) {
      reject(error)
      giveUp(error)
    }
  }

  /** Whoever waits behind one that another process kept out has waited as long, and would wait as long again. */
  function giveUp(error: unknown): void {
    if ((error as { code?: unknown }).code !== 'STORE_BUSY') return
    for (const { reject } of [...small.all(), ...large.all()]) reject(error)
  }

  return {
    over: () =>
      new Promise((resolve) => {
        isClosing = true
        goOn()
        if (atIt === 0) resolve()
        else whenOver.push(resolve)
      }),
    take: (batch) =>
      new Promise((resolve, reject) => {
        small.add(senderOf(batch), { what: batch, resolve, reject })
        goOn()
      }),
    write: (batch, part) =>
      new Promise((resolve, reject) => {
        large.add(part.waitsAs ?? batch, { what: { batch, part }, resolve, reject })
        goOn()
      }),
  }
}

const gatherMsAfter = (batches: number, { crowd, gatherMs }: TogetherAtMost): number =>
  crowd !== undefined && batches >= crowd.batches ? crowd.gatherMs : gatherMs

const senderOf = ({ waitsAs, origin }: WholeBatch): string =>
  waitsAs ?? JSON.stringify([origin.input, origin.job ?? null])

function group<Out>(waiting: Turns<Waiting<WholeBatch, Out>>, most: TogetherAtMost): Waiting<WholeBatch, Out>[] {
  const out: Waiting<WholeBatch, Out>[] = []
  for (let rows = 0; out.length < most.batches && rows < most.rows;) {
    const one = waiting.next()
    if (one === undefined) break
    out.push(one)
    rows += one.what.blocks.reduce((sum, block) => sum + block.rows, 0)
  }
  return out
}
