/**
 * A token in the address of POST /api/v1/logs (`?token=…`), for senders whose requests have no headers of one's own. It is
 * taken out before anything else sees the address, so that it stands in no log, no audit entry and no error.
 */
import type { IncomingMessage } from 'node:http'

/** The one address that takes it: what reads must not be opened by an address that people pass on. */
const PATH = '/api/v1/logs'

const given = new WeakMap<object, string>()

/** The address without the token; the token is kept for whoever asks by the request. */
export function withoutQueryToken(request: Pick<IncomingMessage, 'url' | 'method'>): string {
  const { url = '/', method } = request
  const at = url.indexOf('?')
  if (at < 0 || method !== 'POST' || url.slice(0, at) !== PATH) return url
  const kept: string[] = []
  for (const part of url.slice(at + 1).split('&')) {
    const value = /^token=(.*)$/s.exec(part)?.[1]
    if (value === undefined) kept.push(part)
    else if (value !== '') given.set(request, decoded(value))
  }
  return kept.length === 0 ? PATH : `${PATH}?${kept.join('&')}`
}

/** The token that stood in the address; null: none did. */
export const queryTokenOf = (request: object): string | null => given.get(request) ?? null

function decoded(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('+', '%20'))
  } catch {
    return value
  }
}
