/** Answers of an API that somebody saved as a log: what they say, in the API's words. */

export interface ApiAnswer {
  kind: 'error' | 'graphql' | 'empty'
  /** what it says */
  message: string
  /** is it Cloudflare's? */
  isCloudflare: boolean
}

type Json = { readonly [name: string]: unknown }

/** What the beginning of an input says, if it is such an answer. */
export function apiAnswerIn(text: string): ApiAnswer | null {
  const trimmed = text.replace(/^[\ufeff\s]+/, '').trimEnd()
  // Logpull answers some mistakes with a plain line
  if (
    /^(bad query|error parsing|error code: \d+|unauthorized|forbidden|authentication error|rate limit|too many requests|internal server error|upstream connect error)\b/i.test(
      trimmed,
    )
  )
    return { kind: 'error', message: trimmed.split('\n', 1)[0].slice(0, MOST), isCloudflare: false }
  const answer = objectIn(trimmed)
  if (answer === null) return null
  const isCloudflare = typeof answer.success === 'boolean' || (isJson(answer.data) && 'viewer' in answer.data)
  const said = messagesOf(answer.errors)
  if (said !== '' || answer.success === false) {
    const isAnswer = isCloudflare || 'data' in answer || Object.keys(answer).length <= 2
    return isAnswer ? { kind: 'error', message: said || 'no reason given', isCloudflare } : null
  }
  if (isJson(answer.data) && 'viewer' in answer.data) return { kind: 'graphql', message: '', isCloudflare }
  if (isEmptyAnswer(answer)) return { kind: 'empty', message: '', isCloudflare }
  const error = errorOf(answer)
  return error === null ? null : { kind: 'error', message: error, isCloudflare: false }
}

const MOST = 500

function messagesOf(errors: unknown): string {
  if (!Array.isArray(errors)) return ''
  const one = (error: unknown) => {
    if (typeof error === 'string') return error
    if (!isJson(error)) return ''
    const message = textOf(error.message) ?? textOf(error.detail) ?? textOf(error.title)
    if (message === null) return ''
    return error.code === undefined ? message : `${message} (${String(error.code)})`
  }
  return errors.map(one).filter(Boolean).join('; ').slice(0, MOST)
}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** Keys that the answers of an API have when they say what went wrong; a line of a log has others too. */
const OF_ERRORS =
  /^(_*type|title|status|status_?code|detail|instance|error|errors|error_?type|error_?description|error_?code|code|message|messages|text|success|request_?id|trace_?id|path|timestamp|reason|data|result)$/i

/** What small answers of other APIs say: RFC 9457, and the ways of Elastic, Google, AWS, Splunk, Loki, OAuth. */
function errorOf(answer: Json): string | null {
  const keys = Object.keys(answer)
  if (keys.length === 0 || keys.length > 8 || !keys.every((key) => OF_ERRORS.test(key))) return null
  const inside = isJson(answer.error) ? answer.error : null
  const isError =
    inside !== null || textOf(answer.error) !== null || /error/i.test(String(answer.status)) || keys.length <= 5
  const message =
    [
      inside?.message,
      inside?.reason,
      answer.error_description,
      answer.detail,
      answer.message,
      answer.text,
      answer.error,
      answer.title,
    ]
      .map(textOf)
      .find((text) => text !== null) ?? null
  return isError && message !== null ? message.slice(0, MOST) : null
}

/** `{"success":true,"result":[]}`: asked, and nothing was there. */
function isEmptyAnswer(answer: Json): boolean {
  const list = ['result', 'results', 'records', 'events', 'logs', 'hits', 'data']
    .map((key) => answer[key])
    .find(Array.isArray)
  return list !== undefined && list.length === 0
}

/** The whole of a small answer; of a long one the members before what is long. */
function objectIn(text: string): Json | null {
  if (!text.startsWith('{')) return null
  for (const part of [text, text.split('\n', 1)[0]]) {
    try {
      const parsed: unknown = JSON.parse(part)
      if (isJson(parsed)) return parsed
    } catch {
      // perhaps only its first line is JSON
    }
  }
  return null
}
