/** All that alerting says to people, in one language. A language is one file; a missing text does not compile. */
import type { Severity } from '../../../../schema/api/alerts.js'
import type { EndReason, NoticePhase } from '../../../../schema/store/alert-log.js'
import type { Source } from '../../../../schema/words/sources.js'

/** Figures come in as texts, already written as the language writes them. */
export interface AlertTexts {
  /** for Intl */
  locale: string
  severities: { [severity in Severity]: string }
  phases: { [phase in NoticePhase]: string }
  sources: { [source in Source]: string }
  units: { day: string; hour: string; minute: string; second: string; millisecond: string }
  heads: {
    since: string
    lasted: string
    howMuch: string
    where: string
    urgency: string
    cause: string
    check: string
    note: string
    runbook: string
    remark: string
  }
  urgencies: { page: string; ticket: string; note: string }
  /** one of them, with who suffers */
  urgency(what: string, reason: string): string
  /** threshold and what is usual; either may be unknown */
  against(threshold: string | null, usual: string | null): string
  /** requests of a surge, those that its past predicts, and how far apart they are */
  surge(observed: string, expected: string, score: string): string
  from(start: string, end: string): string
  ongoing(start: string): string
  anywhere: string
  not(values: string): string
  or: string
  confidence(share: string): string
  noCause: string
  allOf(statusClass: string): string
  by(what: string, source: string): string
  on(what: string, host: string): string
  remarks: {
    flapping: string
    noData: string
    passed: string
    repeat: string
    ended: { [reason in Exclude<EndReason, 'recovered'>]: string }
    acknowledged(by: string): string
  }
  links: { alert: string; spike: string; runbook: string }
  more(count: string): string
  still(count: string): string
  grouped(count: string, name: string): string
  test: { name: string; note: string }
  /** the report of an upload: "Server errors: would have fired 14:05, resolved 14:40" */
  wouldHave: {
    never(rule: string): string
    fired(rule: string, spans: string, more: string | null): string
    span(fired: string, resolved: string | null): string
  }
}
