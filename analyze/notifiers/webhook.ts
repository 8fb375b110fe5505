/**
 * JSON to any address, signed as https://www.standardwebhooks.com describes: webhook-id (the notice's id, the same on
 * every attempt), webhook-timestamp (seconds), webhook-signature: `v1,` and the Base64 of the HMAC-SHA256 of
 * `id.timestamp.body`. The body is described in the README of analyze/alerts.
 */
import { createHmac } from 'node:crypto'
import { observedOf, type NoticeAlert, type StoredNotifier } from '../../schema/store/alert-log.js'
import { plainText, type WordedNotice } from './message.js'
import { deliverOverHttp, textSetting, type Channel, type HttpChannel } from './notifier.js'

export const composeWebhook: HttpChannel['compose'] = (notice, notifier, now) => {
  const body = JSON.stringify(webhookBody(notice))
  const timestamp = String(Math.floor(now / 1000))
  const secret = textSetting(notifier, 'secret')
  return [
    {
      url: textSetting(notifier, 'url'),
      body,
      headers: {
        ...headersOf(notifier),
        'webhook-id': notice.id,
        'webhook-timestamp': timestamp,
        ...(secret ? { 'webhook-signature': `v1,${sign(secret, notice.id, timestamp, body)}` } : {}),
      },
    },
  ]
}

/** A secret that begins with whsec_ is Base64, as the specification has it; any other is taken as it is. */
export function sign(secret: string, id: string, timestamp: string, body: string): string {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret)
  return createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
}

function webhookBody(notice: WordedNotice): object {
  const { message } = notice
  return {
    version: 1,
    id: notice.id,
    reason: notice.reason,
    language: notice.language,
    createdAt: iso(notice.createdAt),
    title: message.title,
    text: plainText(message),
    group: notice.groupLabels,
    alerts: notice.alerts.map(alertBody),
  }
}

const iso = (ms: number) => new Date(ms).toISOString()

function alertBody(alert: NoticeAlert): object {
  const { finding, explanation } = alert
  return {
    id: alert.episode,
    rule: { id: alert.rule, name: alert.name, kind: alert.kind },
    phase: alert.phase,
    changed: alert.changed,
    severity: alert.severity,
    labels: alert.labels,
    pendingAt: iso(alert.pendingAt),
    firedAt: iso(alert.firedAt),
    resolvedAt: alert.resolvedAt === null ? null : iso(alert.resolvedAt),
    endReason: alert.reason,
    value: finding.value,
    unit: finding.unit,
    threshold: finding.threshold,
    expected: finding.expected,
    observed: observedOf(finding),
    windowSeconds: finding.window === null ? null : finding.window / 1000,
    requests: finding.requests,
    where: alert.where,
    flapping: alert.flapping,
    noData: alert.noData,
    note: alert.note,
    runbook: alert.runbook || null,
    cause: explanation && {
      id: explanation.cause.id,
      title: explanation.cause.title,
      explanation: explanation.cause.explanation,
      confidence: explanation.cause.confidence,
      url: explanation.cause.url,
      firstCheck: explanation.firstCheck,
    },
    links: alert.links,
  }
}

/** Headers of their own must not change what this request is. */
function headersOf(notifier: StoredNotifier): { [name: string]: string } {
  const { headers } = notifier.settings
  const own =
    typeof headers === 'object' && headers !== null
      ? Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)])
      : []
  const token = textSetting(notifier, 'authorization')
  return {
    ...Object.fromEntries(
      own.filter(
        ([name]) => !/^(content-length|content-type|host|transfer-encoding|connection|webhook-.*)$/.test(name),
      ),
    ),
    ...(token ? { authorization: token } : {}),
  }
}

export const webhook: Channel = {
  type: 'webhook',
  label: 'Webhook',
  settings: [
    {
      name: 'url',
      label: 'URL',
      kind: 'url',
      required: true,
      secret: false,
      destination: true,
      help: 'Gets a POST with JSON',
    },
    {
      name: 'secret',
      label: 'Signing secret',
      kind: 'secret',
      required: false,
      secret: true,
      help: 'Signs every request (Standard Webhooks). Make one with: openssl rand -base64 32',
    },
    {
      name: 'authorization',
      label: 'Authorization',
      kind: 'secret',
      required: false,
      secret: true,
      help: 'Sent as the Authorization header, like: Bearer …',
    },
    {
      name: 'headers',
      label: 'More headers',
      kind: 'headers',
      required: false,
      secret: false,
      help: 'Names and values. Not for secrets',
    },
  ],
  destination: (notifier) => {
    const url = textSetting(notifier, 'url')
    return URL.canParse(url) ? new URL(url).origin : ''
  },
  deliver: deliverOverHttp({ compose: composeWebhook }),
}
