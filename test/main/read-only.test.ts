/** A store that this user can only read, by the commands that read: they work, and say so where they cannot. */
import { spawn } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ended, faultline, listening, MAIN, newFolder, start, type Ended } from './command.js'

const folder = newFolder()
const path = join(folder, 'closed', 'faultline.sqlite')

/** nobody: an administrator may write whatever the rights of a file say */
const NOBODY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

const asOther = (args: string[]): Promise<Ended> =>
  ended(
    spawn(process.execPath, [MAIN, ...args], {
      ...NOBODY,
      cwd: '/',
      env: { ...process.env, FAULTLINE_TOKEN: '', FAULTLINE_STORE: '' },
    }),
  )

const setRights = (rights: { folder: number; file: number }, of = path) => {
  chmodSync(of, rights.file)
  chmodSync(join(of, '..'), rights.folder)
}
const READ_ONLY = { folder: 0o555, file: 0o444 }
const WRITABLE = { folder: 0o755, file: 0o644 }

beforeAll(async () => {
  mkdirSync(join(folder, 'closed'))
  chmodSync(folder, 0o755)
  const logs = Array.from({ length: 50 }, (_, n) =>
    JSON.stringify({
      RayID: (n + 1).toString(16).padStart(16, '0'),
      EdgeStartTimestamp: new Date(Date.UTC(2026, 4, 20, 14, n)).toISOString(),
      EdgeResponseStatus: 200,
    }),
  ).join('\n')
  expect((await faultline(['ingest', '-', '--store', `sqlite:${path}`], { input: logs })).status).toBe(0)
}, 60_000)
afterAll(() => setRights(WRITABLE))

// first the one that a service has open: it makes the rules that backtest asks for
describe.each(['open', 'closed'])('a store that is %s', (how) => {
  let service: ReturnType<typeof start> | undefined
  beforeAll(async () => {
    if (how === 'closed') return setRights(READ_ONLY)
    setRights(WRITABLE)
    service = start(['serve', '--port', '0', '--store', `sqlite:${path}`])
    await listening(service)
    for (const file of ['', '-wal', '-shm']) chmodSync(path + file, 0o444)
    chmodSync(join(folder, 'closed'), 0o555)
  }, 60_000)
  afterAll(async () => {
    if (service === undefined) return
    setRights(WRITABLE)
    const gone = new Promise((resolve) => service?.once('exit', resolve))
    service.kill()
    await gone
  })

  it.each([
    ['spikes', ['spikes', '--json'], /"spikes":/],
    ['export', ['export', '--fields', 'rayId'], /^(\{"rayId":"[0-9a-f]{16}"\}\n){50}$/],
    ['backtest', ['backtest', '--json'], /"rules":/],
  ])('is read by %s', async (_, args, said) => {
    const { status, stdout, stderr } = await asOther([...args, '--store', `sqlite:${path}`])
    expect([stderr, status]).toEqual(['', 0])
    expect(stdout).toMatch(said)
  })

  it('takes nothing in, and says why', async () => {
    const { status, stderr } = await asOther(['ingest', MAIN, '--store', `sqlite:${path}`])
    expect(status).toBe(3)
    expect(stderr).toMatch(/write|readonly/)
  })
})

it('a store of an older layout is read, and stays as it is', async () => {
  const older = join(folder, 'older', 'faultline.sqlite')
  mkdirSync(join(older, '..'))
  const bytes = gunzipSync(readFileSync(new URL('../fixtures/store-of-layout-1.sqlite.gz', import.meta.url)))
  writeFileSync(older, bytes)
  setRights(READ_ONLY, older)
  const { status, stdout } = await asOther(['export', '--fields', 'rayId', '--store', `sqlite:${older}`])
  setRights(WRITABLE, older)
  expect(status).toBe(0)
  expect(stdout.split('\n').length).toBeGreaterThan(10)
  expect(readFileSync(older).equals(bytes)).toBe(true)
})

it('who is started with a low priority takes logs in as well', async () => {
  const own = join(folder, 'own')
  mkdirSync(own)
  if (NOBODY.uid !== undefined) chownSync(own, NOBODY.uid, NOBODY.gid)
  const args = ['-n', '15', process.execPath, MAIN, 'ingest', '-', '--store', `sqlite:${join(own, 'a.sqlite')}`]
  const child = spawn('nice', args, { ...NOBODY, cwd: '/', env: { ...process.env, FAULTLINE_STORE: '' } })
  child.stdin.end('{"RayID":"7a1f7ad4df2f870a","EdgeStartTimestamp":"2026-05-20T14:05:00Z","EdgeResponseStatus":200}\n')
  expect(await ended(child)).toMatchObject({ status: 0, stderr: '' })
})
