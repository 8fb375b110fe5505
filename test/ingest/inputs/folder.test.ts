/** A folder that is followed: real files, rotated by the real logrotate, a process that is killed. */
import { execFileSync, type ChildProcess } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { BatchReport } from '../../../schema/api/batches.js'
import { follow, type Follower } from '../../../ingest/inputs/following.js'
import { folder as input } from '../../../ingest/inputs/folder/index.js'
import { ingest } from '../../../ingest/pipeline.js'
import { DEFAULT_READ_SETTINGS } from '../../../ingest/reader/normalise.js'
import { createReaderPool } from '../../../ingest/reader/pool.js'
import { openStore } from '../../../schema/open-store.js'
import { systemClock } from '../../../schema/runtime/clock.js'
import type { Store } from '../../../schema/store/store.js'
import { start } from '../../main/command.js'
import { needs } from '../../needs.js'

const root = mkdtempSync(join(tmpdir(), 'faultline-folder-'))
const readers = createReaderPool()
let store: Store
beforeAll(async () => {
  store = await openStore(`sqlite:${join(root, 'faultline.sqlite')}`)
})
afterAll(async () => {
  await readers.close()
  await store.close()
  rmSync(root, { recursive: true, force: true })
})

let written = 0
/** So many new records, as lines. */
const lines = (n: number) => Array.from({ length: n }, () => `${record(written++)}\n`).join('')
const record = (n: number) =>
  JSON.stringify({
    EdgeStartTimestamp: new Date(Date.UTC(2026, 4, 20) + n * 1000).toISOString(),
    EdgeResponseStatus: 200,
    RayID: n.toString(16).padStart(16, '0'),
    ClientRequestPath: '/'.padEnd(200, 'x'),
  })

let folders = 0
function newFolder(): string {
  const path = join(root, `watched-${++folders}`)
  mkdirSync(path, { mode: 0o700 })
  return path
}

/** Files are written at once here: a clock that is ahead takes them for quiet. */
const clock = { ...systemClock, now: () => Date.now() + 60_000 }
let reports: BatchReport[] = []
let following: Follower[] = []
function followed(path: string): Follower {
  const follower = follow(
    'folder',
    input,
    { path, everySeconds: 0.1 },
    {
      checkpoints: store.ledger.checkpoints,
      async take(origin, bytes) {
        const report = await ingest({ origin, bytes, settings: DEFAULT_READ_SETTINGS }, { store, readers })
        reports.push(report)
        return report
      },
      clock: { ...clock, wait: (ms, signal) => systemClock.wait(ms, signal) },
      onError: (error) => {
        throw error
      },
    },
  )
  following.push(follower)
  return follower
}
afterEach(async () => {
  await Promise.all(following.map((one) => one.stop()))
  following = []
  reports = []
})

const sum = (figure: 'lines' | 'stored' | 'duplicates' | 'rejected') =>
  reports.reduce((total, report) => total + report[figure], 0)
const storedIs = (n: number) => expect.poll(() => sum('stored'), { timeout: 30_000, interval: 50 }).toBe(n)
/** A look began and ended since. */
async function looked(follower: Follower): Promise<void> {
  const untilOf = () => (follower.state.state === 'waiting' ? follower.state.until : 0)
  const before = untilOf()
  await expect.poll(untilOf, { timeout: 30_000, interval: 20 }).toBeGreaterThan(before + 100)
}

it('takes whole lines as they are written, and never half of one', async () => {
  const path = newFolder()
  const log = join(path, 'access.log')
  const follower = followed(path)
  writeFileSync(log, lines(100))
  await storedIs(100)
  const last = lines(1)
  appendFileSync(log, lines(10) + last.slice(0, 80))
  await storedIs(110)
  await looked(follower)
  expect(follower.state).toMatchObject({
    state: 'waiting',
    doing: expect.objectContaining({ unfinished: ['access.log'] }),
  })
  appendFileSync(log, last.slice(80))
  await storedIs(111)
  // without its line feed a whole record is whole, once nobody writes
  appendFileSync(log, lines(1).trimEnd())
  await storedIs(112)
  appendFileSync(log, `\n${lines(1)}`)
  await storedIs(113)
  expect([sum('rejected'), sum('duplicates')]).toEqual([0, 0])
})

it('goes on exactly where it was after a stop, and finds what came meanwhile', async () => {
  const path = newFolder()
  writeFileSync(join(path, 'a.ndjson'), lines(500))
  const first = followed(path)
  await storedIs(500)
  await first.stop()
  appendFileSync(join(path, 'a.ndjson'), lines(20))
  renameSync(join(path, 'a.ndjson'), join(path, 'a.ndjson.1'))
  mkdirSync(join(path, 'deeper'))
  writeFileSync(join(path, 'deeper', 'b.log'), lines(7))
  writeFileSync(
    join(path, 'c.csv'),
    'EdgeStartTimestamp,EdgeResponseStatus,RayID\n2026-05-20T00:00:00Z,200,00000000000fffff\n',
  )
  writeFileSync(join(path, 'readme.txt'), 'no log')
  const second = followed(path)
  await storedIs(528)
  await second.stop()
  // a CSV file that grows goes on below its header
  appendFileSync(join(path, 'c.csv'), '2026-05-20T00:00:01Z,200,00000000000ffffe\n')
  followed(path)
  await storedIs(529)
  expect([sum('lines'), sum('duplicates'), sum('rejected')]).toEqual([529, 0, 0])
})

