/** Figures and times of a page that stands alone, as a language writes them. */
import { DAY } from '../../schema/words/duration.js'
import { visible } from '../../schema/words/visible.js'

export type Figures = ReturnType<typeof figuresFor>

export function figuresFor({ locale }: { locale: string }) {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { hourCycle: 'h23', timeZone: 'UTC', ...options })
  const hour = { hour: '2-digit', minute: '2-digit' } as const
  const date = { year: 'numeric', month: 'short', day: 'numeric' } as const
  const [day, clock, minute, noYear, dateOnly] = [
    format({ ...date, ...hour }),
    format({ ...hour, second: '2-digit' }),
    format(hour),
    format({ month: 'short', day: 'numeric', ...hour }),
    format(date),
  ]
  return {
    number: (n: number) => whole.format(n),
    share: (n: number) => percent.format(n),
    time: (iso: string | number) => day.format(new Date(iso)),
    /** both dates only where they differ */
    interval: (from: string, to: string) => {
      const [start, end] = [new Date(from), new Date(to)]
      const isOneDay = dateOnly.format(start) === dateOnly.format(end)
      return `${day.format(start)} – ${(isOneDay ? minute : day).format(end)}`
    },
    clock: (iso: string) => clock.format(new Date(iso)),
    /** Times of a chart: with as much date as the span needs; the day itself is said above it. */
    within: (span: number) => {
      const shown = span <= DAY ? minute : span <= 60 * DAY ? noYear : dateOnly
      return (at: number) => shown.format(at)
    },
  }
}

/** Characters that hide, or turn the direction of text, are named where they stand; lines and tabs of people stay. */
export const harmless = (text: string) =>
  text
    .split(/([\n\t])/)
    .map((piece, i) => (i % 2 === 1 ? piece : visible(piece)))
    .join('')
