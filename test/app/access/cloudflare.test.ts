/** Cloudflare Access in front: only its signature opens, with keys that change. */
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT, type JWK } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { claimIn, groupsIn, roleMapOf, roleOf, type RoleMap } from '../../../dashboard/access/providers/roles.js'
import { startService, type TestService } from '../service.js'

const REST_MS = 400
const AUDIENCE = 'aud-of-this-application'
const ROLES = roleMapOf([
  'ada@example.com=admin',
  '@example.com=read',
  'group:sre=operate',
  'service:logpush.access=ingest',
]) as RoleMap

type Keys = Awaited<ReturnType<typeof generateKeyPair>> & { kid: string }
const published: JWK[] = []
let fetched = 0
let issuer: string
let team: Server
let service: TestService
let first: Keys

async function newKeys(kid: string, publish = true): Promise<Keys> {
  const keys = await generateKeyPair('RS256')
  if (publish) published.push({ ...(await exportJWK(keys.publicKey)), kid, alg: 'RS256', use: 'sig' })
  return { ...keys, kid }
}

interface Claims {
  iss?: string
  aud?: string
  exp?: number
  [name: string]: unknown
}
const now = () => Math.floor(Date.now() / 1000)
const claimsOf = (more: Claims) => ({
  iss: issuer,
  aud: [AUDIENCE],
  iat: now(),
  exp: now() + 60,
  sub: 'id',
  type: 'app',
  ...more,
})
const sign = (keys: Keys, more: Claims = {}) =>
  new SignJWT(claimsOf(more)).setProtectedHeader({ alg: 'RS256', kid: keys.kid }).sign(keys.privateKey)

const me = async (assertion: string | null, headers: { [name: string]: string } = {}) => {
  const { status, body } = await service.get('/api/v1/me', {
    ...headers,
    ...(assertion === null ? {} : { 'cf-access-jwt-assertion': assertion }),
  })
  return { status, code: body.code as string | undefined, name: body.name as string, role: body.role as string }
}

beforeAll(async () => {
  team = createServer((request, response) => {
    fetched++
    response.statusCode = request.url === '/cdn-cgi/access/certs' ? 200 : 404
    response.end(JSON.stringify({ keys: published }))
  })
  await new Promise<void>((resolve) => team.listen(0, '127.0.0.1', resolve))
  issuer = `http://127.0.0.1:${(team.address() as AddressInfo).port}`
  first = await newKeys('first')
  service = await startService({
    access: {
      token: null,
      allowedHosts: null,
      cloudflare: { issuer, audience: AUDIENCE, roles: ROLES, cooldownMs: 50 },
    },
  })
})
afterAll(async () => {
  await service.stop()
  team.close()
})

describe('behind Cloudflare Access', () => {
  it('the role is that of the address, the group or the service that was signed', async () => {
    expect(await me(await sign(first, { email: 'Ada@Example.com' }))).toMatchObject({
      name: 'Ada@Example.com',
      role: 'admin',
    })
    expect(await me(await sign(first, { email: 'bob@example.com' }))).toMatchObject({ role: 'read' })
    expect(await me(await sign(first, { email: 'eve@other.example', custom: { groups: ['sre'] } }))).toMatchObject({
      role: 'operate',
    })
    expect(await me(await sign(first, { common_name: 'logpush.access', sub: '' }))).toMatchObject({ role: 'ingest' })
    expect(fetched).toBe(1)
  })

  it.each<[string, () => Promise<string | null>]>([
    ['none', async () => null],
    ['for another application', () => sign(first, { email: 'ada@example.com', aud: 'another' })],
    ['of another team', () => sign(first, { email: 'ada@example.com', iss: 'https://evil.cloudflareaccess.com' })],
    ['that has expired', () => sign(first, { email: 'ada@example.com', exp: now() - 60 })],
    ['by an unknown key', async () => sign(await newKeys('unknown', false), { email: 'ada@example.com' })],
    ['by another key of that name', async () => sign(await newKeys('first', false), { email: 'ada@example.com' })],
    [
      'signed with what is public',
      async () =>
        new SignJWT(claimsOf({ email: 'ada@example.com' }))
          .setProtectedHeader({ alg: 'HS256', kid: 'first' })
          .sign(new TextEncoder().encode(await exportSPKI(first.publicKey))),
    ],
    ['that counts from tomorrow', () => sign(first, { email: 'ada@example.com', nbf: now() + 86_400 })],
    ['without an end', () => sign(first, { email: 'ada@example.com', exp: undefined })],
    ['that nobody signed', async () => new UnsecuredJWT(claimsOf({ email: 'ada@example.com' })).encode()],
    ['that is none', async () => 'nonsense'],
  ])('a token %s opens nothing', async (_what, make) => {
    expect((await me(await make())).status).toBe(401)
  })

  it('the header with the address is not believed', async () => {
    expect((await me(null, { 'cf-access-authenticated-user-email': 'ada@example.com' })).status).toBe(401)
    const bob = await sign(first, { email: 'bob@example.com' })
    expect(await me(bob, { 'cf-access-authenticated-user-email': 'ada@example.com' })).toMatchObject({ role: 'read' })
  })

  it('whom nobody named has no role', async () => {
    const { status, code } = await me(await sign(first, { email: 'eve@evil-example.com' }))
    expect([status, code]).toEqual([403, 'NO_ROLE'])
  })

  it('keys change: new ones are fetched when they are met, old ones count until they are gone', async () => {
    await new Promise((resolve) => setTimeout(resolve, 60))
    const second = await newKeys('second')
    expect(await me(await sign(second, { email: 'ada@example.com' }))).toMatchObject({ role: 'admin' })
    expect(await me(await sign(first, { email: 'ada@example.com' }))).toMatchObject({ role: 'admin' })
  })

  it('a sign-in is told once, by name', async () => {
    const ada = { 'cf-access-jwt-assertion': await sign(first, { email: 'ada@example.com', jti: 'x' }) }
    for (let i = 0; i < 3; i++) await service.get('/api/v1/summary', ada)
    const { entries } = (await service.get('/api/v1/audit?action=session&actor=ada@example.com&limit=1', ada)).body
    expect(entries[0]).toMatchObject({ actor: 'ada@example.com', role: 'admin', detail: { by: 'Cloudflare Access' } })
  })
})

