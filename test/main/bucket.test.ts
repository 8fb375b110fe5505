/** `faultline ingest s3://…` and a service that reads a bucket, from a real S3 server (s3rver: small, runs on every Node that we do). */
import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { S3mini } from 's3mini'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packageRoot } from '../../schema/runtime/package-root.js'
import { BucketServer, KEY } from '../ingest/inputs/bucket-server.js'
import { logsOf } from '../ingest/inputs/logpull-server.js'
import { expectTruth } from '../ingest/inputs/truth.js'
import { ended, faultline, listening, newFolder, start } from './command.js'

const HOUR = 3_600_000
const START = Date.UTC(2026, 4, 20)
const logs = logsOf(START, START + 3 * HOUR, 600)
const lines = logs.received.map(({ line }) => `${line}\n`)
const third = Math.ceil(lines.length / 3)
const part = (n: number) => Buffer.from(lines.slice(n * third, (n + 1) * third).join(''))

const README = readFileSync(new URL('README.md', packageRoot), 'utf8')
const env = { FAULTLINE_S3_ACCESS_KEY_ID: 'S3RVER', FAULTLINE_S3_SECRET_ACCESS_KEY: 'S3RVER' }

let s3: ChildProcess
let endpoint: string
let client: S3mini
beforeAll(async () => {
  s3 = spawn(process.execPath, [fileURLToPath(new URL('../ingest/inputs/s3rver.mjs', import.meta.url)), newFolder()], {
    env: { ...process.env, NODE_OPTIONS: '--openssl-legacy-provider' },
  })
  endpoint = await new Promise<string>((resolve, reject) => {
    s3.stdout?.once('data', (text) => resolve(String(text).trim()))
    s3.once('close', () => reject(new Error('s3rver ended')))
  })
  client = new S3mini({
    accessKeyId: 'S3RVER',
    secretAccessKey: 'S3RVER',
    endpoint: `${endpoint}/logs`,
    region: 'auto',
  })
  const day = 'http_requests/20260520'
  await client.putObject(`${day}/20260520T000000Z_20260520T010000Z_0a1b2c3d.log.gz`, gzipSync(part(0)))
  await client.putObject(`${day}/20260520T010000Z_20260520T020000Z_1a1b2c3d.log`, part(1))
  await client.putObject(`http_requests/20260521/a & b (ü).ndjson.zst`, zstd(part(2)))
  await client.putObject('http_requests/ownership-challenge-5e6f.txt', 'word')
  await client.putObject(
    'firewall_events/20260520/x.log.gz',
    gzipSync('{"Action":"block","Datetime":"2026-05-20T00:00:00Z"}\n'),
  )
}, 30_000)
afterAll(async () => {
  const gone = new Promise((resolve) => s3.once('exit', resolve))
  s3.kill()
  await gone
})

/** A frame of zstd without compression (RFC 8878): one raw block. */
function zstd(body: Buffer): Buffer {
  const header = Buffer.alloc(12)
  header.writeUInt32LE(0xfd2fb528, 0)
  header[4] = 0xa0
  header.writeUInt32LE(body.length, 5)
  const blocks: Buffer[] = []
  for (let at = 0; at < body.length; at += 100_000) {
    const block = body.subarray(at, at + 100_000)
    const head = Buffer.alloc(3)
    head.writeUIntLE((block.length << 3) | (at + 100_000 >= body.length ? 1 : 0), 0, 3)
    blocks.push(head, block)
  }
  return Buffer.concat([header.subarray(0, 9), ...blocks])
}

const storeIn = (folder: string) => ['--store', `sqlite:${join(folder, 'bucket.sqlite')}`]

async function serving<T>(args: string[], more: NodeJS.ProcessEnv, ask: (get: Get) => Promise<T>): Promise<T> {
  const child = start(['serve', '--port', '0', ...args], more)
  const end = ended(child)
  const url = await listening(child)
  try {
    return await ask(async (path) => ({ body: await (await fetch(url + path)).json() }))
  } finally {
    child.kill('SIGTERM')
    await end
  }
}
// oxlint-disable-next-line typescript/no-explicit-any
type Get = (path: string) => Promise<{ body: any }>

