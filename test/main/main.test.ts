import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import zlib from 'node:zlib'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { simulate } from '../../ingest/inputs/simulate/index.js'
import { openStore } from '../../schema/open-store.js'
import { ended, faultline, listening, newFolder, start } from './command.js'

// each test starts several processes
vi.setConfig({ testTimeout: 120_000 })

const SAMPLES = fileURLToPath(new URL('../fixtures/real-shapes.ndjson', import.meta.url))
const store = (folder: string) => `sqlite:${join(folder, 'faultline.sqlite')}`

describe('faultline ingest', () => {
  it('prints one JSON document and nothing else', async () => {
    const folder = newFolder()
    const { status, stdout, stderr } = await faultline(['ingest', SAMPLES, '--store', store(folder), '--json'])
    expect([status, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toMatchObject({
      id: '1',
      lines: 24,
      stored: 24,
      duplicates: 0,
      rejected: 0,
      rejections: [],
      missingFields: [],
      from: '2022-10-30T00:00:02.000Z',
      to: '2024-04-10T23:00:44.995Z',
      seconds: expect.any(Number),
    })
    const again = await faultline(['ingest', SAMPLES, '--store', store(folder), '--json'])
    expect(JSON.parse(again.stdout)).toMatchObject({ stored: 0, duplicates: 24 })
  })
  it('never prints the password of a store', async () => {
    for (const url of ['clickhouse://ada:s3cret@db.internal:8123/logs', 'sqlite+x://db/logs?password=s3cret']) {
      const { status, stdout, stderr } = await faultline(['ingest', SAMPLES, '--store', url])
      expect([status, stdout + stderr]).toEqual([3, expect.stringMatching(/\*\*\*|db\.internal/)])
      expect(stdout + stderr).not.toContain('s3cret')
    }
  })
  it('reads files, folders and stdin; compression by content, whatever the name', async () => {
    const folder = newFolder()
    mkdirSync(join(folder, 'logs', 'sub'), { recursive: true })
    const lines = readFileSync(SAMPLES, 'utf8').split('\n')
    writeFileSync(join(folder, 'logs', 'a.log'), zlib.gzipSync(lines.slice(0, 10).join('\n')))
    writeFileSync(join(folder, 'logs', 'sub', 'b.ndjson.gz'), lines.slice(10, 20).join('\n'))
    writeFileSync(join(folder, 'logs', 'ownership-challenge.txt'), 'not a log')
    const { status, stdout } = await faultline(
      ['ingest', join(folder, 'logs'), '-', '--store', store(folder), '--json'],
      { input: lines.slice(20).join('\n') },
    )
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      lines: 24,
      stored: 24,
      batches: [{ input: 'file', name: 'a.log' }, { input: 'file', name: 'b.ndjson.gz' }, { input: 'stdin' }],
    })
  })
  it('exit 1: some lines were rejected, and it says which', async () => {
    const folder = newFolder()
    const { status, stdout } = await faultline(['ingest', '-', '--store', store(folder)], {
      input: `${readFileSync(SAMPLES)}\noops\n`,
    })
    expect(status).toBe(1)
    expect(stdout).toMatch(/25 lines: 24 stored.*1 rejected[\s\S]*stdin:25 not-json: oops/)
  })
  it('exit 1: one file was refused, the others are in', async () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'a.log'), '<html>')
    copyFileSync(SAMPLES, join(folder, 'b.log'))
    const { status, stdout } = await faultline(['ingest', folder, '--store', store(folder), '--json'])
    expect(status).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      stored: 24,
      refused: [{ code: 'NOT_NDJSON', message: expect.stringContaining('HTML') }],
    })
  })
  it.each([
    [['ingest'], /needs a file/],
    [['ingest', '--colour', 'x'], /Unknown option '--colour'/],
    [['inject', 'x'], /"inject" is no command/],
    [['ingest', 'x', '--sample-rate', '7'], /sample-rate/],
    [['spikes', '--lang', 'xx'], /en, fr or zh/],
    [['spikes', '--from', 'soon'], /"from=soon" is no time/],
    [['serve', '--port', 'http'], /--port/],
  ])('exit 2: %j', async (args, message) => {
    const url = store(newFolder())
    if (args[0] === 'spikes') await faultline(['ingest', SAMPLES, '--store', url])
    const { status, stderr } = await faultline([...args, ...(args[0] === 'inject' ? [] : ['--store', url])])
    expect([status, stderr]).toEqual([2, expect.stringMatching(message)])
  })
  it('exit 3: a file that is not there, a store that is no store', async () => {
    const folder = newFolder()
    expect(await faultline(['ingest', '/nowhere/x.log', '--store', store(folder)])).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('There is no file /nowhere/x.log'),
    })
    writeFileSync(join(folder, 'text.sqlite'), 'this is no database, it is only a text of some length that says so')
    expect(await faultline(['ingest', SAMPLES, '--store', `sqlite:${join(folder, 'text.sqlite')}`])).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/text\.sqlite/),
    })
    expect(await faultline(['ingest', SAMPLES, '--store', 'oracle:x'])).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/sqlite:/),
    })
  })
})

