/** Proposed rules are written in the language of whoever looks at the page when the first logs come. */
import { afterEach, describe, expect, it } from 'vitest'
import { startService, type TestService } from './service.js'

const line = `${JSON.stringify({ EdgeStartTimestamp: '2026-05-20T14:05:00Z', EdgeResponseStatus: 200, RayID: '0000000000000001', ClientRequestHost: 'www.example.com' })}\n`

/** Nobody waits for the next evaluation as long as a service would. */
const SOON = { everyMs: 100 }

let service: TestService
afterEach(() => service.stop())

async function firstRule(headers = {}): Promise<string> {
  expect((await service.post('/api/v1/logs', line, headers)).status).toBe(200)
  for (let i = 0; i < 200; i++) {
    const { rules } = (await service.get('/api/v1/rules', headers)).body as { rules: { name: string }[] }
    if (rules.length > 0) return rules[0].name
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('No rules were proposed within 20 s')
}

describe('the proposed rules', () => {
  it('speak the language that the page asks in', async () => {
    service = await startService({ alerting: SOON })
    await service.get('/', { 'accept-language': 'fr', 'sec-fetch-site': 'same-origin' })
    await service.get('/api/v1/statuses/403?lang=zh', { 'sec-fetch-site': 'same-origin' })
    expect(await firstRule()).toBe('错误突增')
  }, 30_000)

  it('else that of the browser; programs have none', async () => {
    service = await startService({ alerting: SOON })
    await service.get('/', { 'accept-language': 'fr-CA,en;q=0.5', 'sec-fetch-site': 'same-origin' })
    await service.get('/api/v1/summary', { 'accept-language': 'zh' })
    expect(await firstRule()).toBe('Pic d’erreurs')
  }, 30_000)

  it('are not changed by strangers, whatever they ask for and pretend to be', async () => {
    const token = 'correct-horse-battery-staple'
    service = await startService({ access: { token, allowedHosts: null }, alerting: SOON })
    const pretending = { 'accept-language': 'zh', 'sec-fetch-site': 'same-origin' }
    for (const path of ['/healthz?lang=zh', '/login?lang=zh', '/icon.svg?lang=zh', '/api/v1/statuses?lang=zh', '/'])
      await service.get(path, pretending)
    expect(await firstRule({ authorization: `Bearer ${token}` })).toBe('Surge of errors')
  }, 30_000)

  it('nor by programs, nor by pages of other sites', async () => {
    service = await startService({ alerting: SOON })
    await service.get('/healthz?lang=zh')
    await service.get('/api/v1/statuses?lang=zh', { 'sec-fetch-site': 'cross-site', 'accept-language': 'zh' })
    expect(await firstRule()).toBe('Surge of errors')
  }, 30_000)

  it('else English, or what the operator chose', async () => {
    service = await startService({ alerting: { ...SOON, language: () => 'zh' } })
    await service.get('/api/v1/statuses?lang=fr')
    expect(await firstRule()).toBe('错误突增')
  }, 30_000)
})
