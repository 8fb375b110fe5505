import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { LANGS, loadWords, pickLang, type Words } from '../../dashboard/languages/index.js'
import { en } from '../../dashboard/languages/en.js'
import { fr } from '../../dashboard/languages/fr.js'
import { zh } from '../../dashboard/languages/zh.js'

type Tree = { [key: string]: string | ((...args: never[]) => string) | Tree }

/** Every text with its path; a function is asked with numbers and words that tell its arguments apart. */
function texts(tree: Tree, path = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    const here = path === '' ? key : `${path}.${key}`
    if (typeof value === 'string') found.set(here, value)
    else if (typeof value === 'function')
      found.set(
        here,
        String(
          (value as (...args: unknown[]) => string)(...Array.from({ length: value.length }, (_, i) => ARGUMENTS[i])),
        ),
      )
    else for (const [p, text] of texts(value, here)) found.set(p, text)
  }
  return found
}
const ARGUMENTS = [3, 'QQ', 'WW', 'EE', 'RR']

// errors have a test of their own: English has none, since the service speaks it
const own = (words: Words): Tree => ({ ...words, errors: {} }) as unknown as Tree
const ALL = { en: texts(own(en)), fr: texts(own(fr)), zh: texts(own(zh)) }

/** Names, codes and words that are the same in another language. */
const SAME =
  /^(tiles\.(serverErrors|clientClosed|ttfb)|chart\.p95|records\.ttfb|fields\.(rayId|zone|userAgent)\.|(fields|dimensions)\.\w+\.(one|many)|dimensions\.zone\.|batches\.inputs\.\w+|sources\.\w+\.name|upload\.(speed|announceDone)|inputs\.witness\.cloudflare|record\.title|spike\.(score|documentation|title)|statuses\.(source|count)|chart\.total|nav\.(label|incidents)|access\.privacy\.limitGb|records\.ray|tools\.theme|incidents\.(formats\.\w+|clients|annotations\.(title|change|kinds\.\d)|count|title|one)|alerts\.(settings\.\w+\.(url|port)\.label|preview\.units\.score))/

describe('the languages', () => {
  it.each(['fr', 'zh'] as const)('%s has exactly the texts of English', (lang) => {
    expect([...ALL[lang].keys()].sort()).toEqual([...ALL.en.keys()].sort())
  })

  it.each(LANGS)('%s has no empty text', (lang) => {
    expect([...ALL[lang]].filter(([, text]) => text.trim() === '')).toEqual([])
  })

  it.each(['fr', 'zh'] as const)('%s is not English left over', (lang) => {
    const left = [...ALL[lang]].filter(([path, text]) => text === ALL.en.get(path) && !SAME.test(path))
    expect(left).toEqual([])
  })

  it('Chinese is written in Chinese', () => {
    const foreign = [...ALL.zh].filter(
      ([path, text]) =>
        !/\p{Script=Han}/u.test(text) &&
        !SAME.test(path) &&
        !/^(name|rejections|upload\.progress|sources\.worker|classes)/.test(path),
    )
    expect(foreign).toEqual([])
  })

  it('French puts a narrow no-break space before its high punctuation', () => {
    expect(
      [...ALL.fr, ...texts(fr.errors as unknown as Tree, 'errors')].filter(([, text]) =>
        /[ \u00a0][:;!?»]|«[ \u00a0]/.test(text),
      ),
    ).toEqual([])
  })

  it('every text with arguments uses them all', async () => {
    for (const lang of LANGS) {
      const missing = [...texts(own(await loadWords(lang)))]
        .filter(([path]) => path === 'batches.summary' || path === 'sentence.quiet' || path === 'chart.summary')
        .filter(
          ([, text]) =>
            !['QQ', 'EE', 'RR'].every((a) => text.includes(a)) &&
            !['3', 'QQ', 'WW', 'EE', 'RR'].every((a) => text.includes(a)),
        )
      expect(missing, lang).toEqual([])
    }
  })

  it('the first wish that can be met is met', () => {
    expect(pickLang(['de-DE', 'zh-Hant-TW', 'fr'])).toBe('zh')
    expect(pickLang([null, undefined, 'FR-ca'])).toBe('fr')
    expect(pickLang(['tlh'])).toBe('en')
    expect(pickLang([])).toBe('en')
  })
})

describe('the page', () => {
  const root = new URL('../../dashboard/web/', import.meta.url)
  const files = (readdirSync(root, { recursive: true }) as string[]).filter((f) => f.endsWith('.tsx'))

  it('has no visible text outside the language files', () => {
    const allowed = new Set(['Faultline', 'Alt', 'UTC'])
    const found = files.flatMap((file) =>
      [...readFileSync(new URL(file, root), 'utf8').matchAll(/>\s*([A-Za-z][A-Za-z ,.'’…]+)\s*<\//g)]
        .map((m) => m[1].trim())
        .filter((text) => !allowed.has(text))
        .map((text) => `${file}: ${text}`),
    )
    expect(found).toEqual([])
  })

  it('has no label, title or placeholder outside the language files', () => {
    const found = files.flatMap((file) =>
      [
        ...readFileSync(new URL(file, root), 'utf8').matchAll(
          /\b(aria-label|aria-description|title|placeholder|alt)="([^"]+)"/g,
        ),
      ].map((m) => `${file}: ${m[0]}`),
    )
    expect(found).toEqual([])
  })

  it('never sets markup from a string', () => {
    const found = files.filter((file) =>
      /dangerouslySetInnerHTML|innerHTML|outerHTML|insertAdjacentHTML|document\.write/.test(
        readFileSync(new URL(file, root), 'utf8'),
      ),
    )
    expect(found).toEqual([])
  })
})
