/**
 * Keeps the jobs of fetching inputs going: one piece after the other, a pause where there is nothing, another try where there
 * is trouble, at growing distances. Says of each at any time what it does.
 */
import { Value } from 'typebox/value'
import type { Leading } from '../../schema/store/leading.js'
import type { Doing } from '../../schema/words/doing.js'
import type { InputName } from '../../schema/words/inputs.js'
import { FetchError, type FetchingInput } from './input.js'
import { Job, retryAfter, type JobHouse } from './job.js'

/** How soon a node that does not fetch looks whether it is to, ms. */
const ASK_AGAIN_MS = 1_000

/** Times are epoch ms. */
export type FollowState =
  /** `doing`: how far it is, if it says */
  | { state: 'working'; since: number; doing?: Doing }
  | { state: 'waiting'; until: number; doing: Doing }
  | { state: 'failing'; since: number; until: number; code: string; problem: string }
  | { state: 'stopped' }

export interface House extends JobHouse {
  /** of several nodes: whether this one fetches the job; left out where there is one */
  lead?: (job: string) => Leading
  /** what is our own fault, for the log */
  onError(error: Error): void
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
  private readonly leading: Leading | undefined

  constructor(
    readonly input: InputName,
    code: FetchingInput,
    settings: unknown,
    private readonly house: House,
  ) {
    const onProgress = (doing: Doing) => {
      if (this.state.state === 'working') this.state = { ...this.state, doing }
    }
    const job = new Job(input, code, settings, { ...house, onProgress }, this.stopping.signal)
    this.job = job.name
    this.leading = house.lead?.(`${input}/${job.name}`)
    this.state = { state: 'working', since: house.clock.now() }
    this.ended = this.run(job)
  }

  async stop(): Promise<void> {
    this.stopping.abort()
    await this.ended
    await this.leading?.stop()
    this.state = { state: 'stopped' }
  }

  private async run(job: Job): Promise<void> {
    const { signal } = this.stopping
    const { clock } = this.house
    let failures = 0
    let failingSince = 0
    let workingSince = clock.now()
    let progress: Doing | null = null
    while (!signal.aborted) {
      if (this.leading?.fence() === null) {
        this.state = { state: 'waiting', until: clock.now() + ASK_AGAIN_MS, doing: { code: 'elsewhere' } }
        // that one goes on from here: where it stands is asked for again
        job.reread()
        await clock.wait(ASK_AGAIN_MS, signal)
        workingSince = clock.now()
        continue
      }
      if (failures === 0) this.state = { state: 'working', since: workingSince, ...(progress && { doing: progress }) }
      let pause: number
      try {
        const { ms, doing } = await job.round()
        failures = 0
        pause = ms
        progress = doing
        if (ms > 0) this.state = { state: 'waiting', until: clock.now() + ms, doing }
      } catch (error) {
        if (signal.aborted) return
        if (failures++ === 0) failingSince = clock.now()
        pause = retryAfter(error, failures, this.house.random)
        this.state = { state: 'failing', since: failingSince, until: clock.now() + pause, ...this.problemOf(error) }
      }
      if (pause > 0) {
        await clock.wait(pause, signal)
        workingSince = clock.now()
      }
    }
  }

  private problemOf(error: unknown): { code: string; problem: string } {
    const { code = 'INTERNAL', message } = error as NodeJS.ErrnoException
    if (!(error instanceof FetchError) && code === 'INTERNAL') this.house.onError(error as Error)
    return { code, problem: message }
  }
}
