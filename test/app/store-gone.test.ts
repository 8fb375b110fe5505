/** Nobody is answered 200 for what is nowhere. */
import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Database } from '../../schema/sqlite/driver/index.js'
import { losesCommits } from '../../schema/sqlite/database.js'
import { startService } from './service.js'

const line = (n: number) =>
  `${JSON.stringify({ EdgeStartTimestamp: '2026-05-20T14:05:00Z', EdgeResponseStatus: 200, RayID: n.toString(16).padStart(16, '0') })}\n`

describe('the store of a running service', () => {
  for (const [what, happens] of [
    ['its folder removed', (folder: string) => rmSync(folder, { recursive: true })],
    ['its file removed', (folder: string) => rmSync(join(folder, 'faultline.sqlite'))],
    [
      'another file in its place',
      (folder: string) => {
        renameSync(folder, `${folder}-away`)
        mkdirSync(folder)
        new Database(join(folder, 'faultline.sqlite')).exec('create table t (a)').close()
        rmSync(`${folder}-away`, { recursive: true })
      },
    ],
  ] as const) {
    it(`with ${what} takes nothing more, and says so`, async () => {
      const service = await startService()
      expect((await service.post('/api/v1/logs', line(1))).status).toBe(200)
      expect((await service.get('/readyz')).status).toBe(200)
      happens(service.folder)
      const { status, body, headers } = await service.post('/api/v1/logs', line(2))
      expect([status, body.code]).toEqual([503, 'STORE_UNUSABLE'])
      expect(body.message).toMatch(/was (removed|put in the place)/)
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
      const ready = await service.get('/readyz')
      expect([ready.status, ready.body.code]).toEqual([503, 'STORE_UNUSABLE'])
      const note = await service.send('POST', '/api/v1/annotations', { text: 'deploy', at: '2026-05-20T14:05:00Z' })
      expect(note.status).toBe(503)
      await service.stop()
    })
  }

  it('held by another process is not ready, refuses with a time to come again, and goes on by itself', async () => {
    const service = await startService()
    expect((await service.post('/api/v1/logs', line(1))).status).toBe(200)
    const other = new Database(join(service.folder, 'faultline.sqlite'))
    other.exec('begin immediate')
    const begun = Date.now()
    const ready = await service.get('/readyz')
    expect([ready.status, ready.body.code]).toEqual([503, 'STORE_BUSY'])
    expect(Date.now() - begun).toBeLessThan(30_000)
    const { status, body, headers } = await service.post('/api/v1/logs', line(2))
    expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'STORE_BUSY', '5'])
    // what is asked goes on meanwhile
    expect((await service.get('/api/v1/timeseries?by=class&step=hour')).status).toBe(200)
    other.exec('rollback')
    other.close()
    expect((await service.post('/api/v1/logs', line(2))).body).toMatchObject({ stored: 1 })
    expect((await service.get('/readyz')).status).toBe(200)
    await service.stop()
  }, 90_000)
})

it('a SQLite that can lose commits is known by its version', () => {
  for (const version of ['3.7.0', '3.44.5', '3.45.1', '3.50.4', '3.50.6', '3.51.0', '3.51.2'])
    expect(losesCommits(version), version).toBe(true)
  for (const version of ['3.44.6', '3.50.7', '3.51.3', '3.53.2', '3.54.1', '4.0.0'])
    expect(losesCommits(version), version).toBe(false)
  const own = new Database(':memory:').prepare('select sqlite_version()').pluck().get() as string
  expect(losesCommits(own), own).toBe(false)
})
