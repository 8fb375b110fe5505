/** What every JavaScript object has by birth is no name of ours, and a number without end is no number. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { matches } from '../../analyze/alerts/notices/matchers.js'
import { inWords } from '../../analyze/alerts/rules/mistakes/in-words.js'
import { parseRules } from '../../analyze/alerts/rules/yaml.js'
import { isLang } from '../../dashboard/languages/index.js'
import { misreadOf } from '../../dashboard/web/state/url.js'
import { startService, type TestService } from './service.js'

const BORN_WITH = ['constructor', 'toString', 'hasOwnProperty', '__proto__', 'valueOf']

describe.each(BORN_WITH)('the name %s', (name) => {
  it('is an unknown key of a rule file, told in words', () => {
    const { problems } = parseRules(
      `groups: [{ name: f, ${name}: 1, rules: [{ alert: A, ${name}: 2, expr: { kind: count, ${name}: 3, window: 5m, above: 10 } }] }]`,
    )
    expect(problems.length).toBeGreaterThan(0)
    for (const { mistake } of problems) expect(inWords(mistake, 'en')).toEqual(expect.stringMatching(/\S/))
  })

  it('is a label that an alert does not have', () => {
    for (const op of ['=', '=~'] as const) {
      expect(matches([{ label: name, op, value: 'x*' }], { status: '522' })).toBe(false)
      expect(matches([{ label: name, op, value: '' }], { status: '522' })).toBe(true)
    }
  })

  it('in the address of the page is told as not understood', () => {
    expect(misreadOf(`/?${name}=x`, isLang)).toEqual([`${name}=x`])
  })
})

describe('over HTTP', () => {
  let service: TestService
  beforeAll(async () => {
    service = await startService()
  })
  afterAll(() => service.stop())

  it.each([
    'batches?limit=1e999',
    'batches?limit=-31e999',
    'audit?limit=1e999',
    'records?limit=1e999',
    'incidents?limit=1e999',
  ])('a number without end is refused: %s', async (url) => {
    const { statusCode, payload } = await service.app.inject(`/api/v1/${url}`)
    expect([statusCode, payload]).toEqual([400, expect.stringContaining('limit')])
  })

  it('also where it stands in a body, as a text', async () => {
    const answer = (payload: object) => service.app.inject({ method: 'POST', url: '/api/v1/annotations', payload })
    const { statusCode } = await answer({ text: 'x', from: '1e999' })
    expect(statusCode).toBe(400)
  })

  it.each(BORN_WITH)('%s is answered, whatever it is the name of', async (name) => {
    const urls = [
      `breakdown?by=${name}`,
      `timeseries?by=${name}`,
      `records?${name}=x`,
      `values?dimension=${name}&contains=x`,
      `percentiles?measure=${name}`,
      `spikes?lang=${name}`,
      `catalogue/522?lang=${name}`,
      `batches/${name}`,
      `rules/${name}`,
      `incidents/${name}`,
      `records/${name}`,
      `summary?compare=${name}`,
      `summary?tz=${name}`,
      `export/records?format=${name}`,
      `breakdown?by=path&sort=${name}`,
      `find?q=${name}`,
      `spikes?sensitivity=${name}`,
    ]
    for (const url of urls) {
      const { statusCode } = await service.app.inject(`/api/v1/${url}`)
      expect(statusCode, url).toBeLessThan(500)
    }
    const silence = {
      matchers: [{ label: name, op: '=~', value: 'a*' }],
      endsAt: '2099-01-01T00:00:00Z',
      reason: 'x',
      by: 'y',
    }
    for (const [url, payload] of [
      ['silences', silence],
      ['notifiers', { name: 'n', kind: name, settings: { [name]: 'x' }, groupBy: [name] }],
      ['rules', { name, expr: { kind: name, [name]: 1 }, labels: { [name]: 'x' }, by: [name] }],
      ['maintenance', { name, [name]: name }],
    ] as const) {
      const { statusCode } = await service.app.inject({ method: 'POST', url: `/api/v1/${url}`, payload })
      expect(statusCode, url).toBeLessThan(500)
    }
    const line = JSON.stringify({
      [name]: name,
      ClientRequestHost: name,
      ClientRequestURI: `/${name}`,
      EdgeStartTimestamp: '2026-05-20T00:00:00Z',
      EdgeResponseStatus: 503,
      RayID: '8f00000000000001',
      ClientRequestUserAgent: name,
      WorkerStatus: name,
      SecurityAction: name,
    })
    expect((await service.post('/api/v1/logs', `${line}\n`)).status).toBeLessThan(500)
    for (const url of [
      'spikes',
      'breakdown?by=host',
      'timeseries?by=userAgent',
      'records',
      'summary',
      'explain?from=2026-05-20T00:00:00Z&to=2026-05-20T00:01:00Z',
    ]) {
      const { statusCode } = await service.app.inject(`/api/v1/${url}`)
      expect(statusCode, url).toBeLessThan(500)
    }
  })
})
