import { describe, expect, test } from 'vitest'
import { LANGUAGES, type Language } from '../../../schema/words/languages.js'
import { causeIn, loadCatalogue } from '../../../schema/status/catalogue.js'
import { matches } from '../../../schema/status/when.js'
import { EVIDENCE_FIELDS } from '../../../schema/words/fields.js'
import { DOCUMENTED_CODES, FIXED_CAUSES } from './documented-codes.js'

const catalogue = loadCatalogue()
const entries = catalogue.codes.map((code) => catalogue.entry(code)!)
const causes = entries.flatMap((entry) => entry.causes)

/** Every text of the catalogue in its three languages, with the place it stands at. */
function allTexts(): { at: string; text: Record<Language, string> }[] {
  return entries.flatMap((entry) => [
    { at: `${entry.code} title`, text: entry.title },
    { at: `${entry.code} meaning`, text: entry.meaning },
    ...entry.causes.flatMap((cause) => [
      { at: `${cause.id} title`, text: cause.title },
      { at: `${cause.id} explanation`, text: cause.explanation },
      ...cause.check.en.map((_, i) => ({
        at: `${cause.id} check ${i + 1}`,
        text: { en: cause.check.en[i], fr: cause.check.fr[i], zh: cause.check.zh[i] },
      })),
    ]),
  ])
}

describe('the catalogue is complete', () => {
  test('it holds exactly the 72 documented codes', () => {
    expect(DOCUMENTED_CODES).toHaveLength(72)
    expect(catalogue.codes).toEqual(DOCUMENTED_CODES)
  })

  test('every fixed cause is there', () => {
    const ids = new Set(causes.map((cause) => cause.id))
    expect(FIXED_CAUSES.filter((id) => !ids.has(id))).toEqual([])
  })

  test('every error has a cause, and every cause two to four steps in each language', () => {
    expect(entries.filter((e) => e.code >= 400 && e.causes.length === 0).map((e) => e.code)).toEqual([])
    for (const cause of causes) {
      for (const lang of LANGUAGES) expect(cause.check[lang].length, cause.id).toBeGreaterThanOrEqual(2)
      expect(cause.check.fr.length, cause.id).toBe(cause.check.en.length)
      expect(cause.check.zh.length, cause.id).toBe(cause.check.en.length)
    }
  })

  test('every code from 400 to 499 can be the answer of a custom rule, except 499', () => {
    for (const { code, causes } of entries) {
      const expected = code >= 400 && code < 499
      expect(
        causes.some((c) => c.id === `${code}/waf-custom-response`),
        String(code),
      ).toBe(expected)
    }
  })

  test('on 403 and 429, whose own causes say more, the custom response comes last', () => {
    for (const code of [403, 429]) {
      const causes = catalogue.statusEntry(code, 'en').causes
      expect(causes.at(-1)!.id).toBe(`${code}/waf-custom-response`)
    }
  })

  test('causes come in order of plausibility and leave no more than certainty', () => {
    for (const { code, causes } of entries) {
      const plausibilities = causes.map((c) => c.plausibility)
      expect(plausibilities, String(code)).toEqual([...plausibilities].sort((a, b) => b - a))
      expect(
        plausibilities.reduce((a, b) => a + b, 0),
        String(code),
      ).toBeLessThanOrEqual(1 + 1e-9)
    }
  })

  test('without evidence an edge or origin cause is assumed before a shared one', () => {
    for (const { code, causes } of entries.filter((e) => e.code >= 400)) {
      expect(causes[0].id, String(code)).not.toMatch(/worker-response|waf-custom-response/)
    }
  })
})

