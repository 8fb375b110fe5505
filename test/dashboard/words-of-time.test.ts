import { describe, expect, it } from 'vitest'
import { headlineOf, titleIn } from '../../analyze/incidents/title.js'
import { fr } from '../../dashboard/languages/fr.js'
import { zh } from '../../dashboard/languages/zh.js'
import { createFormat } from '../../dashboard/web/state/format.js'
import { attemptText } from '../../dashboard/web/parts/alerts/attempt-text.js'
import { en } from '../../dashboard/languages/en.js'

const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ')
const f = createFormat('fr', 'UTC')
const day = Date.UTC(2026, 10, 27, 14, 5)

describe('French before a time', () => {
  it('has an article where the time begins with a day, and none where it is an hour', () => {
    expect(plain(fr.alerts.now.firingSince(f.moment(day)))).toBe('Depuis le 27 nov., 14:05')
    expect(plain(fr.alerts.silences.endsWhen(f.clock(day)))).toBe('Jusqu’à 14:05')
    expect(plain(fr.inputs.complete(f.full(day)))).toBe(
      'Les journaux sont complets jusqu’au 27 nov. 2026, 14:05:00 UTC.',
    )
    expect(plain(fr.inputs.until(f.clock(day)))).toBe('prochaine lecture à 14:05')
  })

  it('counts one and none as one', () => {
    expect(plain(fr.batches.summary(5, '5', '1', '0', '4'))).toBe(
      '5 lignes : 1 enregistrée, 0 déjà connue, 4 rejetées.',
    )
  })
})

describe('Chinese after a number', () => {
  it('has a space after digits and none between its own characters', () => {
    expect(zh.upload.requests(133_000, '13.3万')).toBe('13.3万个请求')
    expect(zh.upload.requests(12, '12')).toBe('12 个请求')
    expect(zh.alerts.preview.noDataFor('17 分钟')).toBe('有 17 分钟日志不足，无法判断。')
  })
})

describe('why a notice was not taken', () => {
  it('is told in the reader’s language, and as it was said where it is not known', () => {
    const said = (w: typeof en | typeof fr | typeof zh, text: string) =>
      plain(attemptText(text, { w } as unknown as Parameters<typeof attemptText>[1]))
    expect(said(fr, '127.0.0.1:9 refuses connections')).toBe('127.0.0.1:9 refuse les connexions.')
    expect(said(zh, 'hooks.example.com did not answer within 10 s')).toBe('hooks.example.com 在 10 秒内没有应答。')
    expect(said(fr, 'answered 500: oops')).toBe('answered 500: oops')
  })
})

describe('the title of an incident', () => {
  const frozen = {
    explained: {
      en: { summary: '27 Nov 2026, 14:05–14:20 UTC, 403s rose. 311 requests.' },
      fr: { summary: 'Le 27 nov. 2026, 14:05–14:20 UTC, pic de 403. 311 requêtes.' },
      zh: { summary: '2026年11月27日 14:05–14:20 UTC，403 突增。共 311 个请求。' },
    },
  }

  it('is the headline in the reader’s language, whole in French too', () => {
    expect(headlineOf(frozen, 'fr')).toBe('Le 27 nov. 2026, 14:05–14:20 UTC, pic de 403')
    const unnamed = { title: headlineOf(frozen, 'en') as string, frozen }
    expect(titleIn(unnamed, 'zh')).toBe('2026年11月27日 14:05–14:20 UTC，403 突增')
  })

  it('stays what somebody called it', () => {
    expect(titleIn({ title: 'Checkout down', frozen }, 'fr')).toBe('Checkout down')
  })
})
