/** Figures and times as a language writes them. */
import { once } from '../../../schema/runtime/lazily.js'
import { noCountryNamed } from '../../../schema/words/countries.js'
import { SPEECH, type Language } from '../../../schema/words/languages.js'
import { visible } from '../../../schema/words/visible.js'
import type { Past } from './say.js'

export interface Format {
  /** whole, grouped: "4,812" */
  number(n: number): string
  /** 0–1 → "96 %"; a tenth of a percent where it matters: below 1 % and between 99 % and all */
  share(n: number): string
  /** "14 Jun 2026, 10:12–10:22", with both dates where the two differ in day, with seconds where both are in one minute. UTC */
  interval(start: number, end: number): string
  sameDay(a: number, b: number): boolean
  time(at: number): string
  /** "18", "1.4" */
  ratio(n: number): string
  /** "310 ms", "1.2 s", "31 s" */
  duration(ms: number): string
  /** "4xx and 499" */
  list(names: readonly string[]): string
  /** name of a country in the language; of Tor too, which has a code among them */
  country(code: string): string
}

/** What Intl does not know: units of durations, and what stands between a day and its clock. */
interface Habits {
  ms: string
  s: string
  dayToClock: string
}

export function formatFor(
  language: Language,
  { ms, s, dayToClock }: Habits = { ms: 'ms', s: 's', dayToClock: ', ' },
): Format {
  const { locale } = SPEECH[language]
  // none of them before it is needed: they are dear to make, three languages of them a twentieth of a start
  const whole = once(() => new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }))
  const short = once(() => new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 }))
  const percent = once(() => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }))
  const fine: Intl.NumberFormatOptions & { roundingMode: 'trunc' } = {
    style: 'percent',
    maximumFractionDigits: 1,
    roundingMode: 'trunc',
  }
  const finePercent = once(() => new Intl.NumberFormat(locale, fine))
  const times = (shown: Intl.DateTimeFormatOptions) =>
    once(() => new Intl.DateTimeFormat(locale, { ...shown, timeZone: 'UTC' }))
  const minutes = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  const day = times({ year: 'numeric', month: 'short', day: 'numeric' })
  const clock = times(minutes)
  const fineClock = times({ ...minutes, second: '2-digit' })
  const lists = once(() => new Intl.ListFormat(locale, { type: 'conjunction' }))
  const names = once(() => new Intl.DisplayNames(locale, { type: 'region' }))
  const time = (at: number) => `${day().format(at)}${dayToClock}${clock().format(at)}`
  const sameDay = (a: number, b: number) => day().format(a) === day().format(b)
  const ratio = (n: number) => (n >= 10 ? whole() : short()).format(n)
  return {
    number: (n) => whole().format(n),
    share: (n) => ((n > 0 && n < 0.01) || (n > 0.99 && n < 1) ? finePercent() : percent()).format(n),
    sameDay,
    list: (all) => lists().format(all),
    interval(start, end) {
      if (time(start) === time(end))
        return `${day().format(start)}${dayToClock}${fineClock().format(start)}–${fineClock().format(end)}`
      return sameDay(start, end) ? `${time(start)}–${clock().format(end)}` : `${time(start)} – ${time(end)}`
    },
    time,
    ratio,
    duration: (time) => (time < 1_000 ? `${whole().format(time)} ${ms}` : `${ratio(time / 1_000)} ${s}`),
    country(code) {
      try {
        return noCountryNamed(code, language) ?? names().of(code) ?? code
      } catch {
        return code
      }
    },
  }
}

/** Below this nothing was expected; a fraction of a request is no figure to read. */
export const NONE_EXPECTED = 0.5
/** Up to this a factor is "slightly above": what it rounds to would say that nothing rose. Up to the other it is no leap. */
export const SLIGHT_TIMES = 1.05
/** A window that somebody chose need not have risen: up to this it fell, from here to 1 it is as always. */
export const FALLEN_TIMES = 1 / SLIGHT_TIMES
export const FEW_TIMES = 2
/** Beyond this a factor says only that there was next to nothing before. */
export const MOST_TIMES = 100

