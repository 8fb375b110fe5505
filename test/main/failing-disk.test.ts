/** A disk of its own that fails: its file system becomes read-only under the running service, as Linux does after errors. */
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, ftruncateSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { needs } from '../needs.js'
import { faultline, listening, newFolder, start } from './command.js'

const folder = newFolder()
const image = join(folder, 'image')
const disk = join(folder, 'disk')
const url = `sqlite:${join(disk, 'faultline.sqlite')}`
const run = (command: string, ...args: string[]) => spawnSync(command, args).status === 0

mkdirSync(disk)
const file = openSync(image, 'w')
ftruncateSync(file, 200 * 1_048_576)
closeSync(file)
const mount = (): boolean => run('mount', '-o', 'loop', image, disk)
// tries it once: `abort` is what ext4 offers for such tests
const isPossible =
  needs('mkfs.ext4', 'e2fsprogs') &&
  run('mkfs.ext4', '-q', '-F', image) &&
  mount() &&
  run('mount', '-o', 'remount,abort', disk) &&
  run('umount', disk)
afterAll(() => {
  if (isPossible) run('umount', '-l', disk)
})

const lines = (from: number) =>
  Array.from(
    { length: 500 },
    (_, i) =>
      `${JSON.stringify({
        EdgeStartTimestamp: '2026-05-20T14:05:00Z',
        EdgeResponseStatus: 200,
        RayID: (from + i).toString(16).padStart(16, '0'),
        ClientRequestURI: `/${Math.random()}`,
      })}\n`,
  ).join('')

describe.skipIf(!isPossible)('a file system that becomes read-only (where this user may mount one)', () => {
  it('is told by posts and by /readyz, questions go on, and what was answered 200 is there afterwards', async () => {
    expect(run('mkfs.ext4', '-q', '-F', image) && mount()).toBe(true)
    const child = start(['serve', '--port', '0', '--store', url])
    child.stderr?.resume()
    const service = await listening(child)
    const ask = async (path: string, body?: string) => {
      const answer = await fetch(
        service + path,
        body === undefined
          ? {}
          : { method: 'POST', body, headers: path.endsWith('/logs') ? {} : { 'content-type': 'application/json' } },
      )
      const { code, stored, records } = (await answer.json()) as { code?: string; stored?: number; records?: number }
      return { status: answer.status, code, stored, records, retry: Number(answer.headers.get('retry-after')) }
    }
    for (const from of [1, 501]) expect(await ask('/api/v1/logs', lines(from))).toMatchObject({ stored: 500 })
    expect(await ask('/readyz')).toMatchObject({ status: 200, records: 1_000 })
    const annotate = (text: string) => ask('/api/v1/annotations', JSON.stringify({ text, at: '2026-05-20T14:05:00Z' }))
    expect(await annotate('before')).toMatchObject({ status: 201 })

    expect(run('mount', '-o', 'remount,abort', disk)).toBe(true)
    for (const from of [1_001, 1_501]) {
      const refused = await ask('/api/v1/logs', lines(from))
      expect(refused).toMatchObject({ status: 503, code: 'STORE_UNUSABLE' })
      expect(refused.retry).toBeGreaterThan(0)
    }
    expect(await annotate('after')).toMatchObject({ status: 503, code: 'STORE_UNUSABLE' })
    expect(await ask('/readyz')).toMatchObject({ status: 503, code: 'STORE_UNUSABLE' })
    expect((await ask('/healthz')).status).toBe(200)
    const of = 'from=2026-05-20T14:00:00Z&to=2026-05-20T15:00:00Z'
    expect(await (await fetch(`${service}/api/v1/summary?${of}`)).json()).toMatchObject({ requests: 1_000 })

    const gone = once(child, 'exit')
    child.kill()
    expect((await gone)[0]).toBe(0)
    expect(run('umount', disk)).toBe(true)
    spawnSync('e2fsck', ['-fy', image])
    expect(mount()).toBe(true)
    const { status, stdout } = await faultline(['verify', '--store', url])
    expect([status, stdout]).toEqual([0, expect.stringMatching(/1,?000 records/)])
  }, 120_000)
})