it('takes a packed file when it is all there, and says what it waits for', async () => {
  const path = newFolder()
  const packed = gzipSync(lines(3_000))
  const file = join(path, 'hour.log.gz')
  writeFileSync(file, packed.subarray(0, packed.length / 2))
  const follower = followed(path)
  await expect
    .poll(() => follower.state, { timeout: 30_000 })
    .toMatchObject({
      doing: expect.objectContaining({ unfinished: ['hour.log.gz'] }),
    })
  appendFileSync(file, packed.subarray(packed.length / 2))
  await expect.poll(async () => sum('stored') + sum('duplicates'), { timeout: 30_000 }).toBe(3_000)
  await looked(follower)
  const before = reports.length
  await looked(follower)
  expect(reports.length).toBe(before)
})

it('takes a file that was emptied and begun anew from its beginning, and what is no log once', async () => {
  const path = newFolder()
  const log = join(path, 'access.log')
  writeFileSync(log, lines(300))
  writeFileSync(join(path, 'other.log'), 'Started.\nStopped.\n')
  const follower = followed(path)
  await storedIs(300)
  truncateSync(log)
  appendFileSync(log, lines(5))
  await storedIs(305)
  await looked(follower)
  expect(follower.state).toMatchObject({ doing: expect.objectContaining({ refused: ['other.log'] }) })
  expect([sum('rejected'), sum('duplicates')]).toEqual([0, 0])
})

it('tells a copy from an export that only begins alike', async () => {
  const path = newFolder()
  const start = lines(50)
  writeFileSync(join(path, 'a.log'), start + lines(10))
  followed(path)
  await storedIs(60)
  writeFileSync(join(path, 'b.log'), start + lines(10))
  writeFileSync(join(path, 'copy.log'), start)
  await storedIs(70)
  await looked(following[0])
  // of b all is read, of the half copy of a nothing that is known is counted again
  expect(sum('stored')).toBe(70)
})

it('says which folder is not there', async () => {
  const follower = followed(join(root, 'nowhere'))
  await expect
    .poll(() => follower.state)
    .toMatchObject({
      state: 'failing',
      code: 'FOLDER_UNREADABLE',
      problem: expect.stringContaining('There is no folder'),
    })
})

describe.skipIf(!needs('logrotate', 'logrotate'))('rotated by logrotate', () => {
  it.each([
    ['create', 'create'],
    ['copytruncate', 'copytruncate'],
    ['compress', 'create\ncompress'],
    ['copytruncate, compress and dates', 'copytruncate\ncompress\ndateext\ndateformat -%Y%m%d-%s'],
    ['delayed compress', 'create\ncompress\ndelaycompress'],
  ])('%s: every line once, nothing read twice, also over a stop', async (_, how) => {
    const path = newFolder()
    const conf = `${path}.conf`
    writeFileSync(conf, `${join(path, '*.log')} {\nrotate 9\nmissingok\n${how}\n}\n`, { mode: 0o600 })
    const rotate = async () => {
      // names by the second: twice in one would be one
      if (how.includes('dateext')) await new Promise((resolve) => setTimeout(resolve, 1_000))
      execFileSync('logrotate', ['-f', '-s', `${path}.state`, conf])
    }
    const log = join(path, 'access.log')
    let expected = 0
    const write = (n: number) => {
      appendFileSync(log, lines(n))
      expected += n
    }
    const first = followed(path)
    write(50)
    await storedIs(expected)
    await rotate()
    write(50)
    await storedIs(expected)
    await looked(first)
    await first.stop()
    // while nobody looks: more lines, a rotation, lines of the new file
    write(30)
    if (!how.includes('compress') || how.includes('delay')) await rotate()
    write(20)
    followed(path)
    await storedIs(expected)
    await rotate()
    write(10)
    await storedIs(expected)
    await looked(following[1])
    expect([sum('lines'), sum('duplicates'), sum('rejected')]).toEqual([expected, 0, 0])
  })

  it('packed before it was read to its end, it is read again and counted once', async () => {
    const path = newFolder()
    const conf = `${path}.conf`
    writeFileSync(conf, `${join(path, '*.log')} {\nrotate 9\ncreate\ncompress\n}\n`, { mode: 0o600 })
    writeFileSync(join(path, 'access.log'), lines(50))
    const first = followed(path)
    await storedIs(50)
    await first.stop()
    appendFileSync(join(path, 'access.log'), lines(30))
    execFileSync('logrotate', ['-f', '-s', `${path}.state`, conf])
    followed(path)
    await storedIs(80)
  })
})

it('faultline watch: killed again and again while files grow and rotate, every line is stored once', async () => {
  const path = newFolder()
  const url = `sqlite:${join(root, 'killed.sqlite')}`
  const log = join(path, 'access.log')
  let all = 0
  let child: ChildProcess | undefined
  for (const after of [300, 700]) {
    child = start(['watch', path, '--store', url, '--every', '0.1'])
    // killed at some moment after it began to take
    await new Promise((resolve) => child?.stdout?.once('data', resolve))
    const until = Date.now() + after
    while (Date.now() < until) {
      appendFileSync(log, lines(400))
      all += 400
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    child.kill('SIGKILL')
    await new Promise((resolve) => child?.once('close', resolve))
    renameSync(log, `${log}.${after}`)
  }
  child = start(['watch', path, '--store', url, '--every', '0.1'])
  // it has nothing left to take where the one before took all: what it says first is that it follows
  await new Promise((resolve) => child?.stdout?.once('data', resolve))
  const other = await openStore(url)
  await expect.poll(async () => (await other.records.extent()).records, { timeout: 60_000, interval: 200 }).toBe(all)
  child.kill('SIGTERM')
  const status = await new Promise((resolve) => child?.once('close', resolve))
  expect(status).toBe(0)
  expect((await other.records.extent()).records).toBe(all)
  await other.close()
})
