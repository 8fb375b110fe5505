import { describe, expect, it } from 'vitest'
import { figuresOf } from '../../../analyze/alerts/notices/figures.js'
import { ALERT_TEXTS } from '../../../analyze/alerts/notices/languages/index.js'
import { messageOf } from '../../../analyze/alerts/notices/message.js'
import { plainText } from '../../../analyze/notifiers/message.js'
import { LANGUAGES } from '../../../schema/words/languages.js'
import type { Finding, NoticeAlert } from '../../../schema/store/alert-log.js'
import { alertOf, FIRED, noticeOf } from './sample.js'

/** Every text in it, by its path. */
function texts(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => texts(inner, `${path}.${key}`))
}

describe('texts of notices', () => {
  const all = LANGUAGES.map((language) => new Map(texts(ALERT_TEXTS[language])))

  it('are the same ones in every language, none of them empty', () => {
    for (const one of all) {
      expect([...one.keys()].sort()).toEqual([...all[0].keys()].sort())
      for (const [path, text] of one) expect(text.trim(), path).not.toBe('')
    }
  })

  it('are not English left over', () => {
    const alike = (a: number, b: number) =>
      [...all[a]].filter(([path, text]) => text.length > 12 && all[b].get(path) === text).map(([path]) => path)
    expect(alike(0, 1)).toEqual([])
    expect(alike(0, 2)).toEqual([])
  })
})

describe('a message', () => {
  it('in English', () => {
    expect(plainText(messageOf(noticeOf(), 'UTC'))).toBe(`[Firing] Edge refuses visitors (critical) · www.example.com

Edge refuses visitors: 18% of 4,812 requests in 5 min
Since: 2026-05-20 14:02 UTC
How much: threshold 2%, usually 0.4%
Where: host www.example.com · status 403 or 429 · answered by the edge
Most likely cause: A managed WAF rule blocks these requests (confidence 96%). One rule blocks nearly all of them.
Check first: Look at the rule in Security Events.
Note: Ask the security team first.
Open the spike: https://faultline.example.com/spikes/s1
Open the alert: https://faultline.example.com/alerts/e1
Runbook: https://wiki.example.com/waf
A managed WAF rule blocks these requests: https://developers.cloudflare.com/waf/`)
  })

  it('in French, in the time of the reader', () => {
    const text = plainText(messageOf(noticeOf([alertOf()], { language: 'fr' }), 'Europe/Paris')).replaceAll(
      /[\u00a0\u202f]/g,
      ' ',
    )
    expect(text).toContain('[En alerte] Visiteurs refusés par la périphérie (critique)')
    expect(text).toContain('18 % de 4 812 requêtes en 5 min')
    expect(text).toContain('Depuis : 2026-05-20 16:02')
    expect(text).toContain('Combien : seuil 2 %, d’habitude 0,4 %')
  })

  it('in Chinese', () => {
    const text = plainText(
      messageOf(noticeOf([alertOf({ phase: 'resolved', resolvedAt: FIRED + 600_000 })], { language: 'zh' }), 'UTC'),
    )
    expect(text).toContain('[已恢复]')
    expect(text).toContain('时间：2026-05-20 14:02 UTC 至 2026-05-20 14:15 UTC')
  })

  it('of every kind of rule has figures and no hole', () => {
    const plain: Finding = {
      unit: 'requests',
      value: 120,
      threshold: 100,
      expected: 4,
      window: 300_000,
      requests: null,
      burn: null,
      objective: null,
      surge: null,
    }
    const kinds: Partial<NoticeAlert>[] = [
      { kind: 'count', finding: plain },
      {
        kind: 'burn-rate',
        finding: {
          ...plain,
          unit: 'burn',
          value: 21.3,
          threshold: 14.4,
          expected: null,
          window: 3_600_000,
          burn: { short: '5m', long: '1h', factor: 14.4 },
          objective: 0.999,
        },
      },
      {
        kind: 'absence',
        finding: { ...plain, unit: 'minutes', value: 17, threshold: 15, expected: null, window: null },
      },
      {
        kind: 'surge',
        finding: {
          ...plain,
          unit: 'score',
          value: 41,
          threshold: null,
          expected: 260,
          window: null,
          requests: 4812,
          surge: { status: 403, statusClass: '4xx', source: 'edge', host: 'www.example.com', start: FIRED },
        },
      },
      {
        kind: 'surge',
        finding: {
          ...plain,
          unit: 'score',
          value: 41,
          threshold: null,
          expected: 2,
          window: null,
          requests: 900,
          surge: { status: null, statusClass: '5xx', source: null, host: null, start: FIRED },
        },
      },
    ]
    for (const language of LANGUAGES) {
      for (const kind of kinds) {
        const [entry] = messageOf(noticeOf([alertOf(kind)], { language }), 'UTC').entries
        expect(entry.heading).not.toMatch(/undefined|null|NaN|\[object/)
        expect(entry.heading).toMatch(/\d/)
        expect(entry.facts.every((f) => f.text.trim() !== '')).toBe(true)
      }
    }
    const howMuch = LANGUAGES.map(
      (language) => messageOf(noticeOf([alertOf(kinds[3])], { language }), 'UTC').entries[0].facts[1].text,
    )
    expect(howMuch).toEqual([
      '4,812 seen, 260 expected, score 41',
      '4 812 observées, 260 attendues, score 41',
      '实际 4,812 次，预期 260 次，得分 41',
    ])
    expect(messageOf(noticeOf([alertOf(kinds[3])]), 'UTC').entries[0].heading).toBe(
      'Edge refuses visitors: 4,812 requests: 403 written by the edge on www.example.com',
    )
  })

  it('of many alerts tells the first and counts the others', () => {
    const message = messageOf(
      noticeOf(Array.from({ length: 30 }, (_, i) => alertOf({ episode: `e${i}`, changed: i < 20 }))),
      'UTC',
    )
    expect(message.entries).toHaveLength(8)
    expect(message.title).toBe('[Firing] 20 alerts: Edge refuses visitors (critical) · www.example.com')
    expect(message.more).toBe('… and 12 more · 10 still firing')
  })

  it('cuts what is endless and takes control characters their force', () => {
    const [entry] = messageOf(
      noticeOf([alertOf({ labels: { alertname: 'x', path: `/\u202e\u0007${'a'.repeat(5_000)}` } })]),
      'UTC',
    ).entries
    const where = entry.facts.find((f) => f.head === 'Where')?.text ?? ''
    expect(where.length).toBeLessThan(1_300)
    expect(where).not.toContain('\u202e')
    expect(where).not.toContain('\u0007')
  })
})

describe('figures', () => {
  it('are read at a glance', () => {
    const { duration, clock } = figuresOf(ALERT_TEXTS.en, 'UTC')
    expect(
      [300_000, 3_600_000, 5_400_000, 259_200_000, 100_000_000].map(duration).map((t) => t.replaceAll('\u00a0', ' ')),
    ).toEqual(['5 min', '1 h', '90 min', '3 d', '1 d 4 h'])
    expect(clock(FIRED, FIRED + 60_000)).toBe('14:05')
    expect(clock(FIRED, FIRED + 86_400_000)).toBe('2026-05-20 14:05')
  })
})
