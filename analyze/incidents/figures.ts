/** Figures and times of a frozen incident as a language writes them. */
import type { IncidentWords } from './words.js'

export function figuresFor({ locale }: Pick<IncidentWords, 'locale'>) {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  const day = new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: 'UTC',
  })
  const clock = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZone: 'UTC',
  })
  return {
    number: (n: number) => whole.format(n),
    share: (n: number) => percent.format(n),
    time: (iso: string) => day.format(new Date(iso)),
    clock: (iso: string) => clock.format(new Date(iso)),
  }
}

/** Control characters, and marks that turn the direction of text, have no place in a page about logs. */
export function harmless(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '�')
}
