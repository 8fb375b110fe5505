/**
 * DingTalk custom robots: Markdown. Signed in the URL: timestamp in ms, and the Base64 of the HMAC-SHA256 of
 * `timestamp\nsecret` with the secret as key. The robot answers 200 with an errcode: 0 is taken, 410100 and 130101 are
 * too often (20 a minute, then 10 minutes of silence), 310000 is a security check that failed
 * (open.dingtalk.com: custom robot access).
 */
import { createHmac } from 'node:crypto'
import type { Entry, Message } from './message.js'
import { parseAnswer } from './feishu.js'
import { channel, overHttp, type HttpChannel } from './notifier.js'
import { address, line, optional } from './settings.js'
import type { Answer } from './outgoing.js'

const MOST_BYTES = 18_000
const TOO_OFTEN = [410100, 130101]
const MARKS: { [level in Message['level']]: string } = { critical: '🔴', warning: '🟠', info: '🔵', ok: '🟢' }

/** Marks of Markdown, and @, which would call somebody. */
export function escapeDingTalk(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_[\]()#+!|~]/g, (mark) => `\\${mark}`)
    .replace(/^(\s*)([-+]|\d+\.)(?=\s)/gm, '$1\\$2')
    .replaceAll('@', '@\u200b')
}

export function signDingTalk(secret: string, timestamp: string): string {
  return createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64')
}

const settings = {
  url: address({ secret: true, destination: true }),
  secret: optional(line({ secret: true })),
}

export const composeDingTalk: HttpChannel<typeof settings>['compose'] = (
  { message },
  { url: robot = '', secret },
  now,
) => {
  const url = new URL(robot)
  if (secret) {
    url.searchParams.set('timestamp', String(now))
    url.searchParams.set('sign', signDingTalk(secret, String(now)))
  }
  for (let shown = message.entries.length; ; shown--) {
    const body = JSON.stringify(bodyOf({ ...message, entries: message.entries.slice(0, shown) }))
    if (shown <= 1 || Buffer.byteLength(body) <= MOST_BYTES) return [{ url: url.href, body }]
  }
}

function bodyOf(message: Message): object {
  const title = `${MARKS[message.level]} ${message.title}`
  const text = [
    `### ${escapeDingTalk(title)}`,
    ...message.entries.map(entryText),
    ...(message.more ? [escapeDingTalk(message.more)] : []),
  ].join('\n\n---\n\n')
  return { msgtype: 'markdown', markdown: { title: title.slice(0, 100), text }, at: { isAtAll: false } }
}

function entryText(entry: Entry): string {
  const lines = entry.facts.map(
    ({ head, text }) => `- **${escapeDingTalk(head)}** ${escapeDingTalk(text).replaceAll('\n', ' ')}`,
  )
  const links = entry.links
    .map(({ text, url }) => `[${escapeDingTalk(text)}](${url.replaceAll('(', '%28').replaceAll(')', '%29')})`)
    .join(' · ')
  return [`**${escapeDingTalk(entry.heading)}**`, lines.join('\n'), ...(links ? [links] : [])].join('\n\n')
}

export function refusalOfDingTalk(answer: Answer): { reason: string; retryAfterMs: number | null } | null {
  const { errcode, errmsg } = parseAnswer(answer.body)
  const code = Number(errcode ?? NaN)
  if (code === 0) return null
  const reason = Number.isNaN(code)
    ? `answered without an errcode: ${answer.body.slice(0, 200)}`
    : `answered errcode ${code}: ${String(errmsg ?? '')}`
  return { reason, retryAfterMs: TOO_OFTEN.includes(code) ? 10 * 60_000 : null }
}

export const dingtalk = channel({
  type: 'dingtalk',
  label: '钉钉 DingTalk',
  settings: settings,
  words: {
    en: {
      about: 'Custom robot',
      settings: {
        url: { label: 'Webhook URL', help: 'https://oapi.dingtalk.com/robot/send?access_token=…' },
        secret: { label: 'Signing secret', help: 'If the robot is secured by a signature; begins with SEC' },
      },
    },
    fr: {
      about: 'Robot personnalisé',
      settings: {
        url: { label: 'URL du webhook', help: 'Celle du robot : https://oapi.dingtalk.com/robot/send?access_token=…' },
        secret: { label: 'Secret de signature', help: 'Si le robot est protégé par une signature ; commence par SEC' },
      },
    },
    zh: {
      about: '钉钉自定义机器人',
      settings: {
        url: { label: 'Webhook 地址', help: '格式为 https://oapi.dingtalk.com/robot/send?access_token=…' },
        secret: { label: '加签密钥', help: '机器人安全设置选择“加签”时填写，以 SEC 开头' },
      },
    },
  },
  deliver: overHttp({ compose: composeDingTalk, refusal: refusalOfDingTalk }),
})
