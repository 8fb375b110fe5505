/** Why a notice was not taken, in the reader's language. The service keeps the sentence in English. */
import type { Speech } from '../words.js'

/** Sentences of `analyze/notifiers/outgoing.ts`, each with what is named in it. */
const SAID = [
  ['silent', /^(\S+) did not answer within (\S+) s$/],
  ['nameless', /^(\S+) has no address: check the name$/],
  ['refuses', /^(\S+) refuses connections$/],
  ['closed', /^(\S+) closed the connection$/],
  ['expired', /^the certificate of (\S+) has expired$/],
  ['selfSigned', /^the certificate of (\S+) is self-signed$/],
  ['lacking', /^(\S+) did not take it for (.+)$/],
] as const

export type AttemptTrouble = (typeof SAID)[number][0]

/** What is not known stays as the service or the receiver said it. */
export function attemptText(message: string, { w }: Speech): string {
  for (const [trouble, pattern] of SAID) {
    const [found, host, seconds = ''] = pattern.exec(message) ?? []
    if (found !== undefined) return w.alerts.attempts[trouble](host, seconds)
  }
  return message
}
