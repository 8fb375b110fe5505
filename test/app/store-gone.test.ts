/** Nobody is answered 200 for what is nowhere. */
import { once } from 'node:events'
import { copyFileSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Database } from '../../schema/sqlite/driver/index.js'
import { losesCommits } from '../../schema/sqlite/database.js'
import { verify } from '../../schema/sqlite/verify.js'
import { listening, start } from '../main/command.js'
import { hold } from './holder.js'
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
      expect(body.message).toMatch(/was removed or moved away|was put in the place/)
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
      const ready = await service.get('/readyz')
      expect([ready.status, ready.body.code]).toEqual([503, 'STORE_UNUSABLE'])
      const note = await service.send('POST', '/api/v1/annotations', { text: 'deploy', at: '2026-05-20T14:05:00Z' })
      expect(note.status).toBe(503)
      // nor are copies of something else made, which would push those of this store out
      await expect(service.store.backup(join(service.folder, 'copy.sqlite'))).rejects.toMatchObject({
        code: 'STORE_UNUSABLE',
      })
      await service.stop()
    })
  }

  it('whose folder is moved away and back goes on by itself, and answers what is asked meanwhile', async () => {
    const service = await startService()
    const count = async () => (await service.get('/api/v1/breakdown?by=status')).body.total
    await service.post('/api/v1/logs', line(1))
    expect(await count()).toBe(1)
    renameSync(service.folder, `${service.folder}-away`)
    expect((await service.post('/api/v1/logs', line(2))).body.code).toBe('STORE_UNUSABLE')
    expect(await count()).toBe(1)
    renameSync(`${service.folder}-away`, service.folder)
    expect((await service.post('/api/v1/logs', line(2))).body).toMatchObject({ stored: 1 })
    expect(await count()).toBe(2)
    await service.stop()
  })

  it.each(['-wal', '-shm'])(
    'whose %s is removed loses nothing that was answered 200, and takes nothing more',
    async (suffix) => {
      const service = await startService()
      const path = join(service.folder, 'faultline.sqlite')
      for (let n = 1; n <= 3; n++) expect((await service.post('/api/v1/logs', line(n))).status).toBe(200)
      rmSync(path + suffix)
      const { status, body } = await service.post('/api/v1/logs', line(4))
      expect([status, body.code]).toEqual([503, 'STORE_UNUSABLE'])
      expect(body.message).toContain(`faultline.sqlite${suffix}, a part of the store`)
      expect((await service.get('/readyz')).status).toBe(503)
      // as whoever finds the file alone after a crash
      const copy = join(service.folder, 'copy.sqlite')
      copyFileSync(path, copy)
      expect(verify(copy, false)).toMatchObject({ records: 3, findings: [] })
      await service.stop()
    },
  )

  it('with a backup put in its place: what lies beside is not mixed into it', async () => {
    const service = await startService()
    const path = join(service.folder, 'faultline.sqlite')
    const backup = join(service.folder, 'backup.sqlite')
    await service.post('/api/v1/logs', line(1))
    await service.store.backup(backup)
    const more = Array.from({ length: 20_000 }, (_, n) => line(n + 2)).join('')
    expect((await service.post('/api/v1/logs', more)).status).toBe(200)
    renameSync(path, join(service.folder, 'before.sqlite'))
    renameSync(backup, path)
    expect((await service.post('/api/v1/logs', line(2))).status).toBe(503)
    await service.app.close()
    await service.store.close()
    expect(verify(path, false)).toMatchObject({ records: 1, findings: [] })
    // what was put away is whole as well
    expect(verify(join(service.folder, 'before.sqlite'), false)).toMatchObject({ records: 20_001, findings: [] })
    await service.stop()
  })

  it('held by another process is not ready, refuses with a time to come again, and goes on by itself', async () => {
    const service = await startService({}, { waitMs: 400 })
    expect((await service.post('/api/v1/logs', line(1))).status).toBe(200)
    const other = await hold(join(service.folder, 'faultline.sqlite'), 'begin immediate')
    // all that came have waited once, not one after the other
    const posts = await Promise.all(Array.from({ length: 30 }, (_, n) => service.post('/api/v1/logs', line(n + 2))))
    for (const { status, body, headers } of posts) {
      expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'STORE_BUSY', '5'])
      expect(body.message).toContain('lsof')
    }
    const ready = await service.get('/readyz')
    expect([ready.status, ready.body.code]).toEqual([503, 'STORE_BUSY'])
    const upload = `${Array.from({ length: 7_000 }, (_, n) => line(n + 2)).join('')}`
    expect((await service.post('/api/v1/logs', upload)).body.code).toBe('STORE_BUSY')
    const note = await service.send('POST', '/api/v1/annotations', { text: 'deploy', at: '2026-05-20T14:05:00Z' })
    expect([note.status, note.body.code]).toEqual([503, 'STORE_BUSY'])
    // what is asked goes on meanwhile
    expect((await service.get('/api/v1/timeseries?by=class&step=hour')).status).toBe(200)
    await other.letGo()
    expect((await service.get('/readyz')).status).toBe(200)
    expect((await service.post('/api/v1/logs', upload)).body).toMatchObject({ stored: 7_000 })
    expect(
      (await service.send('POST', '/api/v1/annotations', { text: 'deploy', at: '2026-05-20T14:05:00Z' })).status,
    ).toBeLessThan(300)
    await service.stop()
  }, 60_000)

  it('beside another service on the same file takes in what both are sent, once', async () => {
    const one = await startService()
    const path = join(one.folder, 'faultline.sqlite')
    const child = start(['serve', '--port', '0', '--store', `sqlite:${path}`])
    try {
      const other = await listening(child)
      const numbers = Array.from({ length: 40 }, (_, n) => n)
      const answers = await Promise.all(
        numbers.flatMap((n) => [
          fetch(`${one.url}/api/v1/logs`, { method: 'POST', body: line(n) + line(n + 20) }),
          fetch(`${other}/api/v1/logs`, { method: 'POST', body: line(n) }),
        ]),
      )
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
      for (const url of [one.url, other])
        expect(((await (await fetch(`${url}/readyz`)).json()) as { records: number }).records).toBe(60)
    } finally {
      const gone = once(child, 'exit')
      child.kill()
      await gone
      await one.stop()
    }
  }, 60_000)
})

it('a SQLite that can lose commits is known by its version', () => {
  for (const version of ['3.7.0', '3.44.5', '3.45.1', '3.50.4', '3.50.6', '3.51.0', '3.51.2'])
    expect(losesCommits(version), version).toBe(true)
  for (const version of ['3.44.6', '3.50.7', '3.51.3', '3.53.2', '3.54.1', '4.0.0'])
    expect(losesCommits(version), version).toBe(false)
  const own = new Database(':memory:').prepare('select sqlite_version()').pluck().get() as string
  expect(losesCommits(own), own).toBe(false)
})