describe('the texts', () => {
  test('are there in three languages, and no French or Chinese one is the English one', () => {
    const texts = allTexts()
    expect(texts.length).toBeGreaterThan(700)
    for (const { at, text } of texts) {
      for (const lang of LANGUAGES) expect(text[lang].trim().length, `${at} ${lang}`).toBeGreaterThan(0)
      expect(text.fr, at).not.toBe(text.en)
      expect(text.zh, at).not.toBe(text.en)
      expect(text.zh, at).not.toBe(text.fr)
    }
  })

  test('in Chinese are Chinese, with Chinese punctuation', () => {
    for (const { at, text } of allTexts()) {
      expect(text.zh, at).toMatch(/\p{Script=Han}/u)
      expect(text.zh, at).not.toMatch(/\p{Script=Han}[,;:?!]/u)
    }
  })

  test('in English and French hold no Chinese', () => {
    for (const { at, text } of allTexts()) {
      expect(text.en, at).not.toMatch(/\p{Script=Han}/u)
      expect(text.fr, at).not.toMatch(/\p{Script=Han}/u)
    }
  })

  test('in French have typographic apostrophes and a hard space before double punctuation', () => {
    for (const { at, text } of allTexts()) {
      expect(text.fr, at).not.toMatch(/'/)
      expect(text.fr, at).not.toMatch(/ [;:!?»%]|« /)
      expect(text.fr, at).not.toMatch(/\p{L}[;!?]/u)
    }
  })

  test('carry no left-over placeholder, Markdown or doubled space', () => {
    for (const { at, text } of allTexts()) {
      for (const lang of LANGUAGES) expect(text[lang], `${at} ${lang}`).not.toMatch(/[{}`\n]|\*\*|TODO| {2}/)
    }
  })

  test('sentences end in a full stop, titles do not', () => {
    for (const { at, text } of allTexts()) {
      for (const lang of LANGUAGES) {
        if (at.endsWith('title')) expect(text[lang], `${at} ${lang}`).not.toMatch(/[.。]$/)
        else expect(text[lang], `${at} ${lang}`).toMatch(lang === 'zh' ? /。$/ : /\.$/)
      }
    }
  })

  test('every cause title names its cause within its code, in each language', () => {
    for (const { code, causes } of entries) {
      for (const lang of LANGUAGES) {
        const titles = causes.map((c) => c.title[lang])
        expect(new Set(titles).size, `${code} ${lang}`).toBe(titles.length)
      }
    }
  })

  test('shared causes name the code they stand at', () => {
    expect(catalogue.entry(404)!.causes.find((c) => c.id === '404/waf-custom-response')!.title).toEqual({
      en: 'A WAF custom rule answers with 404',
      fr: 'Une règle WAF personnalisée répond par un 404',
      zh: 'WAF 自定义规则返回了 404',
    })
  })
})

describe('where documents contradict each other, the text gives both figures', () => {
  const asDefault = { en: /documented default/, fr: /défaut documenté|par défaut documentée/, zh: /默认值/ }
  test.each([
    [414, ['32', '16']],
    [499, ['19', '15', '38']],
    [522, ['19', '15', '90']],
    [524, ['120', '100']],
  ])('%i: %j, as a documented default', (code, figures) => {
    for (const lang of LANGUAGES) {
      const entry = catalogue.statusEntry(code, lang)
      const text = [entry.meaning, ...entry.causes.map((c) => c.explanation)].join(' ')
      for (const figure of figures) expect(text, lang).toMatch(new RegExp(`\\b${figure}\\b`))
      expect(text, lang).toMatch(asDefault[lang])
    }
  })

  test('520: 128, 32 and 16 KB, which may differ per zone', () => {
    const differs = { en: /may differ per zone/, fr: /varier selon la zone/, zh: /各区域可能不同/ }
    for (const lang of LANGUAGES) {
      const { explanation } = catalogue.statusEntry(520, lang).causes[0]
      for (const figure of ['128', '32', '16']) expect(explanation).toContain(figure)
      expect(explanation).toMatch(differs[lang])
    }
  })

  test('507 is about storage, as the standard has it, not about negotiation', () => {
    expect(catalogue.statusEntry(507, 'en').meaning).toMatch(/store/)
    expect(catalogue.statusEntry(507, 'fr').meaning).not.toMatch(/négociation/)
    expect(catalogue.statusEntry(507, 'zh').meaning).toMatch(/存储/)
  })
})

describe('links and evidence', () => {
  test("every link is https and leads to the vendor's or the standard's documentation", () => {
    const urls = LANGUAGES.flatMap((lang) =>
      catalogue.codes.flatMap((code) => {
        const entry = catalogue.statusEntry(code, lang)
        return [entry.url, ...entry.causes.map((c) => c.url)]
      }),
    )
    for (const url of urls) expect(url).toMatch(/^https:\/\/(developers\.cloudflare\.com|developer\.mozilla\.org)\//)
  })

  test("a page that exists in several languages is linked in the reader's own", () => {
    expect(LANGUAGES.map((lang) => catalogue.statusEntry(418, lang).url)).toEqual([
      'https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Status/418',
      'https://developer.mozilla.org/fr/docs/Web/HTTP/Reference/Status/418',
      'https://developer.mozilla.org/zh-CN/docs/Web/HTTP/Reference/Status/418',
    ])
  })

  test('evidence and needs name known fields only', () => {
    const known = new Set<string>(EVIDENCE_FIELDS)
    for (const cause of causes) {
      for (const field of [...(cause.when ?? []).flatMap((clause) => Object.keys(clause)), ...(cause.needs ?? [])]) {
        expect(known.has(field), `${cause.id} ${field}`).toBe(true)
      }
    }
  })

  test('only causes that leave no trace in a record go without evidence', () => {
    expect(causes.filter((c) => c.when === undefined && c.finding === undefined).map((c) => c.id)).toEqual([
      '503/speed-brain-prefetch',
    ])
  })

  test('the two causes of a 499 are told by whether other answers became slower', () => {
    const [closed, slow] = catalogue.causes(499)
    expect([closed.id, closed.trend?.direction, slow.id, slow.trend?.direction]).toEqual([
      '499/client-closed',
      'not-slower',
      '499/slow-origin',
      'slower',
    ])
    expect(slow.trend).toMatchObject({
      measure: ['edgeTimeToFirstByteMs', 'originResponseDurationMs'],
      of: 'other-responses',
      atLeast: 1.5,
    })
  })
})

describe('what the API says of a status', () => {
  test('a documented one, in one language and without the machinery', () => {
    const entry = catalogue.statusEntry(404, 'fr')
    expect(entry).toMatchObject({
      code: 404,
      statusClass: '4xx',
      title: 'Introuvable',
      lang: 'fr',
      writtenBy: ['origin', 'cache', 'worker'],
    })
    expect(Object.keys(entry).sort()).toEqual([
      'causes',
      'code',
      'lang',
      'meaning',
      'statusClass',
      'title',
      'url',
      'writtenBy',
    ])
    expect(Object.keys(entry.causes[0]).sort()).toEqual(['check', 'explanation', 'id', 'title', 'url'])
    expect(entry.causes.map((c) => c.id)).toEqual([
      '404/missing-resource',
      '404/cached',
      '404/worker-response',
      '404/waf-custom-response',
    ])
  })

  test('a cause speaks the language asked for', () => {
    const cause = catalogue.causes(521)[0]
    expect(LANGUAGES.map((lang) => causeIn(cause, lang).title)).toEqual([
      'The origin refuses connections',
      'Le serveur d’origine refuse les connexions',
      '源站拒绝连接',
    ])
  })

  test.each([
    [0, 'other', /No status was sent/, /aborted/],
    [527, '5xx', /Railgun/, /could not be verified/],
    [528, '5xx', /Unrecognised edge status/, /528 is not a documented status.*Worker/],
    [529, '5xx', /Overloaded/, /529 is not a documented status.*overloaded/],
    [599, '5xx', /time-out/, /599 is not a documented status.*proxies/],
    [299, '2xx', /Undocumented status/, /299 is not a documented status/],
    [419, '4xx', /Laravel/, /419 is not a documented status.*CSRF/],
    [434, '4xx', /Undocumented status/, /custom response/],
    [777, 'other', /Undocumented status/, /777 is not a documented status/],
    [20403, 'other', /Undocumented status/, /20403 is not a documented status/],
    [-1, 'other', /Undocumented status/, /-1 is not a documented status/],
  ])('%i is not documented, and that is what it says', (code, statusClass, title, meaning) => {
    const entry = catalogue.statusEntry(code, 'en')
    expect(entry).toMatchObject({ code, statusClass, lang: 'en' })
    expect(entry.title).toMatch(title)
    expect(entry.meaning).toMatch(meaning)
    expect(catalogue.entry(code)).toBeUndefined()
  })

  test.each([419, 444, 460, 527, 529, 561, 598, 599, 299, 700, 999, 0])(
    '%i has causes nevertheless: who wrote it, in every language, with what is known of the code',
    (code) => {
      const causes = catalogue.causes(code)
      const wrote = (source: string) =>
        causes.filter((cause) => matches(cause.when, { source, edgeResponseStatus: code })).map(({ id }) => id)
      expect(wrote('origin')).toEqual([`${code}/origin-own-status`])
      expect(wrote('worker')).toEqual([`${code}/worker-response`])
      expect(wrote(code === 0 ? 'client' : 'edge')).toEqual([
        `${code}/${code === 0 ? 'no-status-sent' : 'edge-own-status'}`,
      ])
      for (const lang of LANGUAGES) {
        const { title, explanation } = causeIn(causes[0], lang)
        expect(title).toContain(String(code))
        expect(explanation).toContain(catalogue.statusEntry(code, lang).meaning)
        expect(`${title} ${explanation}`).not.toMatch(/[{}]/)
      }
    },
  )

  test('an undocumented one speaks French and Chinese too', () => {
    expect(catalogue.statusEntry(599, 'fr').meaning).toMatch(/^599 n’est pas un statut documenté/)
    expect(catalogue.statusEntry(599, 'zh').meaning).toMatch(/^599 不是有文档记载的状态/)
  })
})
