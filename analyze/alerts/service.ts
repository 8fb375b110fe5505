/**
 * Alerting as a running thing: evaluates when logs come and as time passes, sends what is due, and answers for its
 * state. All that matters is in the alert log; this can die at any moment and go on.
 */
import type {
  AlertLog,
  AlertSnapshot,
  Episode as AlertEpisode,
  Explanation,
  Notice,
  StoredNotifier,
  StoredRule,
} from '../../schema/store/alert-log.js'
import { DEFAULT_LANGUAGE, type Language } from '../../schema/words/languages.js'
import type { Leading } from '../../schema/store/leading.js'
import type { ReadStore, Store } from '../../schema/store/store.js'
import { addressRules, type AddressRules } from '../notifiers/addresses.js'
import type { Outcome } from '../notifiers/notifier.js'
import { createOutgoing, TIMEOUT_MS } from '../notifiers/outgoing.js'
import type { BacktestTools } from './backtest/backtest.js'
import { systemClock, type Clock } from '../../schema/runtime/clock.js'
import { watchClock } from './clock.js'
import { evaluate, type Evaluation, type EvaluationTools } from './life/evaluate.js'
import { DEFAULT_FLAPPING, type FlappingOptions } from './life/step.js'
import { DEFAULT_DELAY, type DelaySettings } from './life/watermark.js'
import { createDispatcher, LEASE_MS } from './notices/dispatcher.js'
import { ALERT_TEXTS } from './notices/languages/index.js'
import { explainQuestion, linksUnder, testNotice, type Explain } from './notices/snapshot.js'
import { checkRule } from './rules/check.js'
import type { LeftOut } from './rules/left-out.js'
import { takeTurns } from './turns.js'
import { createRhythm } from './rhythm.js'
import { DAY, HOUR, SECOND } from '../../schema/words/duration.js'
import { createFileRules } from './rules/file-rules.js'
import { makeFirstRules } from './rules/first-rules.js'
import type { Rule } from './rules/rule.js'
import type { RulesFileState } from './rules/rules-file.js'
import type { FindSurges } from './signals/find-surges.js'

export interface AlertServiceOptions {
  store: ReadStore
  log: AlertLog
  /** tells of new data; returns the way to stop */
  onChange: Store['onChange']
  findSurges: FindSurges | null
  explain: Explain | null
  /** under which address people reach the dashboard, for links in notices */
  publicUrl?: string | null
  /** internal addresses and networks that notices may go to; see notifiers/addresses.ts */
  allowAddresses?: readonly string[]
  /** a YAML file with rules besides those of the store */
  rulesFile?: string | null
  /** of the starter rules' texts, asked for when they are made */
  language?: () => Language
  delay?: Partial<DelaySettings>
  flapping?: Partial<FlappingOptions>
  /** late data counts up to this long behind the watermark, ms */
  reopenMs?: number
  clock?: Clock
  /** rules are evaluated so often at most, ms; tests do not wait for it */
  everyMs?: number
  /** of several nodes: whether this one evaluates and notifies; left out where there is one */
  leading?: Pick<Leading, 'fence'> | null
  random?: () => number
  timeoutMs?: number
  /** alerts, rules or deliveries may look different now */
  onAlerts?: () => void
  /** what the operator should know, and can mend */
  onWarning?: (text: string) => void
  /** trouble that nobody else hears of */
  onError?: (error: Error) => void
}

/** What this process did since it started, for its metrics. */
export interface AlertActivity {
  /** wall time of the last evaluation that succeeded, epoch ms */
  evaluatedAt: number | null
  evaluations: number
  /** evaluations that failed as a whole */
  errors: number
  /** attempts, by "channel outcome" */
  deliveries: Map<string, number>
}

export interface AlertService {
  readonly activity: AlertActivity
  /** where notices may go */
  readonly addresses: AddressRules
  readonly log: AlertLog
  readonly tools: BacktestTools
  start(): Promise<void>
  stop(): Promise<void>
  /** Once, now. Resolves with what was committed. */
  evaluate(): Promise<Evaluation>
  /** Sends what is due; resolves when nothing is left to do now. */
  deliver(): Promise<void>
  rules(): Promise<{ stored: StoredRule[]; rules: Rule[]; snapshot: AlertSnapshot }>
  rulesFile(): RulesFileState | null
  problemsOf(rule: string): LeftOut[]
  /** The most likely documented cause of an alert; null where nothing fits, or nobody explains here. */
  explain(episode: AlertEpisode, language: Language): Promise<Explanation | null>
  sendTest(notifier: StoredNotifier): Promise<{ id: string; outcome: Outcome }>
  /** Something was changed by people: evaluate soon. */
  nudge(): void
  readonly delay: DelaySettings
  now(): number
}

const REOPEN_MS = 2 * HOUR
const EXPLAIN_WITHIN_MS = 8 * SECOND
/** Evaluations that begin anew, before changes wait for one. */
const MOST_COLLISIONS = 4
/** Settled episodes and delivered notices are kept for so long. */
const KEEP_MS = 400 * DAY
/** What is under way at the end may take so long; it would be sent again otherwise. */
const STOP_PATIENCE_MS = 3 * SECOND

