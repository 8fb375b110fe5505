/**
 * Feishu (Lark) custom bots: an interactive card. Signed with the key `timestamp\nsecret` over an empty text; the
 * timestamp is in seconds and may be an hour off. The bot answers 200 with a code: 0 is taken, 11232 is too often
 * (100 a minute, 5 a second), 9499 a malformed body, 19021 a wrong signature (open.feishu.cn: custom bot guide).
 */
import { createHmac } from 'node:crypto'
import type { Entry, Message } from './message.js'
import { channel, overHttp, type HttpChannel } from './notifier.js'
import { address, line, optional } from './settings.js'
import type { Answer } from './outgoing.js'

const TEMPLATES: { [level in Message['level']]: string } = {
  critical: 'red',
  warning: 'orange',
  info: 'blue',
  ok: 'green',
}
const TOO_OFTEN = [11232, 99991400]
const MOST_BYTES = 28_000

/** lark_md reads <at>, links and marks: as character references they are only shown. */
export function escapeFeishu(text: string): string {
  return text.replace(/[&<>*_~`[\]()#\\|!]/g, (mark) => `&#${mark.codePointAt(0)};`)
}

export function signFeishu(secret: string, timestamp: string): string {
  return createHmac('sha256', `${timestamp}\n${secret}`).update('').digest('base64')
}

const settings = {
  url: address({ secret: true, destination: true }),
  secret: optional(line({ secret: true })),
}

export const composeFeishu: HttpChannel<typeof settings>['compose'] = ({ message }, { url = '', secret }, now) => {
  const timestamp = String(Math.floor(now / 1000))
  const signed = secret ? { timestamp, sign: signFeishu(secret, timestamp) } : {}
  for (let shown = message.entries.length; ; shown--) {
    const body = JSON.stringify({
      ...signed,
      msg_type: 'interactive',
      card: cardOf({ ...message, entries: message.entries.slice(0, shown) }),
    })
    if (shown <= 1 || Buffer.byteLength(body) <= MOST_BYTES) return [{ url, body }]
  }
}

function cardOf(message: Message): object {
  const markdown = (content: string) => ({ tag: 'div', text: { tag: 'lark_md', content } })
  const links = message.entries[0]?.links ?? []
  return {
    config: { wide_screen_mode: true },
    header: { title: { tag: 'plain_text', content: message.title }, template: TEMPLATES[message.level] },
    elements: [
      ...message.entries.flatMap((entry, i) => [...(i > 0 ? [{ tag: 'hr' }] : []), markdown(entryText(entry))]),
      ...(message.more ? [{ tag: 'note', elements: [{ tag: 'plain_text', content: message.more }] }] : []),
      ...(links.length > 0
        ? [
            {
              tag: 'action',
              actions: links.map(({ text, url }, i) => ({
                tag: 'button',
                text: { tag: 'plain_text', content: text },
                url,
                type: i === 0 ? 'primary' : 'default',
              })),
            },
          ]
        : []),
    ],
  }
}

function entryText(entry: Entry): string {
  return [
    `**${escapeFeishu(entry.heading)}**`,
    ...entry.facts.map(({ head, text }) => `**${escapeFeishu(head)}** ${escapeFeishu(text)}`),
  ].join('\n')
}

export function refusalOfFeishu(answer: Answer): { reason: string; retryAfterMs: number | null } | null {
  const { code, msg, StatusCode } = parseAnswer(answer.body)
  const number = Number(code ?? StatusCode ?? NaN)
  if (number === 0) return null
  const reason = Number.isNaN(number)
    ? `answered without a code: ${answer.body.slice(0, 200)}`
    : `answered code ${number}: ${String(msg ?? '')}`
  return { reason, retryAfterMs: TOO_OFTEN.includes(number) ? 60_000 : null }
}

/** An answer that is no JSON is an empty one. */
export function parseAnswer(body: string): { [name: string]: unknown } {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as { [name: string]: unknown }) : {}
  } catch {
    return {}
  }
}

export const feishu = channel({
  type: 'feishu',
  label: '飞书 Feishu / Lark',
  settings: settings,
  words: {
    en: {
      about: 'Custom bot, Feishu or Lark',
      settings: {
        url: { label: 'Webhook URL', help: 'https://open.feishu.cn/open-apis/bot/v2/hook/…' },
        secret: { label: 'Signing secret', help: 'If the bot checks signatures' },
      },
    },
    fr: {
      about: 'Robot personnalisé, Feishu ou Lark',
      settings: {
        url: { label: 'URL du webhook', help: 'Celle du robot : https://open.feishu.cn/open-apis/bot/v2/hook/…' },
        secret: { label: 'Secret de signature', help: 'Si le robot vérifie les signatures' },
      },
    },
    zh: {
      about: '飞书自定义机器人',
      settings: {
        url: { label: 'Webhook 地址', help: '格式为 https://open.feishu.cn/open-apis/bot/v2/hook/…' },
        secret: { label: '签名密钥', help: '机器人启用“签名校验”时填写' },
      },
    },
  },
  deliver: overHttp({ compose: composeFeishu, refusal: refusalOfFeishu }),
})