describe('faultline ingest s3://…', () => {
  it('reads as the README says: all that is there, whichever way it is packed', async () => {
    const [one, all] = [...README.matchAll(/^node dist\/main\.js (ingest s3:\S+)\s+#/gm)].map(([, line]) =>
      line.split(' '),
    )
    const folder = newFolder()
    const args = ['--json', '--s3-endpoint', endpoint, ...storeIn(folder)]
    const day = JSON.parse((await faultline([...one, ...args], { env })).stdout)
    expect(day).toMatchObject({ stored: 2 * third, duplicates: 0, refused: [], leftOut: [] })
    expect(day.batches).toHaveLength(2)
    const rest = JSON.parse((await faultline([...all, ...args], { env })).stdout)
    expect(rest).toMatchObject({ stored: logs.truth.records - 2 * third, duplicates: 2 * third, refused: [] })
    expect(rest.batches.map((batch: { name: string }) => batch.name)).toContain(
      's3://logs/http_requests/20260521/a & b (ü).ndjson.zst',
    )
    await serving(storeIn(folder), {}, (get) => expectTruth(logs.truth, get))
  })

  it('says what is no log, and what to do about a wrong key or bucket', async () => {
    const args = ['--s3-endpoint', endpoint, ...storeIn(newFolder())]
    const other = await faultline(['ingest', 's3://logs/firewall_events/', ...args], { env })
    expect([other.status, other.stdout]).toEqual([
      1,
      expect.stringMatching(/refused s3:\/\/logs\/firewall_events\S+x\.log\.gz: .*another dataset/),
    ])
    const strict = await new BucketServer().start()
    const wrong = await faultline(['ingest', 's3://logs/', '--s3-endpoint', strict.url, ...storeIn(newFolder())], {
      env: { FAULTLINE_S3_ACCESS_KEY_ID: KEY.id, FAULTLINE_S3_SECRET_ACCESS_KEY: 'not-this-one' },
    })
    strict.stop()
    expect([wrong.status, wrong.stderr]).toEqual([3, expect.stringMatching(/"SignatureDoesNotMatch".*s3:ListBucket/)])
    expect(wrong.stderr).not.toContain('not-this-one')
    const missing = await faultline(['ingest', 's3://nowhere/', ...args], { env })
    expect([missing.status, missing.stderr]).toEqual([3, expect.stringMatching(/no bucket "nowhere"/)])
    const keyless = await faultline(['ingest', 's3://logs/', ...args], { env: { AWS_EC2_METADATA_DISABLED: 'true' } })
    expect([keyless.status, keyless.stderr]).toEqual([3, expect.stringMatching(/FAULTLINE_S3_ACCESS_KEY_ID/)])
  })

  it('lists more than a thousand objects of a real server', async () => {
    const numbers = Array.from({ length: 1_050 }, (_, n) => n)
    for (let at = 0; at < numbers.length; at += 50)
      await Promise.all(numbers.slice(at, at + 50).map((n) => client.putObject(`many/${n}.txt`, 'no log')))
    await client.putObject('many/z & last.log', part(0))
    const { stdout } = await faultline(
      ['ingest', 's3://logs/many/', '--json', '--s3-endpoint', endpoint, ...storeIn(newFolder())],
      { env },
    )
    expect(JSON.parse(stdout)).toMatchObject({ stored: third, duplicates: 0 })
  }, 60_000)

  it('goes on where it was after kill -9', async () => {
    const server = await new BucketServer().start()
    for (let n = 0; n < 60; n++) {
      const at = Math.floor((n * lines.length) / 60)
      server.put(`a/${n}.log`, Buffer.from(lines.slice(at, Math.floor(((n + 1) * lines.length) / 60)).join('')))
    }
    const folder = newFolder()
    const args = ['ingest', 's3://logs/a/', '--s3-endpoint', server.url, ...storeIn(folder)]
    const key = { FAULTLINE_S3_ACCESS_KEY_ID: KEY.id, FAULTLINE_S3_SECRET_ACCESS_KEY: KEY.secret }
    for (const nth of [15, 12]) {
      const child = start(args, key)
      const end = ended(child)
      let left = nth
      server.onRead = () => {
        if (--left === 0) child.kill('SIGKILL')
      }
      await end
    }
    server.onRead = () => {}
    server.read.length = 0
    expect((await faultline(args, { env: key })).status).toBe(0)
    server.stop()
    // those that were under way are read again, the others not
    expect(server.read.length).toBeLessThanOrEqual(60 - 15 - 12 + 8 + 2)
    await serving(storeIn(folder), {}, (get) => expectTruth(logs.truth, get))
  }, 60_000)
})

describe('faultline serve --inputs with a bucket', () => {
  it('reads as the README says', async () => {
    const folder = newFolder()
    const [, text] = /```yaml\n(inputs:\n.*?)```/s.exec(README) ?? []
    const entry = text?.split(/(?= {2}- type: )/).find((one) => one.includes('type: bucket'))
    const more = `    endpoint: ${endpoint}\n    from: ${new Date(START).toISOString()}\n`
    writeFileSync(join(folder, 'inputs.yaml'), `inputs:\n${entry?.trimEnd()}\n${more}`)
    const args = ['--inputs', join(folder, 'inputs.yaml'), ...storeIn(folder)]
    const state = await serving(args, { R2_KEY_ID: 'S3RVER', R2_KEY: 'S3RVER' }, async (get) => {
      const job = async () =>
        (await get('/api/v1/inputs')).body.inputs.find((one: { job: string | null }) => one.job?.startsWith('r2:'))
      await expect.poll(async () => (await job()).state, { timeout: 30_000, interval: 50 }).toBe('waiting')
      await expectTruth(logs.truth, get)
      return job()
    })
    expect(state).toMatchObject({ name: 'bucket', why: expect.stringMatching(/^Every object is here, 3 of them new/) })
    expect(JSON.stringify(state)).not.toContain('S3RVER')
  }, 60_000)
})
