/** Figures and times as a language writes them. */

export interface Format {
  number(n: number): string
  /** 0–1 → "96 %" */
  share(n: number): string
  /** UTC time of day, with the date where the two differ in day */
  interval(start: number, end: number): string
  time(at: number): string
  /** "18×", "1.4×" */
  times(ratio: number): string
  ms(value: number): string
}

export function formatFor(locale: string): Format {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const short = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 })
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 })
  const finePercent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hour12: false, timeZone: 'UTC' })
  const dated = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false, timeZone: 'UTC' })
  return {
    number: (n) => (n < 10 && !Number.isInteger(n) ? short.format(n) : whole.format(n)),
    share: (n) => (n > 0 && n < 0.01 ? finePercent : percent).format(n),
    interval: (start, end) => (sameDay(start, end) ? `${dated.format(start)}–${clock.format(end)}` : `${dated.format(start)} – ${dated.format(end)}`),
    time: (at) => dated.format(at),
    times: (ratio) => `${ratio >= 10 ? whole.format(ratio) : short.format(ratio)}×`,
    ms: (value) => `${whole.format(value)} ms`,
  }
}

function sameDay(a: number, b: number): boolean {
  return Math.floor(a / 86_400_000) === Math.floor(b / 86_400_000)
}
