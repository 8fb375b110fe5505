/** Spans of time as a language writes them, for sentences: "40 seconds", "12 minutes", "3 hours", "2 days". */
import { SPEECH, type Language } from '../../../schema/words/languages.js'
import { DAY, HOUR, MINUTE, SECOND } from '../../../schema/words/duration.js'

const UNITS = [
  [2 * DAY, DAY, 'day'],
  [2 * HOUR, HOUR, 'hour'],
  [2 * MINUTE, MINUTE, 'minute'],
  [0, SECOND, 'second'],
] as const

export function spansFor(language: Language): (ms: number) => string {
  const formats = new Map(
    UNITS.map(([, , unit]) => [
      unit,
      new Intl.NumberFormat(SPEECH[language].locale, {
        style: 'unit',
        unit,
        unitDisplay: 'long',
        maximumFractionDigits: 0,
      }),
    ]),
  )
  return (ms) => {
    const [, size, unit] = UNITS.find(([from]) => ms >= from) ?? UNITS[3]
    const text = (formats.get(unit) as Intl.NumberFormat).format(ms / size)
    // 24 小时, not 24小时
    return text.replace(/(\d)(?=\p{Script=Han})/gu, '$1 ')
  }
}