describe('where Cloudflare Access does not answer', () => {
  let behind: TestService
  const of = async (assertion: string) => {
    const { status, body, headers } = await behind.get('/api/v1/me', { 'cf-access-jwt-assertion': assertion })
    return [status, body.code ?? body.name, headers.get('retry-after')]
  }
  let answer: (response: ServerResponse) => void
  let asks = 0
  let certs: Server
  beforeAll(async () => {
    certs = createServer((_request, response) => {
      asks++
      answer(response)
    })
    await new Promise<void>((resolve) => certs.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(certs.address() as AddressInfo).port}`
    behind = await startService({
      access: {
        token: null,
        allowedHosts: null,
        cloudflare: { issuer: url, audience: AUDIENCE, roles: ROLES, cooldownMs: 0, restMs: REST_MS },
      },
    })
    issuerOfCerts = url
  })
  afterAll(async () => {
    await behind.stop()
    certs.closeAllConnections()
    certs.close()
  })
  let issuerOfCerts: string
  const ada = (kid = first) => sign(kid, { email: 'ada@example.com', iss: issuerOfCerts })
  const right = (response: ServerResponse) => response.end(JSON.stringify({ keys: published }))
  const down: [string, (response: ServerResponse) => void][] = [
    ['fails', (response) => response.writeHead(502).end('<html>')],
    ['sends elsewhere', (response) => response.writeHead(302, { location: '/login' }).end()],
    ['answers what is no key', (response) => response.end('{"keys": 7}')],
    ['closes', (response) => response.destroy()],
  ]

  it.each(down)(
    'and %s, that is said, and strangers make it ask no more than once in a while',
    async (_what, broken) => {
      await sleep(REST_MS + 50)
      answer = broken
      asks = 0
      const made = await Promise.all(Array.from({ length: 50 }, async (_, i) => ada({ ...first, kid: `made-up-${i}` })))
      const began = performance.now()
      for (const one of made) expect(await of(one)).toEqual([503, 'PROVIDER_UNREACHABLE', '5'])
      expect(asks).toBeLessThanOrEqual(1 + (performance.now() - began) / REST_MS)
    },
  )

  it.each(down)('and %s when keys are asked for again, those that were known count', async (_what, broken) => {
    await sleep(REST_MS + 50)
    answer = right
    expect((await of(await ada()))[1]).toBe('ada@example.com')
    answer = broken
    asks = 0
    const began = performance.now()
    const unknown = await ada({ ...first, kid: 'made-up' })
    for (let i = 0; i < 50; i++) {
      expect((await of(unknown))[0]).toBe(401)
      expect((await of(await ada()))[1]).toBe('ada@example.com')
    }
    expect(asks).toBeLessThanOrEqual(1 + (performance.now() - began) / REST_MS)
  })
})

it('groups are found where the provider puts them: under a name, or within others', () => {
  const claims = { 'https://example.com/roles': ['a'], 'realm_access': { roles: ['b', 7] }, 'x': 'c' }
  expect(groupsIn(claimIn(claims, 'https://example.com/roles'))).toEqual(['a'])
  expect(groupsIn(claimIn(claims, 'realm_access.roles'))).toEqual(['b'])
  expect(groupsIn(claimIn(claims, 'x'))).toEqual(['c'])
  for (const none of ['realm_access', 'x.y', 'realm_access.other', '__proto__', 'constructor.name', 'x.length'])
    expect(groupsIn(claimIn(claims, none)), none).toEqual([])
})

describe('FAULTLINE_ROLES', () => {
  it('gives the role that may most', () => {
    const nobody = { email: null, groups: [], service: null }
    expect(roleOf({ ...nobody, email: 'ada@example.com', groups: ['sre'] }, ROLES)).toBe('admin')
    expect(roleOf({ ...nobody, email: 'x@example.com.evil' }, ROLES)).toBeNull()
    expect(roleOf({ ...nobody, email: 'x@sub.example.com' }, ROLES)).toBeNull()
    expect(roleOf({ ...nobody, service: 'x' }, roleMapOf(['*=admin']) as RoleMap)).toBeNull()
    expect(roleOf(nobody, roleMapOf(['*=read']) as RoleMap)).toBe('read')
  })
  it.each(['ada@example.com', 'ada@example.com=king', 'ada=read', '=read', 'group:=read'])('refuses "%s"', (text) => {
    expect(roleMapOf([text])).toEqual(expect.any(String))
  })
})