export function createAlertService(options: AlertServiceOptions): AlertService {
  const { store, log, clock = systemClock, leading = null, onAlerts = () => {}, onError = () => {} } = options
  const fence = () => leading?.fence() ?? null
  const isLeading = () => leading === null || fence() !== null
  const turns = takeTurns(log)
  const delay: DelaySettings = { ...DEFAULT_DELAY, ...options.delay }
  const links = linksUnder(options.publicUrl ?? null)
  const tools: EvaluationTools = {
    store,
    findSurges: options.findSurges,
    explain: options.explain,
    links,
    delay,
    flapping: { ...DEFAULT_FLAPPING, ...options.flapping },
    reopenMs: options.reopenMs ?? REOPEN_MS,
    explainWithinMs: EXPLAIN_WITHIN_MS,
    lacking: new Map(),
  }
  const addresses = addressRules(options.allowAddresses)
  const activity: AlertActivity = { evaluatedAt: null, evaluations: 0, errors: 0, deliveries: new Map() }
  const dispatcher = createDispatcher({
    log,
    fence,
    random: options.random ?? Math.random,
    onDelivery(channel, became) {
      const key = `${channel} ${became}`
      activity.deliveries.set(key, (activity.deliveries.get(key) ?? 0) + 1)
      onAlerts()
    },
    tools: {
      outgoing: createOutgoing(addresses, options.timeoutMs ?? TIMEOUT_MS),
      now: () => clock.now(),
    },
  })
  const file = createFileRules({
    path: options.rulesFile ?? null,
    log,
    now: () => clock.now(),
    onWarning: options.onWarning,
  })
  const rhythm = createRhythm({
    clock,
    ...(options.everyMs !== undefined && { everyMs: options.everyMs }),
    onError,
    evaluate: async () => (isLeading() ? (await evaluateNow()).nextAt : null),
    deliver: async () => {
      if (isLeading()) await dispatcher.run()
    },
    clean: async () => {
      if (isLeading()) await log.expire(clock.now() - KEEP_MS)
    },
  })
  const jumped = watchClock(clock)
  let listeningSince = clock.now()
  let stopListening = (): void => {}
  let problems = new Map<string, LeftOut[]>()
  let evaluating: Promise<Evaluation> | null = null

  async function evaluateOnce(): Promise<Evaluation> {
    const jump = jumped()
    if (jump) {
      // while the machine slept or its clock was wrong nobody could deliver
      listeningSince = clock.now()
      if (jump.forward < 0) await log.hurry(clock.now())
    }
    if (await file.refresh()) onAlerts()
    const evaluation = (await attempts()) ?? (await turns.alone(attempts))
    if (evaluation === null) {
      const message =
        'The alerts were changed again and again by another process while they were evaluated. The next evaluation tries anew.'
      throw Object.assign(new Error(message), { code: 'ALERTS_BUSY' })
    }
    problems = evaluation.problems
    if (evaluation.commit.episodes.length > 0 || evaluation.commit.notices.length > 0) onAlerts()
    return evaluation
  }

  /** Null: each time somebody changed a rule, a silence or an alert meanwhile, and what was planned may be wrong. */
  async function attempts(): Promise<Evaluation | null> {
    for (let collisions = 0; collisions < MOST_COLLISIONS; collisions++) {
      const snapshot = await log.load()
      const language = options.language?.() ?? DEFAULT_LANGUAGE
      if (await makeFirstRules(snapshot, { records: store.records, log, language, now: clock.now() })) continue
      const evaluation = await evaluate(snapshot, compiled(snapshot), clock.now(), listeningSince, tools)
      if (await log.commit({ ...evaluation.commit, fence: fence() })) return evaluation
    }
    return null
  }

  /** One at a time: a second one waits for the first and then looks anew. */
  function evaluateNow(): Promise<Evaluation> {
    const next = (evaluating ?? Promise.resolve()).catch(() => {}).then(evaluateOnce)
    evaluating = next
    next
      .then(
        () => {
          activity.evaluatedAt = clock.now()
        },
        () => {
          activity.errors++
        },
      )
      .finally(() => {
        activity.evaluations++
      })
    return next
  }

  return {
    log: turns.log,
    delay,
    activity,
    addresses,
    tools: { store, findSurges: options.findSurges },
    async start() {
      listeningSince = clock.now()
      // a service that was started without a file shows none of its rules, before the first evaluation too
      if (!options.rulesFile && leading === null) await file.refresh()
      stopListening = options.onChange(rhythm.stir)
      rhythm.start()
    },
    async stop() {
      stopListening()
      await rhythm.stop()
      await evaluating?.catch(() => {})
      await dispatcher.stop(STOP_PATIENCE_MS)
    },
    evaluate: evaluateNow,
    deliver: () => dispatcher.run(),
    async rules() {
      const snapshot = await log.load()
      return { stored: snapshot.rules, rules: compiled(snapshot), snapshot }
    },
    rulesFile: () => file.state,
    problemsOf: (rule) => problems.get(rule) ?? [],
    async explain(episode, language) {
      if (!options.explain) return null
      const stored = (await log.load()).rules.find((r) => r.id === episode.rule)
      const rule = stored && checkRule(stored.draft, stored.id).rule
      const question = explainQuestion(episode, rule ?? undefined, clock.now(), language)
      return question && options.explain(question)
    },
    async sendTest(notifier) {
      const id = `test-${clock.now().toString(36)}-${Math.floor(Math.random() * 1e9).toString(36)}`
      const notice: Notice = testNotice(notifier, clock.now(), id, links, ALERT_TEXTS[notifier.language].test)
      await log.enqueue(notice, clock.now() + LEASE_MS)
      return { id, outcome: await dispatcher.attempt(notice, notifier) }
    },
    nudge: rhythm.nudge,
    now: () => clock.now(),
  }
}

function compiled(snapshot: AlertSnapshot): Rule[] {
  return snapshot.rules.flatMap(({ id, draft }) => checkRule(draft, id).rule ?? [])
}
