/** The channels. A new one is a file and a line, and its name in schema/api/alerts.ts. */
import type { NotifierType } from '../../schema/api/alerts.js'
import { alertmanager } from './alertmanager.js'
import { dingtalk } from './dingtalk.js'
import { email } from './email.js'
import { feishu } from './feishu.js'
import type { Channel } from './notifier.js'
import { pagerduty } from './pagerduty.js'
import { slack } from './slack.js'
import { teams } from './teams.js'
import { webhook } from './webhook.js'

export const CHANNELS: { readonly [type in NotifierType]: Channel } = {
  webhook,
  slack,
  teams,
  pagerduty,
  email,
  feishu,
  dingtalk,
  alertmanager,
}
