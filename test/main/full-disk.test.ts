/** A disk of its own that fills up, under the built service and the commands. */
import { spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statfsSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { once } from 'node:events'
import { faultline, listening, newFolder, start } from './command.js'

const folder = newFolder()
const disk = join(folder, 'disk')
const url = `sqlite:${join(disk, 'faultline.sqlite')}`
const filler = join(disk, 'filler')

mkdirSync(disk)
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=128m', 'tmpfs', disk]).status === 0
afterAll(() => {
  if (isMounted) spawnSync('umount', ['-l', disk])
})

/** Leaves nothing. */
function fill(): void {
  const file = openSync(filler, 'a')
  const piece = Buffer.alloc(1_048_576)
  for (;;) {
    const { bavail, bsize } = statfsSync(disk)
    const left = bavail * bsize
    if (left === 0) break
    writeSync(file, piece, 0, Math.min(left, piece.length))
  }
  closeSync(file)
}

let count = 0
const lines = (n: number) =>
  Array.from({ length: n }, () => {
    count++
    return `${JSON.stringify({
      EdgeStartTimestamp: '2026-05-20T14:05:00Z',
      EdgeResponseStatus: 200,
      RayID: count.toString(16).padStart(16, '0'),
      ClientRequestURI: `/${Math.random()}/${Math.random()}`,
    })}\n`
  }).join('')

describe.skipIf(!isMounted)('on a disk that is full (where this user may mount one)', () => {
  let child: ReturnType<typeof start>
  let service: string
  let stored = 0
  beforeAll(async () => {
    child = start(['serve', '--port', '0', '--store', url])
    child.stderr?.resume()
    service = await listening(child)
    stored += (await ask('POST', '/api/v1/logs', lines(20_000))).body.stored
    fill()
  }, 60_000)
  afterAll(async () => {
    const gone = once(child, 'exit')
    child.kill()
    await gone
  })

  async function ask(method: string, path: string, body?: string | object) {
    const json = typeof body === 'object'
    const response = await fetch(service + path, {
      method,
      ...(body !== undefined && { body: json ? JSON.stringify(body) : body }),
      headers: json ? { 'content-type': 'application/json' } : {},
    })
    const text = await response.text()
    const type = response.headers.get('content-type') ?? ''
    // oxlint-disable-next-line typescript/no-explicit-any
    const parsed = (type.includes('json') && !type.includes('nd') ? JSON.parse(text) : text) as any
    return { status: response.status, retry: Number(response.headers.get('retry-after')), body: parsed }
  }

  it.each<[string, string, string, (string | object)?]>([
    ['a post', 'POST', '/api/v1/logs', lines(2_000)],
    ['an upload', 'POST', '/api/v1/logs', lines(60_000)],
    ['a deletion', 'DELETE', '/api/v1/batches/1'],
    ['an erasure', 'POST', '/api/v1/erasures', { from: '2026-05-20T00:00:00Z', to: '2026-05-21T00:00:00Z' }],
    ['readiness', 'GET', '/readyz'],
  ])('%s is refused with a time to come again', async (_, method, path, body) => {
    const answer = await ask(method, path, body)
    expect([answer.status, answer.body.code]).toEqual([507, 'STORE_FULL'])
    expect(answer.retry).toBeGreaterThan(0)
  })

  it('a notifier whose key cannot be written is refused, and leaves nothing behind', async () => {
    const settings = { url: 'https://hooks.slack.com/services/x' }
    const answer = await ask('POST', '/api/v1/notifiers', { name: 'a', type: 'slack', settings, language: 'en' })
    expect([answer.status, answer.body.code]).toEqual([503, 'SECRETS_UNUSABLE'])
    expect(answer.body.message).toContain('ENOSPC')
    expect(readdirSync(disk).filter((name) => name.includes('.key'))).toEqual([])
  })

  it('what is asked is answered, by the service and by commands', async () => {
    for (const path of ['/api/v1/breakdown?by=path', '/api/v1/spikes', '/api/v1/records', '/api/v1/export', '/metrics'])
      expect((await ask('GET', path)).status, path).toBe(200)
    for (const command of ['spikes', 'export', 'verify'])
      expect(await faultline([command, '--store', url]), command).toMatchObject({ status: 0, stderr: '' })
  })

  it('a copy goes to another disk, and none is begun where it has no room', async () => {
    expect(await faultline(['backup', join(folder, 'copy.sqlite'), '--store', url])).toMatchObject({ status: 0 })
    const { status, stderr } = await faultline(['backup', join(disk, 'copy.sqlite'), '--store', url])
    expect([status, stderr]).toEqual([3, expect.stringMatching(/needs [\d.]+ MB .* 0\.0 MB are free.*another disk/)])
    const again = await faultline([
      'restore',
      join(folder, 'copy.sqlite'),
      '--store',
      `sqlite:${join(disk, 'again.sqlite')}`,
    ])
    expect([again.status, again.stderr]).toEqual([3, expect.stringContaining('MB are free')])
    expect(readdirSync(disk).filter((name) => /copy|again/.test(name))).toEqual([])
  })

  it('a report or an export that has no room leaves what was there before', async () => {
    const input = join(folder, 'lines.ndjson')
    writeFileSync(input, lines(500))
    const page = join(disk, 'report.html')
    const { status, stderr } = await faultline(['report', input, '-o', page])
    expect([status, stderr]).toEqual([3, expect.stringContaining('can not be written')])
    const csv = await faultline(['export', '--store', url, '-o', join(disk, 'export.csv')])
    expect(csv.status).toBe(3)
    expect(existsSync(page) || existsSync(join(disk, 'export.csv'))).toBe(false)
    expect(readdirSync(disk).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  it('goes on by itself when there is room, and has what it said it has', async () => {
    rmSync(filler)
    expect((await ask('GET', '/readyz')).status).toBe(200)
    stored += (await ask('POST', '/api/v1/logs', lines(100))).body.stored
    const { body } = await ask('GET', '/api/v1/timeseries?from=2026-05-20&to=2026-05-21&step=day&by=class')
    expect(body.series[0].points).toEqual([[Date.UTC(2026, 4, 20), stored]])
    expect((await faultline(['verify', '--store', url])).status).toBe(0)
  })
})
