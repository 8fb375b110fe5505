/**
 * The map of one evaluation: what arrived → up to when is it complete → every rule → who is told what → one commit.
 * Reads and computes only; the caller commits, or starts again if something changed meanwhile.
 */
import type {
  AlertCommit,
  AlertSnapshot,
  Explanation,
  NoticeAlert,
  RuleMemory,
} from '../../../schema/store/alert-log.js'
import type { ReadStore } from '../../../schema/store/store.js'
import { planNotices, type Line, type PlannedNotice } from '../notices/plan.js'
import { explainQuestion, noticeAlert, noticeOf, type AlertLinks, type Explain } from '../notices/snapshot.js'
import { HOUR } from '../../../schema/words/duration.js'
import { DEFAULT_LANGUAGE } from '../../../schema/words/languages.js'
import { inWords, type LeftOut } from '../rules/left-out.js'
import { lackingFields } from '../rules/lacking-fields.js'
import { conditionText, type Rule } from '../rules/rule.js'
import type { AskMinutes } from '../signals/minutes.js'
import type { FindSurges } from '../signals/find-surges.js'
import { ended, evaluateRule, type RuleOutcome } from './evaluate-rule.js'
import type { FlappingOptions } from './step.js'
import { judged } from './urgency.js'
import { keptArrivals, readArrivals, watermarkOf, type DelaySettings } from './watermark.js'

export interface EvaluationTools {
  store: ReadStore
  findSurges: FindSurges | null
  explain: Explain | null
  links: AlertLinks
  delay: DelaySettings
  flapping: FlappingOptions
  reopenMs: number
  /** how long a notice waits for its explanation, ms */
  explainWithinMs: number
  /** answers to "which fields do the logs lack", by rule; kept by the caller */
  lacking: Map<string, { at: number; fields: string[] }>
}

export interface Evaluation {
  commit: AlertCommit
  /** null: no live logs */
  watermark: number | null
  /** wall time at which notices are due even if no logs come; null: none */
  nextAt: number | null
  problems: Map<string, LeftOut[]>
}

/** Names of settings in the alert log. */
export const ARRIVALS = 'arrivals'
export const WATERMARK = 'watermark'

export async function evaluate(
  snapshot: AlertSnapshot,
  rules: readonly Rule[],
  now: number,
  listeningSince: number | null,
  tools: EvaluationTools,
): Promise<Evaluation> {
  const arrivals = await readArrivals(tools.store.ledger.reports, keptArrivals(snapshot.settings[ARRIVALS]), now)
  const previous = snapshot.settings[WATERMARK] ? Number(snapshot.settings[WATERMARK]) : null
  const { at, frontier } = watermarkOf(arrivals, now, tools.delay, previous)

  const episodes = new Map(snapshot.episodes.map((e) => [e.id, e]))
  const memories: RuleMemory[] = []
  const problems = new Map<string, LeftOut[]>()
  const asks = new Map<string, AskMinutes>()
  if (at !== null && frontier !== null) {
    for (const rule of rules.filter((r) => r.enabled)) {
      const memory = snapshot.memories.find((m) => m.rule === rule.id) ?? null
      const own = snapshot.episodes.filter((e) => e.rule === rule.id)
      const outcome = await attempt(rule, memory, now, async () => {
        const lacking = await lackingOf(rule, at, now, tools)
        if (lacking.length > 0) {
          const [told] = inWords([{ what: 'fields', fields: lacking }], DEFAULT_LANGUAGE)
          throw Object.assign(new Error(told), { code: 'FIELDS_MISSING' })
        }
        return evaluateRule(rule, memory, own, { ...tools, watermark: at, frontier, now, listeningSince, asks })
      })
      memories.push(outcome.memory)
      if (outcome.problems.length > 0) problems.set(rule.id, outcome.problems)
      for (const e of outcome.episodes) episodes.set(e.id, e)
    }
  }
  const watched = new Map(rules.filter((r) => r.enabled).map((r) => [r.id, r]))
  for (const e of snapshot.episodes) {
    if (e.state !== 'firing' || watched.has(e.rule)) continue
    episodes.set(
      e.id,
      ended(e, at ?? previous ?? e.firedAt, rules.some((r) => r.id === e.rule) ? 'rule-off' : 'rule-deleted'),
    )
  }

  const { explain } = tools
  const weighed = explain
    ? await judged([...episodes.values()], watched, at ?? now, (question) =>
        within(tools.explainWithinMs, explain(question)),
      )
    : [...episodes.values()]
  const plan = planNotices({
    now,
    watermark: at ?? previous ?? 0,
    episodes: weighed.filter((e) => !e.settled),
    notifiers: snapshot.notifiers,
    groups: snapshot.groups,
    silences: snapshot.silences,
    maintenance: snapshot.maintenance,
    notifyOf: (rule) => (watched.get(rule)?.notify ?? []).filter((id) => snapshot.notifiers.some((n) => n.id === id)),
  })
  const alerts = await alertsOf(plan.notices, watched, at ?? now, tools)
  const stored = new Map(snapshot.episodes.map((e) => [e.id, JSON.stringify(e)]))
  return {
    commit: {
      revision: snapshot.revision,
      memories,
      episodes: plan.episodes.filter((e) => stored.get(e.id) !== JSON.stringify(e)),
      groups: plan.groups,
      forgottenGroups: plan.forgottenGroups,
      forgottenMemories: snapshot.memories.filter((m) => !watched.has(m.rule)).map((m) => m.rule),
      notices: plan.notices.map((planned) =>
        noticeOf(planned, now, (line) => alerts.get(alertKey(planned, line)) as NoticeAlert),
      ),
      settings: { [ARRIVALS]: JSON.stringify(arrivals), ...(at === null ? {} : { [WATERMARK]: String(at) }) },
    },
    watermark: at,
    nextAt: plan.nextAt,
    problems,
  }
}

