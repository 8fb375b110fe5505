/** A provider of sign-in that is broken or somebody else: what it says lets nobody in, and how it says it holds up nobody. */
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { roleMapOf, type RoleMap } from '../../../dashboard/access/providers/roles.js'
import { startService, type TestService } from '../service.js'

const URL_HERE = 'http://faultline.test'
type Keys = Awaited<ReturnType<typeof generateKeyPair>>

let provider: Server
let issuer: string
let keys: Keys
let service: TestService
/** what the provider answers at a path; else what is right */
let instead: { [path: string]: (response: ServerResponse) => void } = {}
let asked: { [path: string]: number } = {}
let idToken: (claims: JWTPayload) => Promise<string> | string
let nonce: string | undefined
let userinfo: object | null

const seconds = () => Math.floor(Date.now() / 1000)
const signed = (claims: JWTPayload) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k' }).sign(keys.privateKey)
const json = (response: ServerResponse, value: unknown) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))

beforeAll(async () => {
  keys = await generateKeyPair('RS256')
  provider = createServer(async (request, response) => {
    const path = (request.url ?? '').split('?')[0]
    asked[path] = (asked[path] ?? 0) + 1
    for await (const _ of request);
    if (instead[path]) return instead[path](response)
    switch (path) {
      case '/.well-known/openid-configuration':
        return json(response, {
          issuer,
          authorization_endpoint: `${issuer}/auth`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/keys`,
          userinfo_endpoint: `${issuer}/userinfo`,
          id_token_signing_alg_values_supported: ['RS256'],
        })
      case '/token': {
        const claims = { iss: issuer, aud: 'faultline', sub: 'ada', iat: seconds(), exp: seconds() + 60, nonce }
        return json(response, { access_token: 'a', token_type: 'Bearer', id_token: await idToken(claims) })
      }
      case '/userinfo':
        return json(response, userinfo)
      default:
        return json(response, { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k', alg: 'RS256' }] })
    }
  })
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`
  const roles = roleMapOf(['ada@example.com=admin', 'group:sre=operate', '@example.com=read']) as RoleMap
  const oidc = { issuer, clientId: 'faultline', clientSecret: 'secret', claim: 'groups', url: URL_HERE, roles }
  service = await startService({ access: { token: null, allowedHosts: null, oidc } })
})
afterAll(async () => {
  await service.stop()
  provider.closeAllConnections()
  provider.close()
})
beforeEach(() => {
  instead = {}
  asked = {}
  idToken = signed
  userinfo = { sub: 'ada', email: 'ada@example.com', email_verified: true }
})

/** Off to the provider and back. `change`: what somebody on the way makes of the answer and of the cookie. */
async function signIn(change: (back: URLSearchParams, cookie: string) => string | void = () => {}) {
  const away = await service.get('/login/oidc')
  const location = new URL(away.headers.get('location') as string)
  nonce ??= location.searchParams.get('nonce') ?? undefined
  const back = new URLSearchParams({ code: 'c', state: location.searchParams.get('state') as string })
  const cookie = away.headers.getSetCookie()[0].split(';')[0]
  const sent = change(back, cookie) ?? cookie
  const { status, headers, body } = await service.get(`/login/oidc/callback?${back}`, { cookie: sent })
  nonce = undefined
  const session = headers.getSetCookie().find((one) => one.startsWith('faultline_session='))
  return { status, body: String(body), session: session?.split(';')[0] ?? null }
}

it('lets in whom a provider that is right vouches for, under a session that nobody had before', async () => {
  const fixed = 'faultline_session=chosen-by-somebody'
  const { status, session } = await signIn((_back, cookie) => `${cookie}; ${fixed}`)
  expect(status).toBe(200)
  expect(session).not.toBe(fixed)
  expect((await service.get('/api/v1/me', { cookie: fixed })).status).toBe(401)
  expect((await service.get('/api/v1/me', { cookie: session as string })).body).toMatchObject({ role: 'admin' })
})

it.each<[string, (claims: JWTPayload) => Promise<string> | string]>([
  ['of another issuer', (claims) => signed({ ...claims, iss: 'https://evil.example' })],
  ['for another application', (claims) => signed({ ...claims, aud: 'another' })],
  ['that has expired', (claims) => signed({ ...claims, exp: seconds() - 60 })],
  ['that counts from tomorrow', (claims) => signed({ ...claims, nbf: seconds() + 86_400 })],
  ['of another sign-in', (claims) => signed({ ...claims, nonce: 'another' })],
  ['without the number of this sign-in', ({ nonce: _, ...claims }) => signed(claims)],
  ['without a person', ({ sub: _, ...claims }) => signed(claims)],
  ['that nobody signed', (claims) => new UnsecuredJWT(claims).encode()],
  [
    'signed with what is public',
    async (claims) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', kid: 'k' })
        .sign(new TextEncoder().encode(await exportSPKI(keys.publicKey))),
  ],
  ['of somebody whose name has no end', (claims) => signed({ ...claims, sub: 'a'.repeat(100_000) })],
])('a token %s lets nobody in', async (_what, make) => {
  idToken = make
  expect(await signIn()).toMatchObject({ status: 401, session: null })
})

it.each<[string, () => void]>([
  ['of another person', () => (userinfo = { sub: 'eve', email: 'ada@example.com', email_verified: true })],
  ['that is a list', () => (userinfo = [])],
  ['without end', () => (instead['/userinfo'] = endless)],
])('what is told %s lets nobody in', async (_what, tell) => {
  tell()
  const { session } = await signIn()
  expect(session).toBeNull()
})

it.each<[string, (back: URLSearchParams, cookie: string) => string | void]>([
  ['for another state', (back) => back.set('state', 'another')],
  ['without a state', (back) => back.delete('state')],
  ['from another issuer', (back) => back.set('iss', 'https://evil.example')],
  ['with an error', (back) => back.set('error', 'access_denied')],
  ['to a browser that did not ask', () => ''],
  ['to a browser with half a cookie', (_back, cookie) => cookie.slice(0, 40)],
])('an answer %s lets nobody in', async (_what, change) => {
  const { status, session } = await signIn(change)
  expect([status, session]).toEqual([401, null])
})

it('an address that is longer than any is nobody’s, and no name', async () => {
  userinfo = { sub: 'ada', email: `${'a'.repeat(50_000)}@example.com`, email_verified: true }
  expect(await signIn()).toMatchObject({ status: 403, session: null })
  userinfo = { sub: 'ada', preferred_username: 'x'.repeat(50_000), groups: ['sre'] }
  const { session } = await signIn()
  const { name, role } = (await service.get('/api/v1/me', { cookie: session as string })).body as {
    name: string
    role: string
  }
  expect([name, role]).toEqual([`${'x'.repeat(100)} [ada]`, 'operate'])
})

it('goes nowhere else afterwards, wherever it was sent', async () => {
  for (const next of [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    '/\t/evil.example',
    'javascript:x',
    '/"><script>',
  ]) {
    const away = await service.get(`/login/oidc?next=${encodeURIComponent(next)}`)
    const location = new URL(away.headers.get('location') as string)
    nonce = location.searchParams.get('nonce') ?? undefined
    const back = `code=c&state=${location.searchParams.get('state')}`
    const cookie = away.headers.getSetCookie()[0].split(';')[0]
    const { body } = await service.get(`/login/oidc/callback?${back}`, { cookie })
    nonce = undefined
    expect(body, next).toMatch(/content="0;url=\/(%22>%3Cscript>)?">$/)
  }
})

const endless = (response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  const more = () => {
    while (!response.destroyed && response.write(' '.repeat(65_536)));
  }
  response.on('drain', more)
  more()
}

it('strangers make the service ask a slow provider no more than some at once, and others go on', async () => {
  const held: ServerResponse[] = []
  let over = false
  instead['/token'] = (response) => void (over ? response.destroy() : held.push(response))
  const away = await service.get('/login/oidc')
  const state = new URL(away.headers.get('location') as string).searchParams.get('state')
  const cookie = away.headers.getSetCookie()[0].split(';')[0]
  const answers = Array.from({ length: 200 }, () =>
    service.get(`/login/oidc/callback?code=c&state=${state}`, { cookie }).then(({ status }) => status),
  )
  const first = await Promise.any(answers.map(async (one) => ((await one) === 503 ? 503 : Promise.reject())))
  expect(first).toBe(503)
  expect((await service.get('/healthz')).status).toBe(200)
  expect(held.length).toBeLessThanOrEqual(32)
  over = true
  for (const response of held) response.destroy()
  expect(new Set(await Promise.all(answers))).toEqual(new Set([503]))
})

it('a provider that is down is not asked again and again, and is said to be down', async () => {
  const gone = await startService({
    access: {
      token: null,
      allowedHosts: null,
      oidc: { issuer, clientId: 'x', clientSecret: null, claim: 'groups', url: URL_HERE, roles: [] },
    },
  })
  for (const broken of [endless, (response: ServerResponse) => response.writeHead(502).end()]) {
    asked = {}
    instead['/.well-known/openid-configuration'] = broken
    const { status, body, headers } = await gone.get('/login/oidc')
    expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'PROVIDER_UNREACHABLE', '5'])
    for (let i = 0; i < 50; i++) expect((await gone.get('/login/oidc')).status).toBe(503)
    expect(asked['/.well-known/openid-configuration'] ?? 0).toBeLessThanOrEqual(1)
  }
  await gone.stop()
})
