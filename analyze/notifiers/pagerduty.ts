/**
 * PagerDuty Events API v2: one event per alert, the episode as dedup_key, so that an incident is opened, acknowledged
 * and resolved by the same key. Facts: summary at most 1,024 characters, dedup_key 255; severity one of critical,
 * error, warning, info; 202 means taken (developer.pagerduty.com: send an event).
 */
import type { WordedAlert, WordedNotice } from './message.js'
import { deliverOverHttp, textSetting, type Channel, type HttpChannel } from './notifier.js'

const DEFAULT_URL = 'https://events.pagerduty.com/v2/enqueue'
const SUMMARY = 1_024

type Action = 'trigger' | 'acknowledge' | 'resolve'

export const composePagerDuty: HttpChannel['compose'] = (notice, notifier) => {
  const url = textSetting(notifier, 'url') || DEFAULT_URL
  const key = textSetting(notifier, 'routingKey')
  return notice.alerts
    .filter((alert) => alert.changed || notice.reason === 'repeat')
    .flatMap((alert) =>
      actionsOf(notice, alert).map((action) => ({
        url,
        body: JSON.stringify(eventOf(action, key, notice, alert)),
      })),
    )
}

/** What was over before it could be told is opened and closed at once: it shows, but nobody is kept awake. */
function actionsOf(notice: WordedNotice, alert: WordedAlert): Action[] {
  if (notice.reason === 'test') return ['trigger', 'resolve']
  switch (alert.phase) {
    case 'firing':
      return ['trigger']
    case 'acknowledged':
      return ['acknowledge']
    case 'resolved':
      return ['resolve']
    case 'passed':
      return ['trigger', 'resolve']
  }
}

function eventOf(action: Action, routingKey: string, notice: WordedNotice, alert: WordedAlert): object {
  const head = { routing_key: routingKey, event_action: action, dedup_key: `faultline-${alert.episode}`.slice(0, 255) }
  if (action !== 'trigger') return head
  const [entry] = alert.message.entries
  return {
    ...head,
    client: 'Faultline',
    ...(alert.links.alert ? { client_url: alert.links.alert } : {}),
    links: entry.links.map(({ text, url }) => ({ href: url, text })),
    payload: {
      summary: entry.heading.slice(0, SUMMARY),
      source: alert.labels.host ?? alert.labels.zone ?? 'Faultline',
      severity: notice.reason === 'test' ? 'info' : alert.severity,
      timestamp: new Date(alert.firedAt).toISOString(),
      component: alert.labels.source ?? null,
      group: alert.name,
      class: alert.kind,
      custom_details: {
        ...Object.fromEntries(entry.facts.map(({ head: name, text }) => [name, text])),
        labels: alert.labels,
        notice: notice.id,
      },
    },
  }
}

export const pagerduty: Channel = {
  type: 'pagerduty',
  label: 'PagerDuty',
  settings: [
    {
      name: 'routingKey',
      label: 'Integration key',
      kind: 'secret',
      required: true,
      secret: true,
      help: 'Of an integration "Events API V2"',
    },
    {
      name: 'url',
      label: 'Events URL',
      kind: 'url',
      required: false,
      secret: false,
      destination: true,
      help: `Default: ${DEFAULT_URL}. For the EU: https://events.eu.pagerduty.com/v2/enqueue`,
    },
  ],
  destination: (notifier) => new URL(textSetting(notifier, 'url') || DEFAULT_URL).origin,
  deliver: deliverOverHttp({ compose: composePagerDuty }),
}
