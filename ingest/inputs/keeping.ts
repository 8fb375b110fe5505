/**
 * The jobs of the file of inputs while the service runs: what changes there, or in the files that its secrets come from, is
 * taken over within seconds. A file that is not right changes nothing: what ran before goes on, and the problem is told.
 */
import type { Follower } from './following.js'
import type { ConfiguredJob } from './input.js'

/** How often the file is looked at, ms. Notifications of the system do not reach every mounted secret. */
export const LOOK_MS = 5_000

export interface KeepingOptions {
  /** The jobs as the file says them now. Throws what is wrong with it. */
  read: () => readonly ConfiguredJob[]
  /** told once of each problem */
  onProblem: (error: Error) => void
  now: () => number
  lookMs?: number
}

export interface KeptJobs {
  readonly followers: readonly Follower[]
  /** what is wrong with the file, since when (epoch ms); null: it is right */
  readonly problem: { since: number; message: string } | null
  /** Looks now. Resolves when what changed is taken over. */
  look(): Promise<void>
  stop(): Promise<void>
}

/** Begins the first jobs at once; looks for others only where there is a file. */
export function keepJobs(
  first: readonly ConfiguredJob[],
  options: KeepingOptions | null,
  start: (job: ConfiguredJob) => Follower,
): KeptJobs {
  let kept = first.map((job) => ({ key: keyOf(job), follower: start(job) }))
  let problem: KeptJobs['problem'] = null
  let looking: Promise<void> = Promise.resolve()
  let isStopped = false

  async function lookNow(): Promise<void> {
    if (options === null || isStopped) return
    let jobs: readonly ConfiguredJob[]
    try {
      jobs = options.read()
    } catch (error) {
      const { message } = error as Error
      if (problem?.message !== message) options.onProblem(error as Error)
      problem = { since: problem?.since ?? options.now(), message }
      return
    }
    problem = null
    const wanted = new Map(jobs.map((job) => [keyOf(job), job]))
    const gone = kept.filter(({ key }) => !wanted.has(key))
    // one job under two settings would be fetched twice
    await Promise.all(gone.map(({ follower }) => follower.stop()))
    const going = new Map(kept.filter(({ key }) => wanted.has(key)).map((one) => [one.key, one]))
    if (isStopped) return
    kept = [...wanted].map(([key, job]) => going.get(key) ?? { key, follower: start(job) })
  }

  const look = () => (looking = looking.then(lookNow))
  const timer = options === null ? null : setInterval(() => void look(), options.lookMs ?? LOOK_MS).unref()
  return {
    get followers() {
      return kept.map(({ follower }) => follower)
    },
    get problem() {
      return problem
    },
    look,
    async stop() {
      isStopped = true
      if (timer) clearInterval(timer)
      await looking
      await Promise.all(kept.map(({ follower }) => follower.stop()))
    },
  }
}

/** The same for a job that nothing changed of, its secrets included. */
const keyOf = ({ name, settings }: ConfiguredJob): string => JSON.stringify([name, settings])
