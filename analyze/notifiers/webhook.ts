/**
 * JSON to any address, signed as https://www.standardwebhooks.com describes: webhook-id (the notice's id, the same on
 * every attempt), webhook-timestamp (seconds), webhook-signature: `v1,` and the Base64 of the HMAC-SHA256 of
 * `id.timestamp.body`. The body is described in the README of analyze/alerts.
 */
import { iso } from '../../schema/words/iso.js'
import { createHmac } from 'node:crypto'
import { observedOf, type NoticeAlert } from '../../schema/store/alert-log.js'
import { plainText, type WordedNotice } from './message.js'
import { channel, overHttp, type HttpChannel } from './notifier.js'
import { address, headers, line, optional } from './settings.js'

const settings = {
  url: address({ secret: true, destination: true }),
  secret: optional(line({ secret: true })),
  authorization: optional(line({ secret: true })),
  headers: optional(headers({ secret: true })),
}

export const composeWebhook: HttpChannel<typeof settings>['compose'] = (
  notice,
  { url = '', secret, authorization, headers: more = {} },
  now,
) => {
  const body = JSON.stringify(webhookBody(notice))
  const timestamp = String(Math.floor(now / 1000))
  return [
    {
      url,
      body,
      headers: {
        ...headersOf(more, authorization),
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
    urgency: explanation?.urgency ?? null,
    cause: explanation?.cause && {
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
function headersOf(more: { [name: string]: string }, authorization: string | undefined): { [name: string]: string } {
  const own = Object.entries(more)
    .map(([name, value]) => [name.toLowerCase(), value])
    .filter(([name]) => !/^(content-length|content-type|host|transfer-encoding|connection|webhook-.*)$/.test(name))
  return { ...Object.fromEntries(own), ...(authorization ? { authorization } : {}) }
}

export const webhook = channel({
  type: 'webhook',
  label: 'Webhook',
  settings: settings,
  words: {
    en: {
      about: 'JSON to any address, signed',
      settings: {
        url: { label: 'URL', help: 'Gets a POST with JSON' },
        secret: {
          label: 'Signing secret',
          help: 'Signs every request (Standard Webhooks). Create one with: openssl rand -base64 32',
        },
        authorization: { label: 'Authorization header', help: 'For example: Bearer …' },
        headers: { label: 'More headers', help: 'One per line, Name: value. A name alone keeps its value' },
      },
    },
    fr: {
      about: 'JSON vers toute adresse, signé',
      settings: {
        url: { label: 'URL', help: 'Reçoit un POST en JSON' },
        secret: {
          label: 'Secret de signature',
          help: 'Signe chaque requête (Standard Webhooks). Pour en créer un : openssl rand -base64 32',
        },
        authorization: { label: 'En-tête Authorization', help: 'Par exemple : Bearer …' },
        headers: { label: 'Autres en-têtes', help: 'Un par ligne, Nom: valeur. Un nom seul garde sa valeur' },
      },
    },
    zh: {
      about: '向任意地址发送带签名的 JSON',
      settings: {
        url: { label: '地址', help: '接收 JSON 格式的 POST 请求' },
        secret: { label: '签名密钥', help: '为每个请求签名（Standard Webhooks）。生成方法：openssl rand -base64 32' },
        authorization: { label: 'Authorization 请求头', help: '例如：Bearer …' },
        headers: { label: '其他请求头', help: '每行一个，格式为“名称: 值”。只写名称则保留原值' },
      },
    },
  },
  deliver: overHttp({ compose: composeWebhook }),
})