describe('what was counted survives kill -9', () => {
  it('whole parts only, and the same file again completes it', async () => {
    const folder = newFolder()
    const file = join(folder, 'export.ndjson')
    const chunks: Buffer[] = []
    const simulation = simulate({
      seed: 5,
      from: '2026-05-20T00:00:00Z',
      to: '2026-05-21T00:00:00Z',
      lines: 220_000,
      shape: 'status',
    })
    for await (const chunk of simulation.chunks()) chunks.push(Buffer.from(chunk))
    writeFileSync(file, Buffer.concat(chunks))

    const child = start(['ingest', file, '--store', store(folder)])
    const end = ended(child)
    const size = () => faultline(['ingest', '-', '--store', store(folder), '--json'], { input: '{"content":"tests"}' })
    // killed at some moment after the first part: wait for the store's file to hold more than its tables
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    child.kill('SIGKILL')
    await end
    expect((await size()).status).toBe(0)
    const again = JSON.parse((await faultline(['ingest', file, '--store', store(folder), '--json'])).stdout)
    expect(again.stored + again.duplicates).toBe(simulation.truth().records)
    const third = JSON.parse((await faultline(['ingest', file, '--store', store(folder), '--json'])).stdout)
    expect(third).toMatchObject({ stored: 0, duplicates: simulation.truth().records })
  }, 120_000)
})

describe('faultline serve', () => {
  it('refuses to listen beyond loopback without a token, and says how', async () => {
    expect(await faultline(['serve', '--host', '0.0.0.0', '--store', store(newFolder())])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('FAULTLINE_TOKEN'),
    })
  })
  it('refuses a short token', async () => {
    expect(
      await faultline(['serve', '--store', store(newFolder())], { env: { FAULTLINE_RETENTION_DAYS: '0' } }),
    ).toMatchObject({ status: 2, stderr: expect.stringContaining('whole days from 1') })
    expect(await faultline(['backtest', '--rules', '/no/such.yaml', '--store', store(newFolder())])).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/^faultline: The rules file \/no\/such.yaml can not be read[^\n]*\n$/),
    })
    expect(
      await faultline(['serve', '--store', store(newFolder())], { env: { FAULTLINE_TOKEN: 'secret' } }),
    ).toMatchObject({ status: 2, stderr: expect.stringContaining('16 characters') })
  })
  it('serves, says where, says when the port is taken, stops on SIGTERM', async () => {
    const folder = newFolder()
    const child = start(['serve', '--port', '0', '--store', store(folder)])
    const end = ended(child)
    const url = await listening(child)
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'ok' })
    // addresses that cannot be decoded: as built and bundled, which once left the check out
    for (const path of ['/%', '/%E0%A4%A', '/api/v1/records/%'])
      expect([path, (await fetch(url + path)).status]).toEqual([path, 404])
    expect(await faultline(['serve', '--port', new URL(url).port, '--store', store(newFolder())])).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('is in use'),
    })
    child.kill('SIGTERM')
    expect((await end).status).toBe(0)
  })
  it('sees what another process takes in', async () => {
    const folder = newFolder()
    const child = start(['serve', '--port', '0', '--store', store(folder)])
    const end = ended(child)
    const url = await listening(child)
    await faultline(['ingest', SAMPLES, '--store', store(folder)])
    await expect.poll(async () => (await (await fetch(`${url}/api/v1/summary`)).json()).requests).toBe(23)
    child.kill('SIGTERM')
    await end
  })
})

describe('faultline simulate, spikes, backup', () => {
  const folder = newFolder()
  const file = join(folder, 'day.ndjson.gz')
  beforeAll(async () => {
    const made = await faultline([
      'simulate',
      file,
      '--lines',
      '60000',
      '--shape',
      'status',
      '--truth',
      join(folder, 'truth.json'),
      '--from',
      '2026-05-20T00:00:00Z',
      '--to',
      '2026-05-21T00:00:00Z',
    ])
    expect(made.status).toBe(0)
    expect((await faultline(['ingest', file, '--store', store(folder)])).status).toBe(0)
  }, 60_000)

  it('finds what was planted', async () => {
    const truth = JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8'))
    const { status, stdout } = await faultline(['spikes', '--store', store(folder), '--json'])
    expect(status).toBe(0)
    const report = JSON.parse(stdout)
    expect(report.phantoms).toBe(truth.excluded.total)
    expect(report.spikes.map((s: { causes: { id: string }[] }) => s.causes[0].id).sort()).toEqual(
      truth.incidents.map((i: { cause: string }) => i.cause).sort(),
    )
  })
  it.each([
    ['en', /made by the edge/],
    ['fr', /par la périphérie/],
    ['zh', /由边缘返回/],
  ])('says it in %s', async (lang, words) => {
    expect((await faultline(['spikes', '--store', store(folder), '--lang', lang])).stdout).toMatch(words)
  })
  it('copies the store', async () => {
    const copy = join(folder, 'copy.sqlite')
    expect((await faultline(['backup', copy, '--store', store(folder)])).status).toBe(0)
    const again = JSON.parse((await faultline(['ingest', file, '--store', `sqlite:${copy}`, '--json'])).stdout)
    expect(again).toMatchObject({ stored: 0, duplicates: 60_000 })
  })
  it('help lists every command', async () => {
    const { stdout } = await faultline(['help'])
    for (const name of ['serve', 'ingest', 'spikes', 'simulate', 'backup'])
      expect(stdout).toContain(`faultline ${name}`)
  })
})

it('reads a pipe that never ends, line by line', async () => {
  const folder = newFolder()
  const child = start(['ingest', '-', '--store', store(folder), '--json'])
  const end = ended(child)
  child.stdin?.write(readFileSync(SAMPLES, 'utf8') + '\n')
  const stored = async () => {
    const other = await openStore(store(folder), undefined, { toRead: true }).catch(() => null)
    const records = (await other?.records.extent())?.records
    await other?.close()
    return records
  }
  await expect.poll(stored, { interval: 200 }).toBe(24)
  const seen = JSON.parse((await faultline(['ingest', SAMPLES, '--store', store(folder), '--json'])).stdout)
  expect(seen).toMatchObject({ stored: 0, duplicates: 24 })
  child.stdin?.end()
  expect((await end).status).toBe(0)
}, 30_000)
