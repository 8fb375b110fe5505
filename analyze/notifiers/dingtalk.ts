/**
 * DingTalk custom robots: Markdown. Signed in the URL: timestamp in ms, and the Base64 of the HMAC-SHA256 of
 * `timestamp\nsecret` with the secret as key. The robot answers 200 with an errcode: 0 is taken, 410100 and 130101 are
 * too often (20 a minute, then 10 minutes of silence), 310000 is a security check that failed
 * (open.dingtalk.com: custom robot access).
 */
import { createHmac } from 'node:crypto'
import type { Entry, Message } from './message.js'
import { parseAnswer } from './feishu.js'
import { deliverOverHttp, shownUrl, textSetting, type Channel, type HttpChannel } from './notifier.js'
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

export const composeDingTalk: HttpChannel['compose'] = (notice, notifier, now) => {
  const { message } = notice
  const url = new URL(textSetting(notifier, 'url'))
  const secret = textSetting(notifier, 'secret')
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

export const dingtalk: Channel = {
  type: 'dingtalk',
  label: '钉钉 DingTalk',
  settings: [
    {
      name: 'url',
      label: 'Webhook URL',
      kind: 'secret',
      required: true,
      secret: true,
      destination: true,
      help: 'https://oapi.dingtalk.com/robot/send?access_token=…',
    },
    {
      name: 'secret',
      label: 'Signing secret',
      kind: 'secret',
      required: false,
      secret: true,
      help: 'If the robot is secured by a signature (加签), beginning with SEC',
    },
  ],
  destination: (notifier) => shownUrl(textSetting(notifier, 'url')),
  deliver: deliverOverHttp({ compose: composeDingTalk, refusal: refusalOfDingTalk }),
}
