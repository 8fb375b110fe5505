/**
 * Prometheus Alertmanager, API v2: POST /api/v2/alerts with labels, annotations, startsAt, endsAt and generatorURL. An alert
 * without endsAt ends by itself after resolve_timeout unless it is sent again, so a firing one is given an end that
 * lies beyond the next repeat (prometheus/alertmanager: api/v2/openapi.yaml).
 */
import { SPEECH } from '../../schema/words/languages.js'
import { iso } from '../../schema/words/iso.js'
import type { NoticeAlert, StoredNotifier } from '../../schema/store/alert-log.js'
import type { WordedAlert, WordedNotice } from './message.js'
import { channel, overHttp, type HttpChannel } from './notifier.js'
import { address, line, optional } from './settings.js'

/** Repeats may be late by a few failed attempts. */
const PATIENCE = 3
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/

const settings = { url: address({ destination: true }), authorization: optional(line({ secret: true })) }

export const composeAlertmanager: HttpChannel<typeof settings>['compose'] = (
  notice,
  { url = '', authorization },
  now,
  notifier,
) => {
  const base = url.replace(/\/+$/, '').replace(/\/api\/v2(\/alerts)?$/, '')
  // acknowledging is a silence there, and made there
  const alerts = notice.alerts.filter((alert) => alert.phase !== 'acknowledged')
  if (alerts.length === 0) return []
  return [
    {
      url: `${base}/api/v2/alerts`,
      ...(authorization ? { headers: { authorization } } : {}),
      body: JSON.stringify(alerts.map((alert) => alertOf(alert, notice, notifier, now))),
    },
  ]
}

function alertOf(alert: WordedAlert, notice: WordedNotice, notifier: StoredNotifier, now: number): object {
  const [entry] = alert.message.entries
  const firing = alert.phase === 'firing'
  const cause = alert.explanation
  return {
    // the labels are the alert's identity: nothing in them may change while it fires
    labels: labelsOf(alert),
    annotations: {
      summary: entry.heading,
      description: entry.facts.map(({ head, text }) => `${head}${SPEECH[notice.language].colon}${text}`).join('\n'),
      ...(alert.runbook ? { runbook_url: alert.runbook } : {}),
      ...(cause?.urgency ? { urgency: cause.urgency.severity, urgency_reason: cause.urgency.reason } : {}),
      ...(cause?.cause
        ? {
            cause: cause.cause.title,
            ...(cause.firstCheck ? { first_check: cause.firstCheck } : {}),
          }
        : {}),
    },
    startsAt: iso(alert.firedAt),
    endsAt: iso(
      notice.reason === 'test'
        ? now + 60_000
        : firing
          ? now + PATIENCE * notifier.repeatInterval
          : Math.max(alert.resolvedAt ?? now, alert.firedAt),
    ),
    ...(alert.links.alert ? { generatorURL: alert.links.alert } : {}),
  }
}

function labelsOf(alert: NoticeAlert): { [name: string]: string } {
  const named = Object.entries(alert.labels).map(([name, value]) => [
    LABEL.test(name) ? name : name.replace(/[^a-zA-Z0-9_]/g, '_'),
    value,
  ])
  return { ...Object.fromEntries(named.filter(([, value]) => value !== '')), rule: alert.rule, job: 'faultline' }
}

export const alertmanager = channel({
  type: 'alertmanager',
  label: 'Prometheus Alertmanager',
  settings: settings,
  words: {
    en: {
      about: 'Prometheus Alertmanager, API v2',
      settings: {
        url: { label: 'URL', help: 'For example http://alertmanager:9093' },
        authorization: { label: 'Authorization header', help: 'For example: Bearer …' },
      },
    },
    fr: {
      about: 'Alertmanager de Prometheus, API v2',
      settings: {
        url: { label: 'URL', help: 'Par exemple http://alertmanager:9093' },
        authorization: { label: 'En-tête Authorization', help: 'Par exemple : Bearer …' },
      },
    },
    zh: {
      about: 'Prometheus 告警管理器，API v2',
      settings: {
        url: { label: '地址', help: '例如 http://alertmanager:9093' },
        authorization: { label: 'Authorization 请求头', help: '例如：Bearer …' },
      },
    },
  },
  deliver: overHttp({ compose: composeAlertmanager }),
})
