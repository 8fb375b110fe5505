/** What a channel is: its settings, how a notice looks there, and how it gets there. */
import type { NotifierType } from '../../schema/api/alerts.js'
import type { StoredNotifier } from '../../schema/store/alert-log.js'
import type { WordedNotice } from './message.js'
import { retryAfter, type Answer, type Outgoing, type OutgoingRequest } from './outgoing.js'

export interface SettingField {
  name: string
  label: string
  kind: 'url' | 'text' | 'secret' | 'number' | 'boolean' | 'list' | 'headers'
  required: boolean
  /** kept apart and never shown again; secrets must be given anew when the destination changes */
  secret: boolean
  help: string
  /** part of where notices go */
  destination?: true
}

/** What became of an attempt. `retryAfterMs`: the receiver asks for so much patience. */
export type Outcome =
  | { ok: true; status: number | null }
  | { ok: false; status: number | null; reason: string; retryAfterMs: number | null; permanent: boolean }

export interface DeliveryTools {
  outgoing: Outgoing
  now(): number
}

export interface Channel {
  type: NotifierType
  label: string
  settings: readonly SettingField[]
  /** Where notices go, for people: without what is secret of it. */
  destination(notifier: StoredNotifier): string
  /** Resolves, whatever happens on the way. */
  deliver(notice: WordedNotice, notifier: StoredNotifier, tools: DeliveryTools): Promise<Outcome>
}

/** A channel that is one POST, or a few one after the other. */
export interface HttpChannel {
  /** What to send; pure. Several requests: each must be taken, and all are sent again if one is not. */
  compose(notice: WordedNotice, notifier: StoredNotifier, now: number): OutgoingRequest[]
  /** For receivers that answer 200 to what they refuse: the reason, or null. */
  refusal?(answer: Answer): { reason: string; retryAfterMs: number | null } | null
}

export function deliverOverHttp({ compose, refusal }: HttpChannel): Channel['deliver'] {
  return async (notice, notifier, { outgoing, now }) => {
    let status: number | null = null
    try {
      for (const request of compose(notice, notifier, now())) {
        const answer = await outgoing.post(request)
        status = answer.status
        if (answer.status < 200 || answer.status > 299) return refused(answer, now())
        const no = refusal?.(answer) ?? null
        if (no) return { ok: false, status, reason: no.reason, retryAfterMs: no.retryAfterMs, permanent: false }
      }
      return { ok: true, status }
    } catch (error) {
      const { message, permanent } = error as Error & { permanent?: boolean }
      return { ok: false, status: null, reason: message, retryAfterMs: null, permanent: permanent === true }
    }
  }
}

function refused(answer: Answer, now: number): Outcome {
  const { status } = answer
  const redirect = status >= 300 && status <= 399
  const said = answer.body.trim().replace(/\s+/g, ' ').slice(0, 200)
  const reason = redirect
    ? `answered ${status}, a redirect to ${String(answer.headers.location ?? 'nowhere')}: redirects are not followed, give the final address`
    : `answered ${status}${said ? `: ${said}` : ''}`
  // 408, 425 and 429 are no verdict on the notice; the other 4xx say that it, or the address, is wrong
  const permanent = redirect || (status >= 400 && status <= 499 && ![408, 425, 429].includes(status))
  return { ok: false, status, reason, retryAfterMs: retryAfter(answer, now), permanent }
}

export function textSetting(notifier: StoredNotifier, name: string): string {
  const value = notifier.secrets[name] ?? notifier.settings[name]
  return typeof value === 'string' ? value : ''
}

/** Host and the first piece of the path: enough to recognise a webhook, not enough to use it. */
export function shownUrl(url: string): string {
  if (!URL.canParse(url)) return ''
  const { origin, pathname } = new URL(url)
  const first = pathname.split('/')[1] ?? ''
  return `${origin}/${first.length > 0 && first.length <= 12 ? `${first}/` : ''}…`
}
