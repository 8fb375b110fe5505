/** The alerts of a range for its chart: those that fired, or where the logs are history those that would have. */
import { DAY } from '../../../schema/words/duration.js'
import type { Severity, WouldHaveFired } from '../../../schema/api/alerts.js'
import { useAnswer } from './api.js'
import { alertsAbsent, useAlertsOf } from './alerts.js'
import type { Span } from './range.js'
import { useStore } from './store.js'
import type { Page } from './url.js'

export interface ChartAlert {
  key: string
  name: string
  severity: Severity
  from: number
  to: number
  /** it would have fired; nobody was told */
  history: boolean
  page: Page
}

/** Longer ranges of history are not run through all rules for a chart, ms. */
const mostHistoryMs = 31 * DAY
/** A rule that would have fired all the time is for its own page to show. */
const mostPerRule = 20

export const wouldPath = (params: { [name: string]: string }): string =>
  `alerts/would-have-fired?${new URLSearchParams(params)}`

/** `ready`: the figures are on screen; what rules would have done can wait for them. */
export function useChartAlerts(span: Span, newest: number | null, ready: boolean): ChartAlert[] {
  const absent = useStore(alertsAbsent)
  const real = useAlertsOf(span).data
  const ended = Math.min(span.to, newest ?? span.to)
  // the past of a range that moves with the clock was watched while it happened
  const historic =
    ready &&
    !absent &&
    !span.moving &&
    real !== null &&
    real.alerts.length === 0 &&
    span.to - span.from <= mostHistoryMs
  const would = useAnswer<WouldHaveFired>(
    historic ? wouldPath({ from: new Date(span.from).toISOString(), to: new Date(span.to).toISOString() }) : null,
    { subject: `would ${span.from} ${span.to}` },
  ).data
  if (real && real.alerts.length > 0) {
    return real.alerts.map((a) => ({
      key: a.id,
      name: a.name,
      severity: a.severity,
      from: Date.parse(a.firedAt),
      to: a.resolvedAt === null ? Math.max(ended, Date.parse(a.firedAt)) : Date.parse(a.resolvedAt),
      history: a.history,
      page: { name: 'alert', id: a.id },
    }))
  }
  if (!historic || !would) return []
  return would.rules
    .filter((r) => r.enabled)
    .flatMap((r) =>
      r.episodes.slice(0, mostPerRule).map((e, i): ChartAlert => ({
        key: `${r.id} ${i}`,
        name: r.name,
        severity: r.severity,
        from: Date.parse(e.firedAt),
        to: e.resolvedAt === null ? ended : Date.parse(e.resolvedAt),
        history: true,
        page: { name: 'rule', id: r.id },
      })),
    )
}
