/** Figures and times as a language writes them. */
import type { Past } from './say.js'

export interface Format {
  /** whole, grouped: "4,812" */
  number(n: number): string
  /** 0–1 → "96 %"; a tenth of a percent where it matters: below 1 % and between 99 % and all */
  share(n: number): string
  /** "14 Jun 2026, 10:12–10:22", with both dates where the two differ in day. UTC */
  interval(start: number, end: number): string
  sameDay(a: number, b: number): boolean
  time(at: number): string
  /** "18", "1.4" */
  ratio(n: number): string
  /** "310 ms", "1.2 s", "31 s" */
  duration(ms: number): string
  /** name of a country in the language; codes that are none (Tor) stay as they are */
  country(code: string): string
}

export function formatFor(locale: string, unit: { ms: string; s: string } = { ms: 'ms', s: 's' }): Format {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const short = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 })
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 })
  const finePercent = new Intl.NumberFormat(locale, {
    style: 'percent',
    maximumFractionDigits: 1,
    roundingMode: 'trunc',
  } as Intl.NumberFormatOptions)
  const day = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short', day: 'numeric', timeZone: 'UTC' })
  const clock = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: 'UTC',
  })
  const names = new Intl.DisplayNames(locale, { type: 'region' })
  const time = (at: number) => `${day.format(at)}${locale.startsWith('zh') ? ' ' : ', '}${clock.format(at)}`
  const sameDay = (a: number, b: number) => day.format(a) === day.format(b)
  const ratio = (n: number) => (n >= 10 ? whole : short).format(n)
  return {
    number: (n) => whole.format(n),
    share: (n) => ((n > 0 && n < 0.01) || (n > 0.99 && n < 1) ? finePercent : percent).format(n),
    sameDay,
    interval: (start, end) =>
      sameDay(start, end) ? `${time(start)}–${clock.format(end)}` : `${time(start)} – ${time(end)}`,
    time,
    ratio,
    duration: (ms) => (ms < 1_000 ? `${whole.format(ms)} ${unit.ms}` : `${ratio(ms / 1_000)} ${unit.s}`),
    country(code) {
      try {
        return names.of(code) ?? code
      } catch {
        return code
      }
    },
  }
}

/** Below this nothing was expected; a fraction of a request is no figure to read. */
export const NONE_EXPECTED = 0.5
/** Beyond this a factor says only that there was next to nothing before. */
export const MOST_TIMES = 100

/** A user agent as long as a line should have it. */
export function cut(text: string, most = 60): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`
}

/** Control characters and marks that turn the direction of text have no place in a sentence. */
export function harmless(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '�')
}

/** What follows a figure in brackets: how it was in the time compared with. */
export function pastWith(words: {
  before: string
  after: string
  noneBefore: string
  noneAfter: string
  colon: string
  open: string
  close: string
}) {
  return (past: Past, figure: string | null): string => {
    const { when, some } = past
    const text =
      figure === null || !some
        ? when === 'before'
          ? words.noneBefore
          : words.noneAfter
        : `${when === 'before' ? words.before : words.after}${words.colon}${figure}`
    return `${words.open}${text}${words.close}`
  }
}
