/** Every route, every role, every method: nobody gets in who should not, and what nobody declared stops the start. */
import fastify, { type InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessPlugin } from '../../../dashboard/access/plugin.js'
import { RIGHTS } from '../../../dashboard/access/rights.js'
import { PAGES } from '../../../schema/words/pages.js'
import { ROLES, type Role } from '../../../schema/words/roles.js'
import { startService, type TestService } from '../service.js'

const TOKEN = 'correct-horse-battery-staple'
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
const OPEN = [
  'GET /healthz',
  'GET /login',
  'POST /login',
  'GET /login.css',
  'GET /login/oidc',
  'GET /login/oidc/callback',
  'GET /icon.svg',
  'POST /logout',
]
/** A provider that is not there: its routes are. */
const oidc = {
  issuer: 'http://127.0.0.1:9',
  clientId: 'faultline',
  clientSecret: null,
  claim: 'groups',
  url: 'http://127.0.0.1:8',
  roles: [],
}
/** Nothing of any log, or only of one's own doing. */
const FOR_EVERYBODY = [
  'GET /api/v1/me',
  'GET /api/v1/sessions',
  'DELETE /api/v1/sessions',
  'DELETE /api/v1/sessions/:id',
  'GET /openapi.json',
  'GET /docs',
]
const FOR_ADMINS = [
  'GET /api/v1/tokens',
  'POST /api/v1/tokens',
  'DELETE /api/v1/tokens/:id',
  'GET /api/v1/audit',
  'POST /api/v1/erasures',
  'POST /api/v1/notifiers',
  'PUT /api/v1/notifiers/:id',
  'DELETE /api/v1/notifiers/:id',
]
/** What is asked with a body and changes nothing. */
const QUESTIONS = ['POST /api/v1/rules/validate', 'POST /api/v1/rules/preview', 'POST /api/v1/backtest', 'POST /mcp']
/** They answer for long, or never end: that they are let in is tested elsewhere. */
const LONG = ['GET /api/v1/stream', 'POST /api/v1/demo']
/** Their 401 says that the form was wrong, or that nobody comes from a provider. */
const FORMS = ['POST /login', 'GET /login/oidc/callback']
/** What somebody who is limited to a zone may reach: all of it answers for that zone alone, or says nothing of any. */
const FOR_ONE_ZONE = [
  'GET /',
  'GET /records',
  'GET /api/v1/summary',
  'GET /api/v1/dimensions',
  'GET /api/v1/timeseries',
  'GET /api/v1/breakdown',
  'GET /api/v1/values',
  'GET /api/v1/percentiles',
  'GET /api/v1/records',
  'GET /api/v1/records/:rayId',
  'GET /api/v1/export',
  'GET /api/v1/fields',
  'GET /api/v1/spikes',
  'GET /api/v1/spikes/:id',
  'GET /api/v1/explain',
  'GET /api/v1/statuses',
  'GET /api/v1/statuses/titles',
  'GET /api/v1/statuses/:code',
  'GET /api/v1/annotations',
  'GET /api/v1/annotations/:id',
  'GET /api/v1/rules/kinds',
  'GET /api/v1/notifiers/types',
  'GET /api/v1/stream',
  'POST /api/v1/rules/validate',
  'POST /api/v1/logs',
  'GET /mcp',
  'POST /mcp',
  'POST /api/v1/annotations',
  'PATCH /api/v1/annotations/:id',
  'DELETE /api/v1/annotations/:id',
  'PUT /api/v1/spikes/:id/verdict',
]

let service: TestService
const tokens = new Map<string, string>()

const listed = [...Object.keys(RIGHTS), 'GET /docs', ...Object.values(PAGES).map((url) => `GET ${url}`)]
const urls = [...new Set(listed.map((route) => route.split(' ')[1]))]

const ask = async (method: string, url: string, token?: string) => {
  const response = await service.app.inject({
    method: method as InjectOptions['method'],
    url: url.replace(/:code/, '403').replace(/:\w+/, 'none').replace('/*', '/nowhere'),
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    ...(method === 'GET' || method === 'HEAD' || method === 'DELETE' ? {} : { payload: {} }),
  })
  const code = response.body.startsWith('{') ? (response.json() as { code?: string }).code : undefined
  return { status: response.statusCode, code }
}

