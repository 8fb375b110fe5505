/**
 * How much a surge matters, from the spike that it is: who suffers, how much and how long. Judged before anybody is told, and
 * again while it fires, for what began small may grow. Once somebody may have been woken it is not taken back.
 */
import type { Episode, Explanation, Urgency } from '../../../schema/store/alert-log.js'
import type { Severity } from '../../../schema/api/alerts.js'
import { explainQuestion, type Explain } from '../notices/snapshot.js'
import type { Rule } from '../rules/rule.js'

const ORDER: readonly Severity[] = ['critical', 'warning', 'info']
const MOST: { readonly [urgency in Urgency]: Severity } = { page: 'critical', ticket: 'warning', note: 'info' }
const URGENCIES: readonly Urgency[] = ['page', 'ticket', 'note']

/** The rule's severity, or what the urgency leaves of it. */
export function atMost(severity: Severity, urgency: Urgency): Severity {
  const most = MOST[urgency]
  return ORDER.indexOf(most) > ORDER.indexOf(severity) ? most : severity
}

/** The episodes, surges that fire judged anew. What can not be judged keeps the severity of its rule. */
export async function judged(
  episodes: readonly Episode[],
  rules: ReadonlyMap<string, Rule>,
  watermark: number,
  explain: (question: NonNullable<ReturnType<typeof explainQuestion>>) => ReturnType<Explain>,
): Promise<Episode[]> {
  return Promise.all(
    episodes.map(async (e) => {
      const rule = rules.get(e.rule)
      if (!rule || e.kind !== 'surge' || e.settled || e.state !== 'firing' || e.urgency === 'page') return e
      const question = explainQuestion(e, rule, watermark, 'en')
      const found: Explanation | null = question && (await explain(question))
      const urgency = found?.urgency?.severity
      if (!urgency || (e.urgency && URGENCIES.indexOf(urgency) >= URGENCIES.indexOf(e.urgency))) return e
      return { ...e, urgency, severity: atMost(rule.severity, urgency) }
    }),
  )
}