/**
 * Shares of one whole in whole percents: each rounded so that together they are what their sum rounds to (largest
 * remainder), never 101 %.
 */
export function partsOf(shares: readonly number[]): number[] {
  const percents = shares.map((share) => Math.floor(share * 100 + 1e-9))
  const total = Math.min(100, Math.round(shares.reduce((sum, share) => sum + share, 0) * 100))
  const byRemainder = shares
    .map((share, i) => ({ i, remainder: share * 100 - percents[i] }))
    .sort((a, b) => b.remainder - a.remainder || a.i - b.i)
  const left = total - percents.reduce((sum, n) => sum + n, 0)
  for (const { i } of byRemainder.slice(0, Math.max(0, left))) percents[i]++
  return percents.map((n) => n / 100)
}

/** What every browser says of itself. */
const SAID_BY_ALL =
  /^(?:Mozilla\/5\.0|AppleWebKit\/[\d.]+|\(KHTML, like Gecko\)|like|Gecko(?:\/\d+)?|Mobile(?:\/\w+)?|Safari\/[\d.]+)$/
const LONGEST_AGENT = 60
const LONGEST_DEVICE = 24

/** A user agent as long as a line should have it: what all say goes first, what tells it from others stays. */
export function agentIn(text: string): string {
  if (text.length <= LONGEST_AGENT) return text
  const telling = (text.match(/\([^()]*\)|[^\s()]+/g) ?? [])
    .filter((part) => !SAID_BY_ALL.test(part))
    .map((part) => (part.startsWith('(') ? deviceIn(part.slice(1, -1)) : part))
    .filter((part) => part !== '')
  const short = telling.length === 0 ? text : telling.join(' ')
  if (short.length <= LONGEST_AGENT) return short
  const half = Math.floor((LONGEST_AGENT - 1) / 2)
  return `${short.slice(0, half)}…${short.slice(-half)}`
}

/** `compatible; GPTBot/1.2; +https://…` → `GPTBot/1.2`; of a device its system. */
function deviceIn(comment: string): string {
  const pieces = comment.split(/;\s*/).filter((piece) => !/^(?:compatible|\+?https?:.*|Linux|U|K|wv|)$/i.test(piece))
  const bot = pieces.find((piece) => /\w\/\d/.test(piece) || /bot|crawl|spider/i.test(piece))
  if (bot) return bot
  const device = pieces[0] ?? ''
  return device === ''
    ? ''
    : `(${device.length <= LONGEST_DEVICE ? device : `${device.slice(0, LONGEST_DEVICE - 1)}…`})`
}

/** Names that keep their capital within a sentence. */
const NAMES = /^(?:Cloudflare|Workers?|Railgun|Argo|Speed|Early|Always|Tunnel|Browser|Bot|Security|Page|Custom|Super)\b/

/** A title that goes on after a colon: its first letter small, unless it begins with a name. */
export function afterColon(title: string): string {
  return NAMES.test(title) || !/^\p{Lu}(?:[’'\s]|\p{Ll})/u.test(title)
    ? title
    : title[0].toLocaleLowerCase() + title.slice(1)
}

/** Characters that hide, or turn the direction of text around, are named where they stand. */
export const harmless = visible

/** What follows a figure in brackets: how it was in the time compared with. */
export function pastWith(words: {
  before: string
  after: string
  noneBefore: string
  noneAfter: string
  never: string
  colon: string
  open: string
  close: string
}) {
  return (past: Past, figure: string | null): string => {
    const { when, some } = past
    const text =
      when === 'never'
        ? words.never
        : figure === null || !some
          ? when === 'before'
            ? words.noneBefore
            : words.noneAfter
          : `${when === 'before' ? words.before : words.after}${words.colon}${figure}`
    return `${words.open}${text}${words.close}`
  }
}