/** Written down here a second time, by what a route is for: a slip in one of the two places is seen. */
function may(role: Role, route: string): boolean {
  const [method] = route.split(' ')
  if (OPEN.includes(route) || FOR_EVERYBODY.includes(route) || role === 'admin') return true
  if (route === 'POST /api/v1/logs') return role !== 'read'
  if (role === 'ingest' || FOR_ADMINS.includes(route)) return false
  return method === 'GET' || QUESTIONS.includes(route) || role === 'operate'
}

beforeAll(async () => {
  const plenty = { max: 1_000_000, windowMs: 60_000 }
  service = await startService({
    access: { token: TOKEN, allowedHosts: null, limits: { changes: plenty, failures: plenty }, oidc },
  })
  for (const role of ROLES) tokens.set(role, await make(role))
  tokens.set('one zone', await make('operate', ['example.com']))
})
afterAll(() => service.stop())

async function make(role: Role, zones?: string[]): Promise<string> {
  const response = await service.post(
    '/api/v1/tokens',
    JSON.stringify({ name: `${role} ${zones ?? ''}`, role, zones }),
    {
      'authorization': `Bearer ${TOKEN}`,
      'content-type': 'application/json',
    },
  )
  expect(response.status).toBe(201)
  return response.body.token as string
}

describe('every route', () => {
  it('that is declared is there', () => {
    const missing = Object.keys(RIGHTS).filter((route) => {
      const [method, url] = route.split(' ')
      return !service.app.hasRoute({ method: method as 'GET', url })
    })
    expect(missing).toEqual([])
    expect(urls.length).toBeGreaterThan(60)
  })

  it('that nobody declared stops the start', async () => {
    const app = fastify()
    await app.register(accessPlugin, { token: null, allowedHosts: null, ledger: service.store.ledger })
    expect(() => app.get('/api/v1/secrets', async () => 'everything')).toThrow('who may GET /api/v1/secrets')
    expect(() => app.put('/api/v1/records', async () => 'everything')).toThrow('who may PUT /api/v1/records')
    await app.close()
  })

  it('is closed to strangers, whatever the method', async () => {
    for (const url of urls) {
      for (const method of METHODS) {
        if (OPEN.includes(`${method === 'HEAD' ? 'GET' : method} ${url}`)) continue
        expect([method, url, (await ask(method, url)).status]).toEqual([method, url, 401])
      }
    }
  })

  it.each(ROLES)('for the role %s', { timeout: 60_000 }, async (role) => {
    const wrong: unknown[] = []
    for (const url of urls) {
      for (const method of METHODS) {
        const route = `${method === 'HEAD' ? 'GET' : method} ${url}`
        const expected = may(role, route)
        if ((expected && LONG.includes(route)) || FORMS.includes(route)) continue
        const { status, code } = await ask(method, url, tokens.get(role))
        const isIn = status !== 401 && status !== 403
        // what is none, or is taken for an id, must at least do nothing
        const isRight = listed.includes(route)
          ? isIn === expected && (expected || method === 'HEAD' || code === 'ROLE_NEEDED')
          : status >= 400 && status < 500
        if (!isRight) wrong.push([route, status, code])
      }
    }
    expect(wrong).toEqual([])
  })

  it('for somebody limited to one zone', { timeout: 60_000 }, async () => {
    const wrong: unknown[] = []
    for (const route of listed) {
      const [method, url] = route.split(' ')
      if ((LONG.includes(route) && FOR_ONE_ZONE.includes(route)) || FORMS.includes(route)) continue
      const { status, code } = await ask(method, url, tokens.get('one zone'))
      const isIn = status !== 401 && status !== 403
      const isPage = (Object.values(PAGES) as string[]).includes(url) && !url.startsWith('/api')
      const expected = OPEN.includes(route) || FOR_EVERYBODY.includes(route) || FOR_ONE_ZONE.includes(route) || isPage
      // a note has to be about its zone
      if (code === 'OTHER_ZONES') continue
      if (isIn !== expected) wrong.push([route, status, code])
    }
    expect(wrong).toEqual([])
  })
})
