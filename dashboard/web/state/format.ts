/** Numbers, shares and times as a reader of the language writes them. Pure; one object for each language and zone. */
import { noCountryNamed } from '../../../schema/words/countries.js'
import { DAY, HOUR, MINUTE } from '../../../schema/words/duration.js'
import { inAside, SPEECH, type Translated } from '../../../schema/words/languages.js'
import type { SpanUnit } from '../../languages/en.js'
import type { Lang } from '../../languages/index.js'

/** What Intl does not know. */
const FORMS: Translated<{
  /** where the locale of dates writes numbers otherwise than people do */
  numbers?: string
  /** French has no narrow form that a reader would write: 10 min, not 10min */
  spans: 'narrow' | 'short'
  /** so many times as much */
  times(factor: string): string
  /** where the time of a full date goes otherwise than Intl has it */
  fullZone?: true
  /** between the items of a list, where Intl’s word for it would touch Latin names */
  between?: string
}> = {
  en: { numbers: 'en', spans: 'narrow', times: (factor) => `${factor}×` },
  fr: { spans: 'short', times: (factor) => `×\u202f${factor}` },
  zh: {
    spans: 'narrow',
    times: (factor) => `${factor} 倍`,
    fullZone: true,
    between: '、',
  },
}

export interface Format {
  lang: Lang
  locale: string
  /** IANA name */
  zone: string
  /** every digit: 1,234,567 */
  count(n: number): string
  /** +1,234, −56 */
  signed(n: number): string
  /** three digits that matter: 1.23M; all of them below 10,000 */
  short(n: number): string
  /** for small numbers: 9.4, 0.029 */
  decimal(n: number): string
  /** 0–1 as a percentage that never rounds a little to nothing nor nearly all to all */
  share(x: number): string
  /** the same for a column of shares: each with as many decimals as the others */
  shares(all: readonly number[]): (x: number) => string
  /** 2.1× */
  times(x: number): string
  /** milliseconds, as ms or s */
  millis(ms: number): string
  bytes(n: number): string
  /** a span of time with its unit written out: 24 hours, 7 days */
  span(ms: number): string
  /** a span of time in its two largest units */
  duration(ms: number): string
  /** 14:05 */
  clock(t: number): string
  /** 14:05:33.120 */
  clockMs(t: number): string
  /** 20 Nov; with the year where it is another than now */
  day(t: number): string
  /** 2026 */
  year(t: number): string
  /** Nov 2026 */
  month(t: number): string
  /** 20 Nov 2026 */
  date(t: number): string
  /** 20 Nov, 14:05; with the year where it is another than now */
  moment(t: number): string
  /** 14:05 on the day of `other`, else as `moment` */
  near(t: number, other: number): string
  /** 20 Nov 2026, 14:05:33 UTC */
  full(t: number): string
  /** what stands beside: " (28 min)", "（28 分钟）" */
  aside(text: string): string
  /** from – to, without repeating the day; once where both are in one minute */
  interval(from: number, to: number): string
  /** UTC, GMT+1 … at that time */
  zoneName(t: number): string
  country(code: string): string
  language(code: string): string
  list(items: string[]): string
}

/** `local` and unknown names become the machine's zone. */
export function zoneOf(choice: string): string {
  if (choice === 'UTC') return 'UTC'
  const local = new Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'
  if (choice === 'local') return local
  try {
    return new Intl.DateTimeFormat('en', { timeZone: choice }).resolvedOptions().timeZone
  } catch {
    return local
  }
}

const SPAN_MS: { [U in SpanUnit]: number } = { minute: MINUTE, hour: HOUR, day: DAY }

/** The unit in which a span reads best: 24 hours, not 1 day; 7 days, not 168 hours. */
export function spanParts(ms: number): { unit: SpanUnit; n: number } {
  const unit = ms > SPAN_MS.day && ms % SPAN_MS.day === 0 ? 'day' : ms % SPAN_MS.hour === 0 ? 'hour' : 'minute'
  return { unit, n: ms / SPAN_MS[unit] }
}

const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** 24 小时, not 24小时: Chinese leaves room between digits and words. */
const spaced = (text: string): string => text.replace(/(\d)(?=\p{Script=Han})/gu, '$1 ')

/** Intl's objects cost a millisecond each, and a page needs a few of them. */
function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}

const yearOf = (t: number): number => new Date(t).getUTCFullYear()

