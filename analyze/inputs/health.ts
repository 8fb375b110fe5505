/**
 * Is the picture complete? Joins what the inputs say they do with what they brought, and says what to do. Up to when logs are
 * complete is the alerts' watermark (alerts/life/watermark.ts), less where a job fell silent: one truth, told twice.
 */
import type { InputHealth, InputsHealth, InputState } from '../../schema/api/inputs.js'
import type { AlertLog } from '../../schema/store/alert-log.js'
import type { Reports } from '../../schema/store/ledger/reports.js'
import { iso, isoOrNull } from '../../schema/words/iso.js'
import { doingInWords } from '../../schema/words/doing.js'
import { isLiveInput } from '../../schema/words/inputs.js'
import { DEFAULT_LANGUAGE, type Language } from '../../schema/words/languages.js'
import { ARRIVALS, WATERMARK } from '../alerts/life/evaluate.js'
import {
  DEFAULT_DELAY,
  delaysOf,
  keptArrivals,
  NO_ARRIVALS,
  readArrivals,
  watermarkOf,
  type Arrivals,
  type DelaySettings,
} from '../alerts/life/watermark.js'
import { adviceOf } from './advice.js'
import { COUNTED_MS, flowOf } from './flow.js'
import { createKnownBatches, type Arrived } from './known-batches.js'

export interface InputHealthOptions {
  reports: Reports
  /** where alerting keeps what it learned of arrivals; null: nobody evaluates rules here */
  alertLog: AlertLog | null
  delay?: Partial<DelaySettings>
  now?: () => number
}

export interface InputHealthService {
  /** `states`: every input, and each job of those that fetch. */
  of(states: readonly InputState[], language?: Language): Promise<InputsHealth>
  /** Event time up to which alerts take logs as complete, epoch ms; null: none live. */
  completeTo(): Promise<number | null>
  /** A batch changed or went. */
  forget(batch: string): void
}

export function createInputHealth({
  reports,
  alertLog,
  delay = {},
  now = Date.now,
}: InputHealthOptions): InputHealthService {
  const settings: DelaySettings = { ...DEFAULT_DELAY, ...delay }
  const batches = createKnownBatches(reports)
  let own: Arrivals = NO_ARRIVALS

  /** What the alerts learned; without them the same is learned here. */
  async function arrivalsNow(at: number): Promise<{ arrivals: Arrivals; previous: number | null }> {
    if (alertLog === null) {
      own = await readArrivals(reports, own, at)
      return { arrivals: own, previous: null }
    }
    const kept = (await alertLog.load()).settings
    // what came since the last evaluation counts as the next one will count it
    const arrivals = await readArrivals(reports, keptArrivals(kept[ARRIVALS]), at)
    return { arrivals, previous: kept[WATERMARK] ? Number(kept[WATERMARK]) : null }
  }

  return {
    forget: batches.forget,
    async completeTo() {
      const at = now()
      const { arrivals, previous } = await arrivalsNow(at)
      return watermarkOf(arrivals, at, settings, previous).at
    },
    async of(states, language = DEFAULT_LANGUAGE) {
      const at = now()
      const [known, { arrivals, previous }] = await Promise.all([batches.read(at), arrivalsNow(at)])
      const watermark = watermarkOf(arrivals, at, settings, previous).at
      const waits = new Map(delaysOf(arrivals, settings).map(({ input, ms }) => [input, ms]))
      const healths = jobsOf(states, known).map(({ state, brought }) => {
        const waitsMs = waits.get(state.name) ?? null
        const judgedTo = isLiveInput(state.name) ? at - (waitsMs ?? settings.initialMs) : null
        const flow = flowOf(brought, at, judgedTo)
        const seen = withSilence(state, flow.silentSince, brought)
        const why = seen.doing && doingInWords(seen.doing, language)
        const health: InputHealth = { ...seen, ...flow.shown, why, waitsMs, advice: adviceOf(seen, flow, language) }
        return { health, silentSince: flow.silentSince }
      })
      const silences = healths.flatMap(({ silentSince }) => silentSince ?? [])
      return {
        from: iso(at - COUNTED_MS),
        to: iso(at),
        watermark: isoOrNull(watermark),
        completeTo: isoOrNull(watermark === null ? null : Math.min(watermark, ...silences)),
        inputs: healths.map(({ health }) => health),
      }
    },
  }
}

/** What posts under the name of a job, or what a fetching input was told to fetch, is a job of its own. */
function jobsOf(states: readonly InputState[], known: readonly Arrived[]) {
  const byJob = new Map<string, Arrived[]>()
  const keyOf = (input: string, job: string | null) => JSON.stringify([input, job])
  for (const batch of known) {
    const key = keyOf(batch.input, batch.job)
    const same = byJob.get(key)
    if (same) same.push(batch)
    else byJob.set(key, [batch])
  }
  const jobs: { state: InputState; brought: readonly Arrived[] }[] = []
  for (const state of states) {
    const key = keyOf(state.name, state.job)
    jobs.push({ state, brought: byJob.get(key) ?? [] })
    byJob.delete(key)
  }
  for (const [key, brought] of byJob) {
    const [name, job] = JSON.parse(key) as [string, string | null]
    const input = states.find((state) => state.name === name)
    // of another version, or of a process that fetches elsewhere: what it brought tells enough
    jobs.push({ state: { ...(input ?? unknownInput(name)), ...IDLE, job }, brought })
  }
  // an input that is known by its jobs need not stand there once more
  return jobs.filter(
    ({ state, brought }) =>
      brought.length > 0 ||
      state.job !== null ||
      !jobs.some((other) => other.state.name === state.name && other.state.job !== null),
  )
}

const IDLE = { state: 'ready', since: null, until: null, doing: null, code: null, problem: null } as const

const unknownInput = (name: string): InputState => ({
  name,
  kind: 'posted',
  live: isLiveInput(name),
  job: null,
  ...IDLE,
})

/** One that waits for others is `silent`, or works, by what it brought; what fails or fetches says so itself. */
function withSilence(state: InputState, silentSince: number | null, brought: readonly Arrived[]): InputState {
  if (silentSince !== null && (state.state === 'ready' || state.state === 'waiting' || state.state === 'working'))
    return { ...state, state: 'silent', since: iso(silentSince) }
  if (state.state === 'ready' && state.live && brought.length > 0)
    return { ...state, state: 'working', since: isoOrNull(brought.at(-1)?.receivedAt) }
  return state
}
