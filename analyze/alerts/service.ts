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
import type { Language } from '../../schema/words/languages.js'
import type { ReadStore } from '../../schema/store/store.js'
import { addressRules, type AddressRules } from '../notifiers/addresses.js'
import type { Outcome } from '../notifiers/notifier.js'
import { createOutgoing, TIMEOUT_MS } from '../notifiers/outgoing.js'
import type { BacktestTools } from './backtest/backtest.js'
import { systemClock, watchClock, type Clock } from './clock.js'
import { evaluate, type Evaluation, type EvaluationTools } from './life/evaluate.js'
import { DEFAULT_FLAPPING, type FlappingOptions } from './life/step.js'
import { DEFAULT_DELAY, type DelaySettings } from './life/watermark.js'
import { createDispatcher, LEASE_MS } from './notices/dispatcher.js'
import { ALERT_TEXTS } from './notices/languages/index.js'
import { explainQuestion, linksUnder, testNotice, type Explain } from './notices/snapshot.js'
import { checkRule } from './rules/check.js'
import { DAY, HOUR, MINUTE, SECOND } from './rules/duration.js'
import type { Rule } from './rules/rule.js'
import { openRulesFile, type RulesFileState } from './rules/rules-file.js'
import { starterRules } from './rules/starters.js'
import type { FindSurges } from './signals/surge.js'

export interface AlertServiceOptions {
  store: ReadStore
  log: AlertLog
  /** tells of new data; returns the way to stop */
  onChange(listener: (change: { batch: number | null }) => void): () => void
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
  problemsOf(rule: string): string[]
  /** The most likely documented cause of an alert; null where nothing fits, or nobody explains here. */
  explain(episode: AlertEpisode, language: Language): Promise<Explanation | null>
  sendTest(notifier: StoredNotifier): Promise<{ id: string; outcome: Outcome }>
  /** Something was changed by people: evaluate soon. */
  nudge(): void
  readonly delay: DelaySettings
  now(): number
}

const TICK_MS = 5 * SECOND
/** Logs come in parts every second or so; one evaluation for all of them. */
const LEAST_BETWEEN_MS = 5 * SECOND
const REOPEN_MS = 2 * HOUR
const EXPLAIN_WITHIN_MS = 8 * SECOND
const MOST_COLLISIONS = 5
const STARTERS = 'starters-made'
const UNFITTED = 'unfitted '
/** Settled episodes and delivered notices are kept for so long. */
const KEEP_MS = 400 * DAY
const CLEAN_EVERY_MS = 6 * HOUR
/** What is under way at the end may take so long; it would be sent again otherwise. */
const STOP_PATIENCE_MS = 3 * SECOND

