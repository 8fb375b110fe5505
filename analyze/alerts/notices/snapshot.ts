/** What a notice needs to know of an alert, taken at the moment it is queued: a retry tells the same. */
import { pathOfPage } from '../../../schema/words/pages.js'
import type { Episode, Explanation, Labels, Notice, NoticeAlert } from '../../../schema/store/alert-log.js'
import type { Language } from '../../../schema/words/languages.js'
import type { Filter } from '../../../schema/store/query.js'
import { findKind } from '../kinds/index.js'
import { filtersOfRule, type Rule } from '../rules/rule.js'
import type { Line, PlannedNotice } from './plan.js'

/** What is asked to explain: the records of the alert, in event time. */
export interface ExplainQuestion {
  from: number
  /** the watermark, or the end of the episode */
  to: number
  filters: Filter[]
  status: number | null
  statusClass: string | null
  source: string | null
  host: string | null
  language: Language
  /** about how long answers take, not about how they ended */
  slow?: true
}

/** The most likely documented cause and the first check, from the explanation of spikes. Null: nothing fits. */
export type Explain = (question: ExplainQuestion) => Promise<Explanation | null>

/** Addresses of pages, for notices. Null where nobody said under which address people reach the dashboard. */
export interface AlertLinks {
  alert(episode: string): string | null
  spike(id: string): string | null
}

export function linksUnder(publicUrl: string | null): AlertLinks {
  const base = publicUrl?.replace(/\/+$/, '') ?? null
  const page = (path: string) => (base === null ? null : `${base}${path}`)
  return {
    alert: (id) => page(pathOfPage('alert', id)),
    spike: (id) => page(pathOfPage('spike', id)),
  }
}

/** How long before the rule was broken the trouble may have begun: the window that it was seen in. */
export function explainQuestion(
  episode: Episode,
  rule: Rule | undefined,
  watermark: number,
  language: Language,
): ExplainQuestion | null {
  if (findKind(episode.kind)?.hasCause === false) return null
  const { surge, window } = episode.finding
  const group = (rule?.by ?? []).flatMap((dimension): Filter[] =>
    episode.labels[dimension] === undefined
      ? []
      : [
          {
            dimension,
            values: [episode.labels[dimension]],
          },
        ],
  )
  const filters = [...(rule ? filtersOfRule(rule) : []), ...group]
  const only = (dimension: Filter['dimension']) => {
    const found = filters.filter((f) => f.dimension === dimension && !f.not)
    return found.length === 1 && found[0].values.length === 1 ? found[0].values[0] : null
  }
  const status = only('status')
  return {
    from: surge?.start ?? episode.pendingAt - (window ?? 0),
    to: episode.resolvedAt ?? watermark,
    filters,
    status: surge ? surge.status : status === null ? null : Number(status),
    statusClass: surge?.statusClass ?? only('class'),
    source: surge ? surge.source : only('source'),
    host: surge ? surge.host : only('host'),
    language,
    ...(episode.kind === 'latency' ? { slow: true as const } : {}),
  }
}

export function noticeOf(planned: PlannedNotice, now: number, alertOf: (line: Line) => NoticeAlert): Notice {
  const { id, notifier, group, groupLabels, reason, lines } = planned
  return {
    id,
    notifier: notifier.id,
    group,
    groupLabels,
    reason,
    language: notifier.language,
    createdAt: now,
    alerts: lines.map(alertOf),
  }
}

export function noticeAlert(
  { episode: e, phase, changed }: Line,
  rule: Rule | undefined,
  explanation: Explanation | null,
  links: AlertLinks,
): NoticeAlert {
  const where = rule ? filtersOfRule(rule) : []
  return {
    episode: e.id,
    rule: e.rule,
    name: e.name,
    kind: e.kind,
    severity: e.severity,
    labels: e.labels,
    where: where.map(({ dimension, values, not }) => ({ dimension, values, not: not ?? false })),
    phase,
    changed,
    pendingAt: e.pendingAt,
    firedAt: e.firedAt,
    resolvedAt: e.resolvedAt,
    reason: e.reason,
    finding: e.finding,
    flapping: e.flapping,
    noData: e.noData,
    note: rule?.note ?? '',
    runbook: rule?.runbook ?? '',
    acknowledged: e.acknowledged && { by: e.acknowledged.by, note: e.acknowledged.note },
    explanation,
    links: { alert: links.alert(e.id), spike: explanation?.spike ? links.spike(explanation.spike) : null },
  }
}

/** A notice by which people try a notifier out. */
export function testNotice(
  notifier: { id: string; language: Language },
  now: number,
  id: string,
  links: AlertLinks,
  texts: { name: string; note: string },
): Notice {
  const labels: Labels = { alertname: 'FaultlineTest', severity: 'info' }
  return {
    id,
    notifier: notifier.id,
    group: `test ${id}`,
    groupLabels: labels,
    reason: 'test',
    language: notifier.language,
    createdAt: now,
    alerts: [
      {
        episode: `test-${id}`,
        rule: 'test',
        name: texts.name,
        kind: 'count',
        severity: 'info',
        labels,
        where: [],
        phase: 'firing',
        changed: true,
        pendingAt: now,
        firedAt: now,
        resolvedAt: null,
        reason: null,
        flapping: false,
        noData: false,
        note: texts.note,
        runbook: '',
        acknowledged: null,
        explanation: null,
        finding: {
          unit: 'requests',
          value: 0,
          threshold: null,
          expected: null,
          window: null,
          requests: null,
          burn: null,
          objective: null,
          surge: null,
        },
        links: { alert: links.alert('test'), spike: null },
      },
    ],
  }
}
