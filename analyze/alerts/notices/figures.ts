/** Figures and times as a language writes them. */
import { DateTime } from 'luxon'
import { timeZoneOf } from '../../../schema/words/time-zone.js'
import type { Finding } from '../../../schema/store/alert-log.js'
import { DAY, HOUR, MINUTE, SECOND } from '../../../schema/words/duration.js'
import type { AlertTexts } from './languages/index.js'

export interface Figures {
  number(n: number): string
  share(n: number): string
  /** 90 min, 3 d */
  duration(ms: number): string
  /** 2026-05-20 14:05 UTC */
  time(ms: number): string
  /** 14:05, or with its day if that is not the day of `other` */
  clock(ms: number, other: number): string
  /** a value of a rule in its unit */
  value(value: number, unit: Finding['unit']): string
}

export function figuresOf(texts: AlertTexts, timeZone: string): Figures {
  const number = (n: number) => new Intl.NumberFormat(texts.locale, { maximumFractionDigits: n < 10 ? 1 : 0 }).format(n)
  const share = (n: number) =>
    new Intl.NumberFormat(texts.locale, {
      style: 'percent',
      maximumSignificantDigits: n > 0.99 && n < 1 ? 5 : 3,
    }).format(n)
  const at = (ms: number) => DateTime.fromMillis(ms, { zone: timeZoneOf(timeZone) ?? 'UTC' })
  const gap = texts.locale.startsWith('zh') ? ' ' : ' '

  function duration(ms: number): string {
    const { day, hour, minute, second } = texts.units
    if (ms >= 2 * DAY && ms % DAY === 0) return `${ms / DAY}${gap}${day}`
    if (ms >= HOUR && ms % HOUR === 0) return `${ms / HOUR}${gap}${hour}`
    if (ms >= DAY) return `${Math.floor(ms / DAY)}${gap}${day} ${Math.round((ms % DAY) / HOUR)}${gap}${hour}`
    if (ms >= 2 * HOUR) {
      return `${Math.floor(ms / HOUR)}${gap}${hour} ${Math.round((ms % HOUR) / MINUTE)}${gap}${minute}`
    }
    if (ms >= MINUTE) return `${Math.round(ms / MINUTE)}${gap}${minute}`
    return `${Math.round(ms / SECOND)}${gap}${second}`
  }

  return {
    number,
    share,
    duration,
    time: (ms) => at(ms).toFormat('yyyy-MM-dd HH:mm ') + (timeZone === 'UTC' ? 'UTC' : at(ms).toFormat('ZZZZ')),
    clock: (ms, other) => at(ms).toFormat(at(ms).hasSame(at(other), 'day') ? 'HH:mm' : 'yyyy-MM-dd HH:mm'),
    value(value, unit) {
      switch (unit) {
        case 'share':
          return share(value)
        case 'burn':
          return `${number(value)}×`
        case 'ms':
          return value < SECOND
            ? `${number(Math.round(value))}${gap}${texts.units.millisecond}`
            : `${number(value / SECOND)}${gap}${texts.units.second}`
        case 'minutes':
          return duration(value * MINUTE)
        case 'requests':
        case 'score':
          return number(value)
      }
    },
  }
}
