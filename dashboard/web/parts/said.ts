/** What the service says of a trouble, in the reader's language: in English its own words, else those of its code. */
import type { ErrorTexts } from '../../languages/errors/texts.js'
import type { Speech } from './words.js'

export interface Said {
  code: string
  message: string
  /** of NOT_NDJSON: what the file looks like */
  seen?: string | null
}

/** From when on records are there, epoch ms, where that is what was said; else null. */
export const goneBeforeOf = ({ code, message }: Said): number | null =>
  code === 'RECORDS_GONE' ? Date.parse(/\d{4}-\d\d-\d\d/.exec(message)?.[0] ?? '') || null : null

export function saidText(said: Said, { w, f }: Speech): string {
  const { code, message, seen } = said
  const gone = goneBeforeOf(said)
  if (gone !== null) return w.notes.goneBefore(f.date(gone))
  const texts = w.errors
  if (texts === null) return message
  const known = texts.codes[code as keyof ErrorTexts['codes']] as string | undefined
  if (known === undefined) return message === '' ? '' : `${texts.other} ${message}`
  // asked for with `lang`, the service says itself in the reader's words what is wrong with a rule
  if (code === 'BAD_RULE' && message !== '') return `${known}${known.endsWith('。') ? '' : ' '}${message}`
  const look = seen ? texts.seen[seen as keyof ErrorTexts['seen']] : undefined
  const names = namesIn(code, message, seen)
  return [look, known].filter(Boolean).join(' ') + (names === '' ? '' : ` (${names})`)
}

/** Names of fields, parameters and values mean the same in every language. */
function namesIn(code: string, message: string, seen?: string | null): string {
  // what Cloudflare said, what to type, where it is
  if (seen === 'api-error') return /It answered: "(.*)"/s.exec(message)?.[1] ?? ''
  if (/^(CLOUDFLARE|LOGPULL|BUCKET)_/.test(code)) return /answered: "(.*?)" \(HTTP/s.exec(message)?.[1] ?? ''
  if (seen === 'renamed') return (message.match(/--field \S+=\S+/g) ?? []).join(' ')
  if (seen === 'bad-json') return /Line (\d+) .*? character (\d+): (\S+)/s.exec(message)?.slice(1).join(' · ') ?? ''
  if (code === 'FIELDS_MISSING')
    return [...new Set(message.match(/\b(?:[A-Z]+[a-z0-9]+){2,}[A-Z]*\b/g) ?? [])].join(', ')
  if (/^(BAD_|UNKNOWN_|MISSING_|REPEATED_|NAME_TAKEN|SECRET_NEEDED)/.test(code))
    return /"([^"]{1,80})"/.exec(message)?.[1] ?? ''
  return ''
}

/** A batch's report keeps only the sentence; each of these begins or holds what no other does. */
const ABORTED: readonly (readonly [pattern: RegExp, code: keyof ErrorTexts['codes'] | 'abandoned'])[] = [
  [/ends in the middle/, 'TRUNCATED'],
  [/is damaged|asks for a window/, 'CORRUPT'],
  [/unpacks to more than/, 'DECOMPRESSION_BOMB'],
  [/^The sender stopped/, 'INTERRUPTED'],
  [/^The body brought less/, 'TOO_SLOW'],
  [/^Cloudflare broke/, 'STREAM_ERROR'],
  [/^Reading the input failed/, 'UNREADABLE'],
  [/^The process that took/, 'abandoned'],
  [/disk is full/, 'STORE_FULL'],
  [/^The input is UTF-32/, 'WRONG_ENCODING'],
]

export function abortedText(message: string, { w }: Speech): string {
  const texts = w.errors
  if (texts === null) return message
  const code = ABORTED.find(([pattern]) => pattern.test(message))?.[1]
  return code === undefined ? `${texts.other} ${message}` : code === 'abandoned' ? texts.abandoned : texts.codes[code]
}
