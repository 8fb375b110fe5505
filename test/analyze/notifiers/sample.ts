/** A notice and a notifier to send it with. */
import { checkNotifier } from '../../../analyze/alerts/notices/check-notifier.js'
import { findChannel } from '../../../analyze/notifiers/index.js'
import type { WordedNotice } from '../../../analyze/notifiers/message.js'
import type { Channel, HttpChannel } from '../../../analyze/notifiers/notifier.js'
import type { SettingValues } from '../../../analyze/notifiers/settings.js'
import type { TProperties } from 'typebox'
import { wordNotice } from '../../../analyze/alerts/notices/message.js'
import type { Notice, NoticeAlert, StoredNotifier } from '../../../schema/store/alert-log.js'

export const FIRED = Date.UTC(2026, 4, 20, 14, 5)

/** What an attacker may put into a path, a host or a user agent. */
export const MARKUP =
  '/x<!channel>&<script>alert(1)</script>*b*_i_`c`[l](https://evil.example)@all{{DATE(2026)}}<at id=all></at>|~s~\n# head'

export function alertOf(change: Partial<NoticeAlert> = {}): NoticeAlert {
  return {
    episode: 'e1',
    rule: 'rule-1',
    name: 'Edge refuses visitors',
    kind: 'ratio',
    severity: 'critical',
    labels: { alertname: 'Edge refuses visitors', severity: 'critical', host: 'www.example.com' },
    where: [
      { dimension: 'status', values: ['403', '429'], not: false },
      { dimension: 'source', values: ['edge'], not: false },
    ],
    phase: 'firing',
    changed: true,
    pendingAt: FIRED - 180_000,
    firedAt: FIRED,
    resolvedAt: null,
    reason: null,
    finding: {
      unit: 'share',
      value: 0.18,
      threshold: 0.02,
      expected: 0.004,
      window: 300_000,
      requests: 4_812,
      burn: null,
      objective: null,
      surge: null,
    },
    flapping: false,
    noData: false,
    note: 'Ask the security team first.',
    runbook: 'https://wiki.example.com/waf',
    acknowledged: null,
    explanation: {
      cause: {
        id: '403/waf-managed-rule',
        title: 'A managed WAF rule blocks these requests',
        explanation: 'One rule blocks nearly all of them.',
        confidence: 0.96,
        url: 'https://developers.cloudflare.com/waf/',
      },
      firstCheck: 'Look at the rule in Security Events.',
      spike: 's1',
    },
    links: { alert: 'https://faultline.example.com/alerts/e1', spike: 'https://faultline.example.com/spikes/s1' },
    ...change,
  }
}

export function noticeOf(alerts: NoticeAlert[] = [alertOf()], change: Partial<Notice> = {}): Notice {
  return {
    id: 'notice-1',
    notifier: 'n',
    group: 'g',
    groupLabels: { alertname: 'Edge refuses visitors' },
    reason: 'change',
    language: 'en',
    createdAt: FIRED + 240_000,
    alerts,
    ...change,
  }
}

/** The same as a channel gets it, with its words. */
export const toldOf = (alerts?: NoticeAlert[], change?: Partial<Notice>) => wordNotice(noticeOf(alerts, change), 'UTC')

export const nasty = (change: Partial<NoticeAlert> = {}): NoticeAlert =>
  alertOf({
    labels: { ...alertOf().labels, path: MARKUP },
    note: MARKUP,
    ...change,
  })

export function notifierOf(
  type: string,
  settings: { [name: string]: unknown },
  change: Partial<StoredNotifier> = {},
): StoredNotifier {
  return { ...checkNotifier({ name: type, type, settings }, null).notifier, id: 'n', ...change }
}

/** The channel of this type, or the test fails. */
export function channelOf(type: string): Channel {
  const found = findChannel(type)
  if (!found) throw new Error(`no channel ${type}`)
  return found
}

/** What a channel would send: what its composer makes of what the notifier was given. */
export function composed<P extends TProperties>(
  compose: HttpChannel<P>['compose'],
  notice: WordedNotice,
  notifier: StoredNotifier,
  now: number,
) {
  return compose(notice, { ...notifier.settings, ...notifier.secrets } as SettingValues<P>, now, notifier)
}