export function createFormat(lang: Lang, zone: string): Format {
  const { locale } = SPEECH[lang]
  const forms: (typeof FORMS)[Lang] = FORMS[lang]
  const numbers = forms.numbers ?? locale
  const num = (options: Intl.NumberFormatOptions): ((n: number) => string) => {
    const made = once(() => new Intl.NumberFormat(numbers, options))
    return (n) => made().format(n)
  }
  const time = (options: Intl.DateTimeFormatOptions): ((t: number) => string) => {
    const made = once(() => new Intl.DateTimeFormat(locale, { timeZone: zone, hourCycle: 'h23', ...options }))
    return (t) => made().format(t)
  }
  const count = num({ maximumFractionDigits: 0 })
  const signed = num({ maximumFractionDigits: 0, signDisplay: 'exceptZero' })
  const compact = num({ notation: 'compact', maximumSignificantDigits: 3 })
  const percent = [0, 1, 2].map((digits) => num({ style: 'percent', maximumFractionDigits: digits }))
  const even = [0, 1, 2].map((digits) =>
    num({ style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits }),
  )
  const factor = num({ maximumSignificantDigits: 2 })
  const units = new Map<string, (n: number) => string>()
  const unit = (name: string, digits: number, display: 'short' | 'narrow' | 'long' = 'short') => {
    const key = `${name} ${digits} ${display}`
    const known = units.get(key)
    if (known) return known
    const made = num({ style: 'unit', unit: name, unitDisplay: display, maximumFractionDigits: digits })
    units.set(key, made)
    return made
  }
  const decimals = [0, 1, 2].map((digits) => num({ maximumFractionDigits: digits }))
  const spans = (['day', 'hour', 'minute', 'second'] as const).map((u) => unit(u, 0, forms.spans))
  const clock = time({ hour: '2-digit', minute: '2-digit' })
  const clockMs = time({ hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 })
  const dayOfThisYear = time({ day: 'numeric', month: 'short' })
  const date = time({ day: 'numeric', month: 'short', year: 'numeric' })
  const momentOfThisYear = time({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })
  const momentOfYear = time({ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' })
  const month = time({ month: 'short', year: 'numeric' })
  const year = time({ year: 'numeric' })
  const isThisYear = (t: number): boolean => {
    const now = Date.now()
    // a day from New Year no zone is in another year than UTC
    const [sure, sureNow] = [yearOf(t - DAY) === yearOf(t + DAY), yearOf(now - DAY) === yearOf(now + DAY)]
    return sure && sureNow ? yearOf(t) === yearOf(now) : year(t) === year(now)
  }
  const day = (t: number): string => (isThisYear(t) ? dayOfThisYear : date)(t)
  const moment = (t: number): string => (isThisYear(t) ? momentOfThisYear : momentOfYear)(t)
  const toTheSecond = {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  } as const
  const withZone = time({ ...toTheSecond, timeZoneName: 'short' })
  const withoutZone = time(toTheSecond)
  const zoneParts = once(() => new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: 'short' }))
  const countries = once(() => new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' }))
  const languages = once(() => new Intl.DisplayNames(locale, { type: 'language' }))
  const lists = once(() => new Intl.ListFormat(locale, { type: 'conjunction' }))

  const zoneName = (t: number): string =>
    zoneParts()
      .formatToParts(t)
      .find((p) => p.type === 'timeZoneName')?.value ?? zone

  return {
    lang,
    locale,
    zone,
    count,
    signed,
    clock,
    clockMs,
    day,
    month,
    year,
    date,
    moment,
    near: (t, other) => (date(t) === date(other) ? clock(t) : moment(t)),
    full: (t) => (forms.fullZone ? `${withoutZone(t)} ${zoneName(t)}` : withZone(t)),
    decimal: (n) => (n < 1 ? factor(n) : decimals[1](n)),
    short: (n) => (Math.abs(n) < 10_000 ? count(n) : compact(n)),
    share(x) {
      if (x > 0 && x < 0.0001) return `<${percent[2](0.0001)}`
      if (x < 1 && x > 0.999) return `>${percent[1](0.999)}`
      return x < 0.1 ? percent[2](x) : percent[1](x)
    },
    shares(all) {
      const digits = Math.max(0, ...all) < 0.01 ? 2 : 1
      const write = even[digits]
      const least = 0.1 ** (2 + digits)
      return (x) =>
        x === 0 || x === 1
          ? percent[0](x)
          : x < least
            ? `<${write(least)}`
            : x > 1 - least
              ? `>${write(1 - least)}`
              : write(x)
    },
    times: (x) => forms.times(x >= 100 ? count(x) : factor(x)),
    // ms and s are written alike in every language
    millis: (ms) =>
      ms < 1000
        ? `${decimals[0](ms)}\u00a0ms`
        : `${decimals[ms < 10_000 ? 2 : ms < 100_000 ? 1 : 0](ms / 1000)}\u00a0s`,
    span(ms) {
      const { unit: name, n } = spanParts(ms)
      return spaced(unit(name, 1, 'long')(n))
    },
    bytes(n) {
      const power = n < 1 ? 0 : Math.min(4, Math.floor(Math.log10(n) / 3))
      const value = n / 1000 ** power
      const text = unit(
        BYTE_UNITS[power],
        power === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2,
        power === 0 ? 'narrow' : 'short',
      )(value)
      // Intl writes 200B, but 7.4 kB
      return text.replace(/(\d)(?=\p{L})/u, '$1\u00a0')
    },
    duration(ms) {
      let rest = Math.round(ms / 1000)
      const parts = [86_400, 3_600, 60, 1].map((size) => {
        const whole = Math.floor(rest / size)
        rest -= whole * size
        return whole
      })
      const first = Math.max(
        0,
        parts.findIndex((p) => p > 0),
      )
      if (parts.every((p) => p === 0)) return spaced(spans[3](0))
      const shown = [first, first + 1].filter((i) => i < 4 && parts[i] > 0)
      return shown.map((i) => spaced(spans[i](parts[i]))).join(' ')
    },
    interval(from, to) {
      const when = isThisYear(from) && isThisYear(to) ? momentOfThisYear : momentOfYear
      const oneDay = date(from) === date(to)
      if (oneDay && clock(from) === clock(to)) return when(from)
      return oneDay ? `${when(from)}–${clock(to)}` : `${when(from)} – ${when(to)}`
    },
    zoneName,
    country(code) {
      const none = noCountryNamed(code, lang)
      if (none !== undefined || !/^[A-Z]{2}$/.test(code)) return none ?? code
      return countries().of(code) ?? code
    },
    language: (code) => languages().of(code) ?? code,
    list: (items) => (forms.between ? items.join(forms.between) : lists().format(items)),
    aside: (text) => inAside(text, lang),
  }
}
