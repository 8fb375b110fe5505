/** The channels, in the order in which people are offered them. A new one is a file and a line here. */
import { alertmanager } from './alertmanager.js'
import { dingtalk } from './dingtalk.js'
import { email } from './email.js'
import { feishu } from './feishu.js'
import type { Channel } from './notifier.js'
import { pagerduty } from './pagerduty.js'
import { slack } from './slack.js'
import { teams } from './teams.js'
import { webhook } from './webhook.js'

export const CHANNELS: readonly Channel[] = [webhook, slack, teams, pagerduty, email, feishu, dingtalk, alertmanager]

/** Undefined for what another version wrote, which may know more channels. */
export const findChannel = (type: string): Channel | undefined => CHANNELS.find((one) => one.type === type)
