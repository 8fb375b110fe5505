/**
 * PagerDuty Events API v2: one event per alert, the episode as dedup_key, so that an incident is opened, acknowledged
 * and resolved by the same key. Facts: summary at most 1,024 characters, dedup_key 255; severity one of critical,
 * error, warning, info; 202 means taken (developer.pagerduty.com: send an event).
 */
import { iso } from '../../schema/words/iso.js'
import type { WordedAlert, WordedNotice } from './message.js'
import { channel, overHttp, type HttpChannel } from './notifier.js'
import { address, line, optional } from './settings.js'

const DEFAULT_URL = 'https://events.pagerduty.com/v2/enqueue'
const SUMMARY = 1_024

type Action = 'trigger' | 'acknowledge' | 'resolve'

const settings = { routingKey: line({ secret: true }), url: optional(address({ destination: true })) }

export const composePagerDuty: HttpChannel<typeof settings>['compose'] = (
  notice,
  { routingKey = '', url = DEFAULT_URL },
) =>
  notice.alerts
    .filter((alert) => alert.changed || notice.reason === 'repeat')
    .flatMap((alert) =>
      actionsOf(notice, alert).map((action) => ({
        url,
        body: JSON.stringify(eventOf(action, routingKey, notice, alert)),
      })),
    )

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
      timestamp: iso(alert.firedAt),
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

export const pagerduty = channel({
  type: 'pagerduty',
  label: 'PagerDuty',
  settings: settings,
  words: {
    en: {
      about: 'Events API v2, pages and resolves',
      settings: {
        routingKey: { label: 'Integration key', help: 'From an integration “Events API V2”' },
        url: {
          label: 'Events URL',
          help: 'Leave empty for the US. For the EU: https://events.eu.pagerduty.com/v2/enqueue',
        },
      },
    },
    fr: {
      about: 'Events API v2, alerte et résout',
      settings: {
        routingKey: { label: 'Clé d’intégration', help: 'D’une intégration « Events API V2 »' },
        url: {
          label: 'URL des événements',
          help: 'Vide pour les États-Unis. Pour l’UE : https://events.eu.pagerduty.com/v2/enqueue',
        },
      },
    },
    zh: {
      about: '事件接口 v2，自动触发与恢复',
      settings: {
        routingKey: { label: '集成密钥', help: '来自“Events API V2”集成' },
        url: { label: '事件地址', help: '美国区留空。欧盟区：https://events.eu.pagerduty.com/v2/enqueue' },
      },
    },
  },
  destination: ({ url = DEFAULT_URL }) => new URL(url).origin,
  deliver: overHttp({ compose: composePagerDuty }),
})
