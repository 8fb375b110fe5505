import { describe, expect, it } from 'vitest'
import { changeOf, changeText } from '../../dashboard/web/state/change.js'
import { createFormat, spanParts, zoneOf, type Format } from '../../dashboard/web/state/format.js'
import { en } from '../../dashboard/languages/en.js'
import { fr } from '../../dashboard/languages/fr.js'
import { zh } from '../../dashboard/languages/zh.js'

const formats = { en: createFormat('en', 'UTC'), fr: createFormat('fr', 'UTC'), zh: createFormat('zh', 'UTC') }
/** Intl puts several kinds of space; a reader sees a space. */
const plain = (text: string): string => text.replace(/[\u00a0\u202f\u2009]/g, ' ')
const inThree = (f: (format: Format) => string): string[] => Object.values(formats).map((format) => plain(f(format)))
const t = Date.UTC(2026, 10, 20, 14, 5, 33, 120)

describe('numbers', () => {
  it('are short from ten thousand on', () => {
    expect(inThree((f) => f.short(9_999))).toEqual(['9,999', '9 999', '9,999'])
    expect(inThree((f) => f.short(1_234_567))).toEqual(['1.23M', '1,23 M', '123万'])
  })

  it('keep every digit in tables', () => {
    expect(inThree((f) => f.count(10_000_000))).toEqual(['10,000,000', '10 000 000', '10,000,000'])
  })

  it('say a share without lying about its ends', () => {
    expect([0, 0.00001, 0.0004, 0.0123, 0.456, 0.9996, 1].map(formats.en.share)).toEqual([
      '0%',
      '<0.01%',
      '0.04%',
      '1.23%',
      '45.6%',
      '>99.9%',
      '100%',
    ])
    expect(inThree((f) => f.share(0.0525))).toEqual(['5.25%', '5,25 %', '5.25%'])
  })

  it('have as many decimals as the others of their column', () => {
    const column = [0.397, 0.08, 0.0284, 0.0004, 0]
    expect(column.map(formats.en.shares(column))).toEqual(['39.7%', '8.0%', '2.8%', '<0.1%', '0%'])
    expect([0.004, 0.0012].map(formats.fr.shares([0.004, 0.0012])).map(plain)).toEqual(['0,40 %', '0,12 %'])
    expect([1, 0.9999].map(formats.en.shares([1]))).toEqual(['100%', '>99.9%'])
  })

  it('write times and sizes with their unit', () => {
    expect([412, 1240, 34_200, 120_000].map((ms) => plain(formats.en.millis(ms)))).toEqual([
      '412 ms',
      '1.24 s',
      '34.2 s',
      '120 s',
    ])
    expect(inThree((f) => f.bytes(1_250_000_000))).toEqual(['1.25 GB', '1,25 Go', '1.25 GB'])
    expect(inThree((f) => f.bytes(600))).toEqual(['600 B', '600 o', '600 B'])
    expect(inThree((f) => f.duration(2 * 3_600_000 + 5 * 60_000))).toEqual(['2h 5m', '2 h 5 min', '2 小时 5 分钟'])
    expect(formats.en.duration(0)).toBe('0s')
  })
})

describe('times', () => {
  it('follow the reader’s zone', () => {
    expect(createFormat('en', 'UTC').clock(t)).toBe('14:05')
    expect(createFormat('en', 'Asia/Shanghai').clock(t)).toBe('22:05')
    expect(createFormat('en', 'UTC').clockMs(t)).toBe('14:05:33.120')
    expect(createFormat('en', 'UTC').zoneName(t)).toBe('UTC')
  })

  it('name a minute once', () => {
    expect(formats.en.interval(t, t + 20_000)).toBe(formats.en.moment(t))
    expect(formats.en.interval(t, t + 60_000)).toContain('14:05–14:06')
  })

  it('say a whole time and what stands beside it as each language does', () => {
    expect(inThree((f) => f.full(t))).toEqual([
      '20 Nov 2026, 14:05:33 UTC',
      '20 nov. 2026, 14:05:33 UTC',
      '2026年11月20日 14:05:33 UTC',
    ])
    expect(inThree((f) => `x${f.aside('y')}`)).toEqual(['x (y)', 'x (y)', 'x（y）'])
    expect(inThree((f) => f.list(['on call', 'ops']))).toEqual(['on call and ops', 'on call et ops', 'on call、ops'])
  })

  it('name the day as each language does', () => {
    expect(inThree((f) => f.date(t))).toEqual(['20 Nov 2026', '20 nov. 2026', '2026年11月20日'])
  })

  it('do not repeat the day of an interval, and name a year that is not this one', () => {
    const now = new Date()
    const noon = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate(), 12)
    expect(formats.en.interval(noon, noon + 3_600_000)).toMatch(/^\d+ \w+, 12:00–13:00$/)
    expect(formats.en.interval(Date.UTC(2020, 1, 1), Date.UTC(2021, 1, 1))).toBe(
      '1 Feb 2020, 00:00 – 1 Feb 2021, 00:00',
    )
  })

  it('take an unknown zone as the machine’s', () => {
    expect(zoneOf('Mars/Olympus')).toBe(zoneOf('local'))
    expect(zoneOf('UTC')).toBe('UTC')
    expect(zoneOf('Europe/Paris')).toBe('Europe/Paris')
  })
})

describe('words with numbers', () => {
  it('agree with them', () => {
    expect(en.upload.stored(1, '1')).toBe('1 request stored')
    expect(en.upload.stored(0, '0')).toBe('0 requests stored')
    expect(fr.upload.stored(0, '0')).toBe('0 requête enregistrée')
    expect(fr.upload.stored(2, '2')).toBe('2 requêtes enregistrées')
    expect(zh.upload.stored(2, '2')).toBe('已存储 2 个请求')
  })

  it('say millions in French with "de"', () => {
    expect(fr.upload.requests(1_234_567, formats.fr.short(1_234_567))).toMatch(/^1,23.M de requêtes$/)
  })

  it('name a span of time', () => {
    const last = (ms: number): string[] =>
      [en, fr, zh].map((w, i) => {
        const { unit, n } = spanParts(ms)
        return plain(w.range.last(Object.values(formats)[i].span(ms), unit, n))
      })
    expect(last(86_400_000)).toEqual(['Last 24 hours', 'Dernières 24 heures', '最近 24 小时'])
    expect(last(3_600_000)).toEqual(['Last hour', 'Dernière heure', '最近 1 小时'])
    expect(last(7 * 86_400_000)).toEqual(['Last 7 days', 'Derniers 7 jours', '最近 7 天'])
  })
})

describe('changes', () => {
  it('tell apart more, less, the same, and nothing to compare with', () => {
    expect(changeOf(110, 100).kind).toBe('up')
    expect(changeOf(90, 100).kind).toBe('down')
    expect(changeOf(1001, 1000).kind).toBe('same')
    expect(changeOf(5, 0).kind).toBe('new')
    expect(changeOf(0, 0).kind).toBe('same')
    expect(changeOf(5, null).kind).toBe('none')
  })

  it('are percentages below twofold and factors from there', () => {
    expect([1030, 880, 2100, 40_000].map((n) => changeText(changeOf(n, 1000), formats.en))).toEqual([
      '3%',
      '12%',
      '2.1×',
      '40×',
    ])
  })
})
