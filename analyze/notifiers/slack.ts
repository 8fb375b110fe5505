/**
 * Slack incoming webhooks, with blocks. Facts: a header holds 150 characters of plain text, a section 3,000, a message
 * 50 blocks; &, < and > are the only characters to escape (docs.slack.dev: incoming webhooks, formatting text).
 */
import type { Entry, Message } from './message.js'
import { channel, overHttp, type HttpChannel } from './notifier.js'
import { address } from './settings.js'

const HEADER = 150
const SECTION = 3_000

/** Also keeps a path like <!channel> from waking everybody. */
export function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** Log text must not start bold, italic or code either: a zero-width space takes the marks their force. */
function quiet(text: string): string {
  return escapeSlack(text).replace(/[*_~`]/g, (mark) => `\u200b${mark}\u200b`)
}

const settings = { url: address({ secret: true, destination: true }) }

export const composeSlack: HttpChannel<typeof settings>['compose'] = ({ message }, { url = '' }) => [
  { url, body: JSON.stringify(slackBody(message)) },
]

const LEVELS: { [level in Message['level']]: string } = { critical: '🔴', warning: '🟠', info: '🔵', ok: '🟢' }

function slackBody(message: Message): object {
  const title = `${LEVELS[message.level]} ${message.title}`
  return {
    // shown in notifications and where there are no blocks
    text: escapeSlack(`${title} – ${message.entries[0]?.heading ?? ''}`),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: cut(title, HEADER), emoji: true } },
      ...message.entries.map((entry) => ({
        type: 'section',
        text: { type: 'mrkdwn', text: entryText(entry), verbatim: true },
      })),
      ...(message.more ? [{ type: 'context', elements: [{ type: 'mrkdwn', text: quiet(message.more) }] }] : []),
    ],
    unfurl_links: false,
  }
}

/** Whole lines up to the limit: a cut link would be shown as text. */
function entryText(entry: Entry): string {
  const links = entry.links.map(({ text, url }) => `<${linkTarget(url)}|${quiet(text)}>`).join('  ·  ')
  const lines = [
    `*${quiet(entry.heading)}*`,
    ...entry.facts.map(({ head, text }) => `*${quiet(head)}:* ${quiet(text)}`),
  ]
  let out = ''
  for (const line of lines) {
    if (out.length + line.length + links.length + 2 > SECTION) break
    out += `${out ? '\n' : ''}${line}`
  }
  return links && out.length + links.length + 1 <= SECTION ? `${out}\n${links}` : out
}

const linkTarget = (url: string) => escapeSlack(url).replaceAll('|', '%7C')
const cut = (text: string, most: number) => (text.length <= most ? text : `${text.slice(0, most - 1)}…`)

export const slack = channel({
  type: 'slack',
  label: 'Slack',
  settings: settings,
  words: {
    en: {
      about: 'Incoming webhook',
      settings: {
        url: { label: 'Webhook URL', help: 'From an incoming webhook: https://hooks.slack.com/services/…' },
      },
    },
    fr: {
      about: 'Webhook entrant',
      settings: {
        url: { label: 'URL du webhook', help: 'D’un webhook entrant : https://hooks.slack.com/services/…' },
      },
    },
    zh: {
      about: '传入 Webhook',
      settings: {
        url: { label: 'Webhook 地址', help: '来自 Incoming Webhook：https://hooks.slack.com/services/…' },
      },
    },
  },
  deliver: overHttp({ compose: composeSlack }),
})
