import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openStore } from '../../schema/open-store.js'
import { faultline, newFolder } from './command.js'

it('faultline token makes, lists and revokes tokens, and the audit log knows', async () => {
  const url = `sqlite:${join(newFolder(), 'f.sqlite')}`
  const made = await faultline([
    'token',
    'create',
    'logpush',
    '--role',
    'ingest',
    '--zones',
    'A.example',
    '--store',
    url,
  ])
  expect([made.status, made.stderr]).toEqual([0, ''])
  expect(made.stdout).toMatch(/^flt_[\w-]{43}\n$/)

  const listed = await faultline(['token', 'list', '--json', '--store', url])
  const [token] = (JSON.parse(listed.stdout) as { tokens: { id: string }[] }).tokens
  expect(token).toMatchObject({ name: 'logpush', role: 'ingest', zones: ['a.example'], state: 'valid' })
  expect(listed.stdout).not.toContain(made.stdout.trim())

  const revoked = await faultline(['token', 'revoke', token.id, '--store', url])
  expect([revoked.status, revoked.stdout]).toEqual([0, 'The token logpush is revoked.\n'])
  expect((await faultline(['token', 'list', '--store', url])).stdout).toMatch(
    /logpush {2}ingest {2}a\.example {2}revoked/,
  )
  expect((await faultline(['token', 'revoke', 'nobody', '--store', url])).status).toBe(3)

  const store = await openStore(url)
  const { items } = await store.ledger.audit.page({ limit: 10, after: null })
  await store.close()
  expect(items.map(({ action, actor, target }) => [action, actor, target])).toEqual([
    ['token.revoke', 'command line', token.id],
    ['token.create', 'command line', token.id],
  ])
}, 60_000)

it('says what is wrong with a token before anything is opened', async () => {
  const { status, stderr } = await faultline(
    ['token', 'create', 'x', '--role', 'admin', '--zones', 'a.example,b/c', '--expires', 'soon'],
    { env: { FAULTLINE_STORE: 'sqlite:/nowhere/at/all.sqlite' } },
  )
  expect(status).toBe(2)
  for (const part of ['An admin decides over all zones', 'b/c', 'a duration like 12h']) expect(stderr).toContain(part)
})
