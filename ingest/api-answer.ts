/** Answers of Cloudflare's API that somebody saved as a log: what they say, in Cloudflare's words. */

export interface ApiAnswer {
  kind: 'error' | 'graphql' | 'empty'
  /** Cloudflare's message */
  message: string
}

type Json = { readonly [name: string]: unknown }

/** What the beginning of an input says, if it is such an answer. */
export function apiAnswerIn(text: string): ApiAnswer | null {
  const trimmed = text.replace(/^[\ufeff\s]+/, '').trimEnd()
  // Logpull answers some mistakes with a plain line
  if (
    /^(bad query|error parsing|unauthorized|authentication error|rate limit|too many requests|internal server error)\b/i.test(
      trimmed,
    )
  )
    return { kind: 'error', message: trimmed.split('\n', 1)[0].slice(0, MOST) }
  const answer = objectIn(trimmed)
  if (answer === null) return null
  const messages = messagesOf(answer.errors)
  if (messages !== '' || answer.success === false) {
    const isAnswer = 'success' in answer || 'data' in answer || Object.keys(answer).length === 1
    return isAnswer ? { kind: 'error', message: messages || 'no reason given' } : null
  }
  if (isJson(answer.data) && 'viewer' in answer.data) return { kind: 'graphql', message: '' }
  return isEmptyAnswer(answer) ? { kind: 'empty', message: '' } : null
}

const MOST = 500

function messagesOf(errors: unknown): string {
  if (!Array.isArray(errors)) return ''
  const one = (error: unknown) => {
    if (typeof error === 'string') return error
    if (!isJson(error) || typeof error.message !== 'string') return ''
    return error.code === undefined ? error.message : `${error.message} (${String(error.code)})`
  }
  return errors.map(one).filter(Boolean).join('; ').slice(0, MOST)
}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

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
