/** What a channel is: its settings, how a notice looks there, and how it gets there. */
import { Type, type TObject, type TProperties } from 'typebox'
import type { StoredNotifier } from '../../schema/store/alert-log.js'
import type { Language } from '../../schema/words/languages.js'
import type { WordedNotice } from './message.js'
import { settingsOf, type Setting, type SettingValues } from './settings.js'
import { shownDestination } from './shown.js'
import { retryAfter, type Answer, type Outgoing, type OutgoingRequest } from './outgoing.js'

/** What became of an attempt. `lacking`: whom of several it did not reach; `retryAfterMs`: the receiver asks for so much patience. */
export type Outcome =
  | { ok: true; status: number | null; lacking?: string }
  | { ok: false; status: number | null; reason: string; retryAfterMs: number | null; permanent: boolean }

/** What is to be told of an attempt: why it failed, or whom it did not reach; null: nothing. */
export const troubleOf = (outcome: Outcome): string | null => (outcome.ok ? (outcome.lacking ?? null) : outcome.reason)

export interface DeliveryTools {
  outgoing: Outgoing
  now(): number
}

export interface SettingWords {
  label: string
  help: string
}

export interface ChannelWords<Name extends string> {
  /** where the language has a word of its own for it */
  label?: string
  /** what it is, in a few words */
  about: string
  settings: { readonly [name in Name]: SettingWords }
}

export interface Channel {
  /** as `type` names it in the API and in the store: never changed */
  type: string
  /** its name; mostly a proper one, the same in every language */
  label: string
  schema: TObject
  settings: readonly Setting[]
  words: { readonly [language in Language]: ChannelWords<string> }
  /** Where notices go, for people: without what is secret of it. */
  destination(notifier: StoredNotifier): string
  /** Resolves, whatever happens on the way. */
  deliver(notice: WordedNotice, notifier: StoredNotifier, tools: DeliveryTools): Promise<Outcome>
}

export interface ChannelPart<P extends TProperties> {
  type: string
  label: string
  settings: P
  words: { readonly [language in Language]: ChannelWords<Extract<keyof P, string>> }
  /** Default: what the settings marked so say. */
  destination?(settings: SettingValues<P>): string
  deliver(
    notice: WordedNotice,
    settings: SettingValues<P>,
    tools: DeliveryTools,
    notifier: StoredNotifier,
  ): Promise<Outcome>
}

/** Joins the parts of a channel: within, its settings have their types. */
export function channel<P extends TProperties>(part: ChannelPart<P>): Channel {
  const schema = Type.Object(part.settings)
  const settings = settingsOf(schema)
  return {
    type: part.type,
    label: part.label,
    schema,
    settings,
    words: part.words,
    destination: (notifier) => part.destination?.(valuesOf<P>(notifier)) || shownDestination(settings, notifier),
    deliver: (notice, notifier, tools) => part.deliver(notice, valuesOf<P>(notifier), tools, notifier),
  }
}

/** They were checked when they were given. */
const valuesOf = <P extends TProperties>({ settings, secrets }: StoredNotifier) =>
  ({ ...settings, ...secrets }) as SettingValues<P>

/** A channel that is one POST, or a few one after the other. */
export interface HttpChannel<P extends TProperties> {
  /** What to send; pure. Several requests: each must be taken, and all are sent again if one is not. */
  compose(notice: WordedNotice, settings: SettingValues<P>, now: number, notifier: StoredNotifier): OutgoingRequest[]
  /** For receivers that answer 200 to what they refuse: the reason, or null. */
  refusal?(answer: Answer): { reason: string; retryAfterMs: number | null } | null
}

export function overHttp<P extends TProperties>({ compose, refusal }: HttpChannel<P>): ChannelPart<P>['deliver'] {
  return async (notice, settings, { outgoing, now }, notifier) => {
    let status: number | null = null
    try {
      for (const request of compose(notice, settings, now(), notifier)) {
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
    ? `answered ${status}, a redirect to ${String(answer.headers.location ?? 'nowhere').slice(0, 200)}: redirects are not followed, give the final address`
    : `answered ${status}${said ? `: ${said}` : ''}`
  // 408, 425 and 429 are no verdict on the notice; the other 4xx say that it, or the address, is wrong
  const permanent = redirect || (status >= 400 && status <= 499 && ![408, 425, 429].includes(status))
  return { ok: false, status, reason, retryAfterMs: retryAfter(answer, now), permanent }
}