/** A rule that cannot be evaluated says why and stays where it was; the others are not held up by it. */
async function attempt(
  rule: Rule,
  memory: RuleMemory | null,
  now: number,
  work: () => Promise<RuleOutcome>,
): Promise<RuleOutcome> {
  try {
    return await work()
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    const before: RuleMemory = memory ?? {
      rule: rule.id,
      condition: conditionText(rule),
      checkpoint: now,
      before: {},
      evaluatedTo: 0,
      now: {},
      evaluatedAt: now,
      error: null,
      noDataSince: null,
    }
    return {
      memory: { ...before, evaluatedAt: now, error: { code: code ?? 'FAILED', message } },
      episodes: [],
      problems: [],
    }
  }
}

async function lackingOf(rule: Rule, to: number, now: number, { store, lacking }: EvaluationTools): Promise<string[]> {
  const key = `${rule.id} ${conditionText(rule)}`
  const before = lacking.get(key)
  if (before && Math.abs(now - before.at) < HOUR && before.fields.length === 0) return before.fields
  const fields = await lackingFields(rule, store, to)
  lacking.set(key, { at: now, fields })
  return fields
}

const alertKey = (planned: PlannedNotice, line: Line) => `${planned.id} ${line.episode.id}`

/** Puts the explanation to every alert that is told as firing, each asked once per language and not waited for too long. */
async function alertsOf(
  notices: readonly PlannedNotice[],
  rules: ReadonlyMap<string, Rule>,
  watermark: number,
  tools: EvaluationTools,
): Promise<Map<string, NoticeAlert>> {
  const asked = new Map<string, Promise<Explanation | null>>()
  const explanationOf = (line: Line, planned: PlannedNotice) => {
    if (line.phase !== 'firing' && line.phase !== 'passed') return null
    const question = explainQuestion(line.episode, rules.get(line.episode.rule), watermark, planned.notifier.language)
    if (!question || !tools.explain) return null
    const key = JSON.stringify(question)
    const answer = asked.get(key) ?? within(tools.explainWithinMs, tools.explain(question))
    asked.set(key, answer)
    return answer
  }
  const all = notices.flatMap((planned) =>
    planned.lines.map(async (line): Promise<[string, NoticeAlert]> => [
      alertKey(planned, line),
      noticeAlert(line, rules.get(line.episode.rule), await explanationOf(line, planned), tools.links),
    ]),
  )
  return new Map(await Promise.all(all))
}

/** The answer, or null when it fails or takes too long: a notice without a cause is better than none. */
function within(ms: number, answer: Promise<Explanation | null>): Promise<Explanation | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), ms)
    answer.then(resolve, () => resolve(null)).finally(() => clearTimeout(timer))
  })
}
