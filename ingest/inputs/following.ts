/**
 * Keeps the jobs of fetching inputs going: one piece after the other, a pause where there is nothing, another try where there
 * is trouble, at growing distances. Says of each at any time what it does.
 */
import { Value } from 'typebox/value'
import type { BatchReport } from '../../schema/api/batches.js'
import type { WaitingClock } from '../../schema/runtime/clock.js'
import type { Checkpoint, Checkpoints } from '../../schema/store/ledger/checkpoints.js'
import type { Json } from '../../schema/words/json.js'
import type { BatchOrigin } from '../../schema/store/batches.js'
import { MINUTE, SECOND } from '../../schema/words/duration.js'
import type { InputName } from '../../schema/words/inputs.js'
import { FetchError, type FetchingInput, type FetchJob } from './input.js'

/** Waits between tries, ms: twice as long after each, up to the longest; trouble that lasts is met with the longest. */
const FIRST_RETRY = SECOND
const LONGEST_RETRY = 5 * MINUTE
/** Many jobs that failed together should not come again together: so much sooner or later, as a share. */
const SPREAD = 0.2

/** Times are epoch ms. */
export type FollowState =
  | { state: 'working'; since: number }
  | { state: 'waiting'; until: number; why: string }
  | { state: 'failing'; since: number; until: number; code: string; problem: string }
  | { state: 'stopped' }

export interface House {
  checkpoints: Checkpoints
  /** Through the whole pipeline into the store. */
  take(origin: BatchOrigin, bytes: AsyncIterable<Uint8Array>): Promise<BatchReport>
  clock: WaitingClock
  /** what is our own fault, for the log */
  onError(error: Error): void
  /** 0–1 */
  random?: () => number
}

export interface Follower {
  readonly input: InputName
  readonly job: string
  readonly state: FollowState
  /** Resolves when nothing is under way any more. */
  stop(): Promise<void>
}

/** Begins at once. Throws where the settings are not as the input wants them. */
export function follow(name: InputName, input: FetchingInput, settings: unknown, house: House): Follower {
  if (!Value.Check(input.settings, settings)) {
    const [first] = Value.Errors(input.settings, settings)
    throw new Error(`The settings of input ${name} are wrong: ${first.instancePath || 'they'} ${first.message}`)
  }
  return new Following(name, input, settings, house)
}

class Following implements Follower {
  readonly job: string
  state: FollowState
  private readonly stopping = new AbortController()
  private readonly ended: Promise<void>
  /** where the job stands, as the store knows it; undefined: not asked yet */
  private checkpoint: Checkpoint | null | undefined

  constructor(
    readonly input: InputName,
    private readonly code: FetchingInput,
    private readonly settings: unknown,
    private readonly house: House,
  ) {
    this.job = code.jobOf(settings)
    this.state = { state: 'working', since: house.clock.now() }
    this.ended = this.run()
  }

  async stop(): Promise<void> {
    this.stopping.abort()
    await this.ended
    this.state = { state: 'stopped' }
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping
    const { clock } = this.house
    let failures = 0
    let failingSince = 0
    while (!signal.aborted) {
      if (failures === 0) this.state = { state: 'working', since: clock.now() }
      let pause: number
      try {
        const { ms, why } = await this.round()
        failures = 0
        pause = ms
        if (ms > 0) this.state = { state: 'waiting', until: clock.now() + ms, why }
      } catch (error) {
        if (signal.aborted) return
        if (failures++ === 0) failingSince = clock.now()
        pause = this.retryAfter(error, failures)
        this.state = { state: 'failing', since: failingSince, until: clock.now() + pause, ...this.problemOf(error) }
      }
      if (pause > 0) await clock.wait(pause, signal)
    }
  }

  private async round() {
    const { checkpoints, clock } = this.house
    // after trouble nobody knows what the last try left behind: the store does
    if (this.checkpoint === undefined) this.checkpoint = await checkpoints.get(this.input, this.job)
    const job = {
      clock,
      signal: this.stopping.signal,
      checkpoint: this.checkpoint?.value ?? null,
      remember: async (value: Json) => {
        await this.remember(value)
        job.checkpoint = value
      },
      take: (name: string, bytes: AsyncIterable<Uint8Array>) => this.house.take({ input: this.input, name }, bytes),
    } satisfies FetchJob
    try {
      return await this.code.next(this.settings, job)
    } catch (error) {
      this.checkpoint = undefined
      throw error
    }
  }

  private async remember(value: Json): Promise<void> {
    const put = await this.house.checkpoints.put(this.input, this.job, value, this.checkpoint?.version ?? null)
    if (put === null) {
      throw new FetchError(
        'FETCHED_TWICE',
        `Another process fetches ${this.job} for this store too. Stop one of the two; nothing is counted twice meanwhile.`,
      )
    }
    this.checkpoint = put
  }

  private retryAfter(error: unknown, failures: number): number {
    const known = error instanceof FetchError ? error : null
    const grown = Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** (failures - 1))
    const spread = 1 + SPREAD * (2 * (this.house.random ?? Math.random)() - 1)
    return Math.max(known?.retryMs ?? 0, (known?.lasting ? LONGEST_RETRY : grown) * spread)
  }

  private problemOf(error: unknown): { code: string; problem: string } {
    const { code = 'INTERNAL', message } = error as NodeJS.ErrnoException
    if (!(error instanceof FetchError) && code === 'INTERNAL') this.house.onError(error as Error)
    return { code, problem: message }
  }
}