export function createAlertService(options: AlertServiceOptions): AlertService {
  const { store, log, clock = systemClock, onAlerts = () => {}, onError = () => {} } = options
  const delay: DelaySettings = { ...DEFAULT_DELAY, ...options.delay }
  const links = linksUnder(options.publicUrl ?? null)
  const evaluationTools: EvaluationTools = {
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
  const jumped = watchClock(clock)
  let listeningSince = clock.now()
  let file: ReturnType<typeof openRulesFile> | null = null
  let problems = new Map<string, string[]>()
  let toldProblems = ''
  let evaluating: Promise<Evaluation> | null = null
  let cleanedAt = 0

  async function refreshFile(): Promise<void> {
    if (!options.rulesFile) return
    if (!file) {
      const { rules } = await log.load()
      file = openRulesFile(
        options.rulesFile,
        rules
          .filter((r) => r.origin === 'file')
          .flatMap(({ id, draft }) => {
            const { rule } = checkRule(draft, id)
            return rule ? [{ rule, draft, group: '' }] : []
          }),
      )
    }
    const changed = await file.refresh(clock.now())
    tellProblems(file.state)
    if (!changed) return
    const { rules } = await log.load()
    const before = new Map(rules.map((r) => [r.id, r]))
    const wanted = file.state.rules.map(({ rule, draft }): StoredRule => ({
      id: rule.id,
      origin: 'file',
      draft,
      createdAt: before.get(rule.id)?.createdAt ?? clock.now(),
      updatedAt:
        JSON.stringify(before.get(rule.id)?.draft) === JSON.stringify(draft)
          ? (before.get(rule.id)?.updatedAt ?? clock.now())
          : clock.now(),
    }))
    const gone = rules.filter((r) => r.origin === 'file' && !wanted.some((w) => w.id === r.id)).map((r) => r.id)
    await log.putRules(
      wanted.filter((w) => JSON.stringify(before.get(w.id)?.draft) !== JSON.stringify(w.draft)),
      gone,
    )
    onAlerts()
  }

  /** Once, on the log of the service: the page shows them too, but whoever writes the file looks there. */
  function tellProblems({ path, problems: found }: RulesFileState): void {
    const text = found
      .map(({ line, rule, path: where, reason }) =>
        [line === null ? '' : `line ${line}: `, rule === null ? '' : `"${rule}" `, where, ' ', reason].join(''),
      )
      .join('; ')
    if (text !== '' && text !== toldProblems) options.onWarning?.(`Rules file ${path}: ${text}`)
    toldProblems = text
  }

  /** The file is the truth of its rules: without it they are gone. */
  async function forgetFileRules(): Promise<void> {
    const { rules } = await log.load()
    const fromFile = rules.filter((r) => r.origin === 'file').map((r) => r.id)
    if (fromFile.length > 0) await log.putRules([], fromFile)
  }

  /**
   * After the first logs: rules to begin with, once in the life of a store. Logs too few to tell what is usual (a sample,
   * the first seconds of a job) give rules that are fitted later, as far as nobody has touched them by then.
   */
  async function makeStarters(snapshot: AlertSnapshot): Promise<boolean> {
    const made = snapshot.settings[STARTERS]
    if (made !== undefined && !made.startsWith(UNFITTED)) return false
    const { drafts, fitted } = await starterRules(store.records, options.language?.() ?? 'en')
    if (drafts.length === 0 || (made !== undefined && !fitted)) return false
    const now = clock.now()
    const starters = drafts.map((draft, i): StoredRule => {
      const id = `starter-${i + 1}`
      return { id, origin: 'starter', draft: checkRule(draft, id).draft ?? draft, createdAt: now + i, updatedAt: now }
    })
    const names = new Set(snapshot.rules.map((r) => r.draft.name))
    const untouched = new Map(
      snapshot.rules
        .filter((r) => r.draft.enabled === false && `${UNFITTED}${r.updatedAt}` === made)
        .map((r) => [r.id, r]),
    )
    await log.putRules(
      made === undefined
        ? starters.filter(({ draft }) => !names.has(draft.name))
        : starters.flatMap((rule) => {
            const before = untouched.get(rule.id)
            return before ? [{ ...before, draft: { ...rule.draft, name: before.draft.name }, updatedAt: now }] : []
          }),
      [],
    )
    await log.setSetting(STARTERS, `${fitted ? '' : UNFITTED}${now}`)
    return true
  }

  async function evaluateOnce(): Promise<Evaluation> {
    const jump = jumped()
    if (jump) {
      // while the machine slept or its clock was wrong nobody could deliver
      listeningSince = clock.now()
      if (jump.forward < 0) await log.hurry(clock.now())
    }
    await refreshFile()
    for (let collisions = 0; ; collisions++) {
      const snapshot = await log.load()
      if (await makeStarters(snapshot)) continue
      const evaluation = await evaluate(snapshot, compiled(snapshot), clock.now(), listeningSince, evaluationTools)
      // somebody changed a rule, a silence or an alert meanwhile: what was planned may be wrong now
      if (await log.commit(evaluation.commit)) {
        problems = evaluation.problems
        if (evaluation.commit.episodes.length > 0 || evaluation.commit.notices.length > 0) onAlerts()
        return evaluation
      }
      if (collisions >= MOST_COLLISIONS) {
        const message =
          'The alerts were changed again and again while they were evaluated. The next evaluation tries anew.'
        throw Object.assign(new Error(message), { code: 'ALERTS_BUSY' })
      }
    }
  }

  function compiled(snapshot: AlertSnapshot): Rule[] {
    return snapshot.rules.flatMap(({ id, draft }) => checkRule(draft, id).rule ?? [])
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

  // the rhythm of the running service
  let timer: NodeJS.Timeout | undefined
  let stopListening = (): void => {}
  let dirty = true
  let evaluatedAt = -Infinity
  let evaluatedMinute = -1
  let nextAt: number | null = null
  let turning: Promise<void> = Promise.resolve()
  let stopped = true

  async function turn(): Promise<void> {
    const due = clock.monotonic() - evaluatedAt >= LEAST_BETWEEN_MS
    const minute = Math.floor(clock.now() / MINUTE)
    if (due && (dirty || minute !== evaluatedMinute || (nextAt !== null && nextAt <= clock.now()))) {
      dirty = false
      evaluatedAt = clock.monotonic()
      evaluatedMinute = minute
      nextAt = (await evaluateNow()).nextAt
    }
    // not awaited: a receiver that hangs must not hold up the next evaluation
    dispatcher.run().catch(onError)
    if (clock.now() - cleanedAt > CLEAN_EVERY_MS) {
      cleanedAt = clock.now()
      await log.expire(clock.now() - KEEP_MS)
    }
  }

  function schedule(ms: number): void {
    clearTimeout(timer)
    if (stopped) return
    timer = setTimeout(() => {
      turning = turn()
        .catch(onError)
        .finally(() => schedule(TICK_MS))
    }, ms)
    timer.unref()
  }

  return {
    log,
    delay,
    activity,
    addresses,
    tools: { store, findSurges: options.findSurges },
    async start() {
      stopped = false
      listeningSince = clock.now()
      if (!options.rulesFile) await forgetFileRules()
      stopListening = options.onChange(() => {
        dirty = true
      })
      schedule(0)
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      stopListening()
      await turning.catch(() => {})
      await evaluating?.catch(() => {})
      await dispatcher.stop(STOP_PATIENCE_MS)
    },
    evaluate: evaluateNow,
    deliver: () => dispatcher.run(),
    async rules() {
      const snapshot = await log.load()
      return { stored: snapshot.rules, rules: compiled(snapshot), snapshot }
    },
    rulesFile: () => file?.state ?? null,
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
    nudge() {
      dirty = true
      evaluatedAt = -Infinity
      schedule(0)
    },
    now: () => clock.now(),
  }
}
