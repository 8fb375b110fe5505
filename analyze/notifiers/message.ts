/**
 * What a channel gets to tell: plain data. The words are there already, in the language and time zone of the notifier,
 * as plain text without markup. Everything may hold what a visitor sent (hosts, paths), so each channel escapes all of it.
 */
import type { Severity } from '../../schema/api/alerts.js'
import type { Notice, NoticeAlert } from '../../schema/store/alert-log.js'

export interface Fact {
  head: string
  text: string
}
export interface Link {
  text: string
  url: string
}

export interface Entry {
  /** Server errors: 12 % of 4,310 requests in 5 min */
  heading: string
  facts: Fact[]
  links: Link[]
}

export interface Message {
  /** [Firing] Server errors (critical) */
  title: string
  level: Severity | 'ok'
  entries: Entry[]
  /** … and 12 more; empty if nothing was left out */
  more: string
  /** between a head and its text, as the language has it */
  colon: string
}

export interface WordedAlert extends NoticeAlert {
  /** this alert by itself, for receivers that take one at a time */
  message: Message
}

export interface WordedNotice extends Notice {
  alerts: WordedAlert[]
  /** all of it in one message */
  message: Message
}

/** The whole message as plain text: for mail, and for what shows no blocks. */
export function plainText(message: Message): string {
  const entries = message.entries.map(({ heading, facts, links }) =>
    [
      heading,
      ...facts.map(({ head, text }) => `${head}${message.colon}${text}`),
      ...links.map(({ text, url }) => `${text}${message.colon}${url}`),
    ].join('\n'),
  )
  return [message.title, '', entries.join('\n\n'), ...(message.more ? ['', message.more] : [])].join('\n')
}
