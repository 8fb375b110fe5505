import { describe, expect, it } from 'vitest'
import { checkRule } from '../../../analyze/alerts/rules/check.js'
import { warningsOf } from '../../../analyze/alerts/rules/settled-share.js'
import type { Where } from '../../../schema/api/rule-fields.js'
import { LANGUAGES, type Language } from '../../../schema/words/languages.js'

function warned(where: Where, errors: Where, kind: 'ratio' | 'burn-rate' = 'ratio', lang?: Language) {
  const limits = kind === 'ratio' ? { window: '5m', above: 0.05 } : { objective: 0.999 }
  const { rule, problems } = checkRule({ name: 'Errors', expr: { kind, where, errors, ...limits } }, 'draft')
  expect(problems).toEqual([])
  return warningsOf(rule!, lang)
}
const codes = (where: Where, errors: Where) => warned(where, errors).map(({ code }) => code)

describe('a share of requests that were chosen by how they ended', () => {
  it.each<[Where, Where]>([
    [{ status: 503 }, { class: '5xx' }],
    [{ class: ['5xx', '499'] }, { 'not.class': ['2xx', '3xx', '4xx', 'other'] }],
    [{ 'not.class': ['2xx', '3xx', 'other'] }, { class: ['4xx', '499', '5xx'] }],
    [{ host: 'www.example.com', source: 'EDGE' }, { source: 'edge' }],
    [
      { status: [502, 504], source: 'origin-failure' },
      { class: '5xx', source: ['origin-failure', 'origin'] },
    ],
    [{ securityAction: 'block' }, { 'not.securityAction': ['log', 'skip'] }],
  ])('is always all of them: where %j, errors %j', (where, errors) => {
    expect(codes(where, errors)).toEqual(['ALWAYS_ERRORS'])
  })

  it.each<[Where, Where]>([
    [{ status: 403 }, { class: '5xx' }],
    [{ class: '4xx' }, { status: 499 }],
    [{ 'not.class': '5xx' }, { status: [500, 503] }],
    [{ source: 'cache' }, { class: '5xx', source: ['origin', 'origin-failure'] }],
    [{ host: 'www.example.com' }, { host: 'api.example.com', class: '5xx' }],
  ])('is always none of them: where %j, errors %j', (where, errors) => {
    expect(codes(where, errors)).toEqual(['NEVER_ERRORS'])
  })

  it.each<[Where, Where]>([
    [{}, { class: '5xx' }],
    [{ host: 'www.example.com' }, { class: '5xx' }],
    // of what the origin answered, what it failed at
    [{ source: ['origin', 'origin-failure'] }, { source: 'origin-failure' }],
    [{ source: 'worker' }, { class: '5xx' }],
    [{ 'not.status': 404 }, { class: ['4xx', '5xx'] }],
    [{ status: 503 }, { class: '5xx', source: 'edge' }],
    // nobody can tell what patterns have in common
    [{ host: '*.example.com' }, { host: 'api.*' }],
  ])('says something: where %j, errors %j', (where, errors) => {
    expect(codes(where, errors)).toEqual([])
  })

  it('is told with what to do, in the language that was asked for, with the names that the editor shows', () => {
    const [en] = warned({ host: 'www.example.com', status: 503 }, { class: '5xx' }, 'burn-rate')
    expect(en).toMatchObject({ code: 'ALWAYS_ERRORS', rule: 'Errors', path: 'expr.where.status' })
    expect(en.message).toContain('“Which requests” (where)')
    expect(en.message).toContain('Take status=503 out there')
    const said = LANGUAGES.map((lang) => warned({ 'not.class': '5xx' }, { class: '5xx' }, 'ratio', lang)[0].message)
    expect(new Set(said).size).toBe(LANGUAGES.length)
    for (const message of said) expect(message).toContain('not.class=5xx')
    expect(said[LANGUAGES.indexOf('fr')]).toContain('Quelles requêtes')
    expect(said[LANGUAGES.indexOf('zh')]).toContain('哪些请求')
  })
})
