/** One job of a fetching input: its rounds, and the checkpoint that they go on from. */
import type { BatchReport } from '../../schema/api/batches.js'
import type { WaitingClock } from '../../schema/runtime/clock.js'
import type { BatchOrigin } from '../../schema/store/batches.js'
import type { Checkpoint, Checkpoints } from '../../schema/store/ledger/checkpoints.js'
import { everyItem } from '../../schema/store/paging.js'
import { HOUR, MINUTE, SECOND } from '../../schema/words/duration.js'
import type { Doing } from '../../schema/words/doing.js'
import type { InputName } from '../../schema/words/inputs.js'
import type { Json } from '../../schema/words/json.js'
import { FetchError, type FetchingInput, type FetchJob, type JobNotes, type Pause } from './input.js'
import { fetchedTwice, jobNotes, notesOf } from './notes.js'

/** What a job needs of those around it. */
export interface JobHouse {
  checkpoints: Checkpoints
  /** Through the whole pipeline into the store. */
  take(origin: BatchOrigin, bytes: AsyncIterable<Uint8Array>): Promise<BatchReport>
  clock: WaitingClock
  /** how far a piece that is under way is */
  onProgress?(doing: Doing): void
  /** 0–1 */
  random?: () => number
}

export class Job {
  readonly name: string
  /** where the job stands, as the store knows it; undefined: not asked yet */
  private checkpoint: Checkpoint | null | undefined
  private notes: JobNotes | undefined

  constructor(
    readonly input: InputName,
    private readonly code: FetchingInput,
    private readonly settings: unknown,
    private readonly house: JobHouse,
    private readonly signal: AbortSignal,
  ) {
    this.name = code.jobOf(settings)
  }

  /** The next piece. */
  async round(): Promise<Pause> {
    const { checkpoints, clock } = this.house
    // after trouble nobody knows what the last try left behind: the store does
    if (this.checkpoint === undefined) this.checkpoint = await checkpoints.get(this.input, this.name)
    this.notes ??= jobNotes(checkpoints, this.input, this.name)
    const job = {
      clock,
      notes: this.notes,
      signal: this.signal,
      input: this.input,
      name: this.name,
      checkpoints,
      tell: (progress: Doing) => this.house.onProgress?.(progress),
      checkpoint: this.checkpoint?.value ?? null,
      remember: async (value: Json) => {
        await this.remember(value)
        job.checkpoint = value
      },
      take: (name: string, bytes: AsyncIterable<Uint8Array>) =>
        this.house.take({ input: this.input, name, job: this.name }, bytes),
    } satisfies FetchJob
    try {
      return await this.code.next(this.settings, job)
    } catch (error) {
      this.reread()
      throw error
    }
  }

  /** Where it stands is asked for again before the next piece. */
  reread(): void {
    this.checkpoint = undefined
    this.notes = undefined
  }

  /** Forgets how far it came: it is done. */
  async forget(): Promise<void> {
    const { checkpoints } = this.house
    const stands = await checkpoints.get(this.input, this.name)
    if (stands) await checkpoints.remove(this.input, this.name, stands.version)
    const prefix = notesOf(this.name)
    for await (const note of everyItem((query) => checkpoints.page(this.input, { ...query, prefix })))
      await checkpoints.remove(this.input, note.key, note.version)
    this.checkpoint = undefined
  }

  private async remember(value: Json): Promise<void> {
    const put = await this.house.checkpoints.put(this.input, this.name, value, this.checkpoint?.version ?? null)
    if (put === null) throw fetchedTwice(this.name)
    this.checkpoint = put
  }
}

/** Waits between tries, ms: twice as long after each, up to the longest; trouble that lasts is met with the longest. */
const FIRST_RETRY = SECOND
const LONGEST_RETRY = 5 * MINUTE
/** Many jobs that failed together should not come again together: so much sooner or later, as a share. */
const SPREAD = 0.2
/** What whoever is asked may ask for: a longer Retry-After is a mistake, and Logpull keeps no more than seven days, ms. */
const MOST_PATIENCE = HOUR

/** How long to wait after the n-th failure in a row, ms. */
export function retryAfter(error: unknown, failures: number, random: () => number = Math.random): number {
  const known = error instanceof FetchError ? error : null
  const grown = Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** (failures - 1))
  const spread = 1 + SPREAD * (2 * random() - 1)
  return Math.max(Math.min(known?.retryMs ?? 0, MOST_PATIENCE), (known?.lasting ? LONGEST_RETRY : grown) * spread)
}
