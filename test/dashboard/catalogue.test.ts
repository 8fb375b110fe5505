import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { searchStatuses } from '../../dashboard/web/state/catalogue.js'
import { FIELDS, LOGPUSH_FIELDS } from '../../schema/words/fields.js'
import { loadCatalogue } from '../../schema/status/catalogue.js'

describe('searching the catalogue', () => {
  const { codes, statusEntry } = loadCatalogue()
  const found = (lang: 'en' | 'fr' | 'zh', words: string): number[] =>
    searchStatuses(
      codes.map((code) => statusEntry(code, lang)),
      words,
    ).map((e) => e.code)

  it('finds codes, titles and causes', () => {
    expect(found('en', '522')).toContain(522)
    expect(found('en', 'teapot')).toEqual([418])
    expect(found('en', '403/waf-managed-rule')).toContain(403)
  })

  it('wants every word, in any order and without accents', () => {
    expect(found('en', 'timed out connection')).toContain(522)
    expect(found('fr', 'delai')).toEqual(found('fr', 'DÉLAI'))
    expect(found('fr', 'delai').length).toBeGreaterThan(0)
    expect(found('zh', '源站').length).toBeGreaterThan(0)
    expect(found('en', 'nothing like this exists')).toEqual([])
  })

  it('shows everything for no words', () => {
    expect(found('en', '  ')).toEqual([...codes])
  })
})

describe('the fields offered for a Logpush job', () => {
  const read = new Set<string>(FIELDS.flatMap((f) => f.from))

  it('are those that the README asks for', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    expect(LOGPUSH_FIELDS.filter((name) => !new RegExp(`\\b${name}\\b`).test(readme))).toEqual([])
  })

  it('are all read', () => {
    // WorkerSubrequest decides whether a visitor asked; it is read beside the catalogue
    expect(LOGPUSH_FIELDS.filter((name) => !read.has(name) && name !== 'WorkerSubrequest')).toEqual([])
  })

  it('hold every field whose absence spoils an answer', () => {
    const needed = FIELDS.flatMap((f) => ('spoils' in f ? [f.from[0] as string] : []))
    expect(needed.filter((name) => !LOGPUSH_FIELDS.includes(name))).toEqual([])
  })
})
