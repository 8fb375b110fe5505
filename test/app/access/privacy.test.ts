/** What is kept of visitors, and that it goes. */
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { readSettings } from '../../../ingest/commands/reading.js'
import { addressKeyFileOf, destroyAddressKey } from '../../../schema/store/secrets/address-key.js'
import type { ClientAddresses } from '../../../schema/words/client-addresses.js'
import { newFolder } from '../../main/command.js'
import { startService, type TestService } from '../service.js'
import { RIGHTS } from '../../../dashboard/access/rights.js'
import { LOOKS } from '../../../dashboard/privacy/plugin.js'

let service: TestService
afterEach(() => service.stop())

const line = (i: number, host: string, ip: string) =>
  JSON.stringify({
    EdgeStartTimestamp: new Date(Date.parse('2026-05-20T14:00:00Z') + i * 60_000).toISOString(),
    EdgeResponseStatus: 200,
    RayID: (0x7a1f7ad4df2f8000n + BigInt(i)).toString(16),
    ClientRequestHost: host,
    ClientIP: ip,
  })
const VISITOR = '203.0.113.77'
const LINES = [
  ...Array.from({ length: 6 }, (_, i) => line(i, i % 2 ? 'a.example' : 'b.example', '198.51.100.9')),
  ...Array.from({ length: 4 }, (_, i) => line(10 + i, 'a.example', VISITOR)),
  JSON.stringify({ EdgeStartTimestamp: 'never', EdgeResponseStatus: 200, ClientIP: VISITOR }),
].join('\n')

/** Is the text anywhere in the files of the store? */
const rests = (text: string) =>
  readdirSync(service.folder).some((name) => readFileSync(join(service.folder, name)).includes(text))
const counts = async () => {
  const rows = (await service.get('/api/v1/breakdown?by=host')).body.rows as { key: string; count: number }[]
  return Object.fromEntries(rows.map(({ key, count }) => [key, count]))
}
const kept = (clientAddresses: ClientAddresses, store = `sqlite:${join(newFolder(), 'f.sqlite')}`) =>
  readSettings({
    sampleRate: 1,
    keepQuery: false,
    dropClientIp: false,
    orangeToOrange: 'visitor',
    clientAddresses,
    store,
  })

it.each<[ClientAddresses, RegExp | null]>([
  ['whole', /^203\.0\.113\.77$/],
  ['shortened', /^203\.0\.113\.0$/],
  ['hashed', /^[\da-f]{16}$/],
  ['none', null],
])('addresses %s are so before anything is stored, in rejected lines too', async (form, expected) => {
  service = await startService({ settings: kept(form) })
  expect((await service.post('/api/v1/logs', LINES)).body).toMatchObject({ stored: 10, rejected: 1 })
  const { records } = (await service.get('/api/v1/records?host=a.example&limit=1')).body
  if (expected === null) expect(records[0].clientIp).toBeNull()
  else expect(records[0].clientIp).toMatch(expected)
  expect(rests(VISITOR)).toBe(form === 'whole')
  const visitors = (await service.get('/api/v1/breakdown?by=clientIp')).body.rows as { key: string }[]
  expect(visitors.length).toBe(form === 'none' ? 1 : 2)
})

it('the key of hashed addresses is a file of its owner, the same until it is destroyed', async () => {
  service = await startService()
  const store = `sqlite:${join(service.folder, 'x.sqlite')}`
  const first = kept('hashed', store).addresses
  expect(kept('hashed', store).addresses).toEqual(first)
  const file = addressKeyFileOf(store) as string
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(destroyAddressKey(file)).toBe(true)
  expect(kept('hashed', store).addresses).not.toEqual(first)
})

it('erases a visitor, a host or a range with its figures, and nothing of it is left in the file', async () => {
  service = await startService()
  await service.post('/api/v1/logs', LINES)
  expect(await counts()).toEqual({ 'a.example': 7, 'b.example': 3 })
  const visitor = await service.send('POST', '/api/v1/erasures', { clientIp: VISITOR })
  expect(visitor.body).toMatchObject({ removed: 4, samples: 1, notReached: expect.arrayContaining(['backups']) })
  expect(await counts()).toEqual({ 'a.example': 3, 'b.example': 3 })
  expect(rests(VISITOR)).toBe(false)
  expect((await service.get('/api/v1/summary')).body.requests).toBe(6)
  const range = { host: 'B.example', to: '2026-05-20T14:01:00Z' }
  expect((await service.send('POST', '/api/v1/erasures', range)).body.removed).toBe(1)
  expect(await counts()).toEqual({ 'a.example': 3, 'b.example': 2 })
  expect((await service.send('POST', '/api/v1/erasures', {})).body.code).toBe('NOTHING_TO_ERASE')
  const { entries } = (await service.get('/api/v1/audit?action=records.erase')).body
  expect(entries).toHaveLength(3)
  expect(JSON.stringify(entries)).not.toContain(VISITOR)
})

it('says what is kept, how long and who looked at it', async () => {
  service = await startService({
    keeping: { clientAddresses: 'hashed', queryStrings: false, retentionDays: 90, retentionGb: null },
  })
  await service.post('/api/v1/logs', LINES)
  await service.get('/api/v1/records')
  expect((await service.get('/api/v1/privacy')).body).toMatchObject({
    clientAddresses: 'hashed',
    queryStrings: false,
    retentionDays: 90,
    auditDays: 400,
    records: 10,
    seenBy: [{ name: null, action: 'records.read', times: 1 }],
    erasable: true,
  })
})

it('tells of those who took requests along in a file as well', async () => {
  service = await startService()
  await service.post('/api/v1/logs', LINES)
  for (let n = 0; n < 2; n++) await service.get('/api/v1/export')
  const { seenBy } = (await service.get('/api/v1/privacy')).body
  expect(seenBy).toMatchObject([{ name: null, action: 'records.export', times: 2 }])
  const noted = Object.values(RIGHTS).map(({ noted: name }) => name)
  for (const look of LOOKS) expect(noted).toContain(look)
})

it('shows what a limit would remove before it is set', async () => {
  service = await startService({
    keeping: { clientAddresses: 'whole', queryStrings: false, retentionDays: null, retentionGb: 5 },
  })
  await service.post('/api/v1/logs', LINES)
  const { body: set } = await service.get('/api/v1/retention')
  expect(set).toMatchObject({ days: null, gb: 5, records: 10, removal: null, overfull: false })
  expect(set.used).toBeGreaterThan(0)
  const { body: one } = await service.get('/api/v1/retention?days=1&gb=')
  expect(one).toMatchObject({ days: 1, gb: null, removal: { by: 'age', records: 10 } })
  expect(one.removal.bytes).toBeGreaterThan(0)
  expect((await service.get('/api/v1/retention?gb=0.000001')).body).toMatchObject({ removal: null, overfull: true })
  for (const wrong of ['days=0', 'days=1.5', 'gb=-1', 'gb=much'])
    expect((await service.get(`/api/v1/retention?${wrong}`)).body.code).toBe('BAD_NUMBER')
  expect((await service.get('/api/v1/records')).body.records).toHaveLength(10)
})
