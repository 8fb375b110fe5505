/** A byte that changed on the disk is told of, by who reads it and by `verify`, and is never a figure. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migrateAlerts } from '../../../schema/sqlite/alerts/layout.js'
import { Database } from '../../../schema/sqlite/driver/index.js'
import { Reader } from '../../../schema/sqlite/reader.js'
import { restore } from '../../../schema/sqlite/restore.js'
import { verify } from '../../../schema/sqlite/verify.js'
import { Writer } from '../../../schema/sqlite/writer.js'
import { withBounds } from '../../../schema/store/buckets.js'
import type { PercentileQuery } from '../../../schema/store/query.js'
import { EVERYTHING } from '../../contract/contract.js'
import { blockOf, progress, randomFrom, randomSamples } from '../../contract/sample-records.js'
import { faultline } from '../../main/command.js'

const folder = mkdtempSync(join(tmpdir(), 'faultline-verify-'))
afterAll(() => rmSync(folder, { recursive: true }))

const whole = join(folder, 'whole.sqlite')
const samples = randomSamples(900, 7)

beforeAll(() => {
  const writer = new Writer(whole, 'test')
  for (let n = 0; n < 3; n++) {
    const { value: batch } = writer.open({ input: 'file', name: `${n}.ndjson` })
    const blocks = [blockOf(samples.slice(n * 300, (n + 1) * 300))]
    writer.write(batch, { number: 1, blocks, rejected: [], progress: progress(300) })
    writer.close(batch, 'complete', progress(300), null)
  }
  writer.db.pragma('journal_mode = delete')
  writer.dispose()
})

const DURATIONS: PercentileQuery = { ...EVERYTHING, bounds: null, by: [], measure: 'totalMs', percentiles: [0.5, 0.99] }

function copyOf(name: string): string {
  const path = join(folder, name)
  copyFileSync(whole, path)
  return path
}

/** What is asked of records, each answer as text or as the error that stands in its place. */
function answersOf(path: string): string[] {
  let reader: Reader
  try {
    reader = new Reader(path)
  } catch (error) {
    return Array.from({ length: 11 }, () => `! ${String(error)}`)
  }
  const asked = (ask: (reader: Reader) => unknown) => {
    try {
      return JSON.stringify(ask(reader), (_, value) => (ArrayBuffer.isView(value) ? [...(value as Uint8Array)] : value))
    } catch (error) {
      return `! ${String(error)}`
    }
  }
  const count = (more: object) =>
    asked((reader) => reader.counts(withBounds({ ...EVERYTHING, bounds: null, by: [], ...more })))
  const answers = [
    asked((reader) => reader.extent()),
    count({ by: ['status', 'source'] }),
    count({ by: ['host'] }),
    count({ by: ['path'], filters: [{ dimension: 'host', values: ['www.example.com'] }] }),
    count({ by: ['country'], from: EVERYTHING.from + 1 }),
    count({ by: ['clientIp'], filters: [{ dimension: 'path', values: ['/cart'] }] }),
    asked((reader) => reader.percentiles(withBounds(DURATIONS))),
    asked((reader) => reader.newest({ ...EVERYTHING, limit: 40, after: null })),
    asked((reader) => reader.byRayId(samples[5].record.rayId as string)),
    asked((reader) => reader.values({ ...EVERYTHING, dimension: 'path', contains: 'product', limit: 20 })),
    asked((reader) => reader.presence(EVERYTHING, ['country', 'totalMs'])),
  ]
  reader.dispose()
  return answers
}

function findingsOf(path: string): string[] {
  try {
    return verify(path, false).findings.map(({ what }) => what)
  } catch (error) {
    return [String(error)]
  }
}

test('a whole store is found whole', () => {
  expect(verify(whole, false)).toEqual({ store: whole, segments: 9, records: 900, batches: 3, findings: [] })
  expect(answersOf(whole).filter((answer) => answer.startsWith('!'))).toEqual([])
})

test('a byte flipped anywhere in the file changes no answer: each is as it was, or an error that verify explains', () => {
  const bytes = readFileSync(whole)
  const right = answersOf(whole)
  const random = randomFrom(Number(process.env.FAULTLINE_SEED ?? 20260302))
  const path = join(folder, 'flipped.sqlite')
  const flips = Number(process.env.FAULTLINE_FLIPS ?? 60)
  let told = 0
  for (let n = 0; n < flips; n++) {
    // one in every stretch of the file
    const at = Math.floor(((n + random()) / flips) * bytes.length)
    const flipped = Buffer.from(bytes)
    flipped[at] ^= 1 << Math.floor(random() * 8)
    writeFileSync(path, flipped)
    const answers = answersOf(path)
    const other = answers.filter((answer, i) => answer !== right[i])
    expect(
      other.filter((answer) => !answer.startsWith('!')),
      `byte ${at}`,
    ).toEqual([])
    if (other.length === 0) continue
    told++
    expect(findingsOf(path), `byte ${at}: ${other[0]}`).not.toEqual([])
  }
  expect(told).toBeGreaterThan(flips / 20)
})

describe('verify', () => {
  const damage = (path: string, sql: string) => {
    const db = new Database(path)
    db.exec(sql)
    db.close()
  }
  const slot = (name: string) => `(select id from slot where name = '${name}')`
  const flip = (table: string, where: string) => `update ${table} set data = cast(substr(data, 1, length(data) - 1)
    || cast(char(7) as blob) as blob) where id = (select min(id) from ${table} where ${where})`

  test('names what can be made anew, and makes it anew', () => {
    const path = copyOf('derived.sqlite')
    damage(path, flip('segment_blob', `id % 256 = ${slot('overviewMinute')}`))
    damage(path, flip('fingerprint', 'id / 256 = 2'))
    damage(path, 'delete from segment_batch where segment = 3')
    const found = verify(path, false).findings
    expect(found.map(({ kind, repaired }) => [kind, repaired])).toEqual(found.map(() => ['derived', false]))
    expect(found.map(({ what }) => what).join()).toMatch(
      /overviewMinute of segment 1 .*fingerprints of segment 2 .*list/,
    )
    expect(verify(path, true).findings.every(({ repaired }) => repaired)).toBe(true)
    expect(verify(path, false).findings).toEqual([])
    expect(answersOf(path).map((answer) => answer.length)).toEqual(answersOf(whole).map((answer) => answer.length))
  })

  test('tells a rollup that is not the sum of its records, though its checksum is right', () => {
    const path = copyOf('sum.sqlite')
    damage(
      path,
      `update segment_blob set data = (select data from segment_blob b where b.id = 512 + ${slot('overviewHour')})
        where id = 256 + ${slot('overviewHour')}`,
    )
    // as whoever writes wrong sums would: with the checksum of the wrong sums
    const db = new Database(path)
    const { crc32 } = process.getBuiltinModule('node:zlib')
    const row = db.prepare(`select id, data from segment_blob where id = 256 + ${slot('overviewHour')}`).get() as {
      id: number
      data: Buffer
    }
    db.prepare('update segment_blob set crc = ? where id = ?').run(crc32(row.data, row.id), row.id)
    db.close()
    expect(verify(path, false).findings.map(({ what }) => what)).toEqual([
      expect.stringMatching(/^overviewHour is not the sum of segment 1 /),
    ])
  })

  test('tells a column whose name changed on the disk, which nothing else knows of', () => {
    const path = join(folder, 'renamed.sqlite')
    const bytes = readFileSync(whole)
    const at = bytes.indexOf('first_time integer', bytes.indexOf('CREATE TABLE batch ('))
    bytes[at] ^= 2
    writeFileSync(path, bytes)
    expect(verify(path, true).findings).toEqual([
      { kind: 'structure', what: expect.stringContaining('table batch is not laid out'), repaired: false },
    ])
  })

  test('takes tables of alerting of an older layout, which whoever asks for rules brings up to date, for whole', () => {
    const path = copyOf('older-alerts.sqlite')
    const db = new Database(path)
    for (const last of [1, 2]) {
      migrateAlerts(db, last)
      expect(verify(path, false).findings, `layout ${last}`).toEqual([])
    }
    migrateAlerts(db)
    expect(verify(path, false).findings).toEqual([])
    db.exec('drop index alert_telling_notice')
    expect(verify(path, false).findings).toHaveLength(1)
    db.close()
  })

  test('does not make up records: what is damaged of them stays said', () => {
    const path = copyOf('records.sqlite')
    damage(path, flip('segment_blob', `id % 256 = ${slot('codes:path')}`))
    damage(path, 'delete from segment where id = 4')
    const { findings } = verify(path, true)
    expect(findings.map(({ kind, repaired }) => [kind, repaired])).toEqual(findings.map(() => ['records', false]))
    expect(findings.map(({ what }) => what).join()).toMatch(/segments of .* are missing.*codes:path of segment 1/)
  })

  test('tells a report that does not count what its parts brought', () => {
    const path = copyOf('report.sqlite')
    damage(path, 'update batch set stored = stored + 1 where id = 2')
    expect(verify(path, false).findings).toEqual([
      { kind: 'reports', what: 'the report of batch 2 does not count what its parts brought', repaired: false },
    ])
  })

  test('as a command says what it found by its exit status', async () => {
    const path = copyOf('command.sqlite')
    const ok = await faultline(['verify', '--store', `sqlite:${path}`])
    expect([ok.status, ok.stdout]).toEqual([0, `${path}: 900 records in 9 segments, 3 batches: all whole.\n`])
    damage(path, flip('segment_blob', `id % 256 = ${slot('tally:path')}`))
    const bad = await faultline(['verify', '--json', '--store', `sqlite:${path}`])
    expect([bad.status, JSON.parse(bad.stdout).findings]).toEqual([
      1,
      [{ kind: 'derived', what: expect.stringMatching(/^tally:path of segment 1 /), repaired: false }],
    ])
    expect((await faultline(['verify', '--repair', '--store', `sqlite:${path}`])).status).toBe(0)
    expect((await faultline(['verify', '--store', `sqlite:${join(folder, 'none.sqlite')}`])).status).toBe(3)
  })
})

describe('restore', () => {
  test('gives the same answers, and never writes over a store', async () => {
    const path = join(folder, 'deep', 'restored.sqlite')
    expect(restore(whole, path)).toMatchObject({ records: 900 })
    expect(answersOf(path)).toEqual(answersOf(whole))
    expect(verify(path, false).findings).toEqual([])
    expect(() => restore(whole, path)).toThrow(/never restored over/)
    const again = await faultline(['restore', whole, '--store', `sqlite:${join(folder, 'again.sqlite')}`])
    expect([again.status, again.stdout]).toEqual([0, expect.stringContaining('Restored 900 records')])
  })

  test('refuses a backup that is damaged itself', () => {
    const path = copyOf('damaged-backup.sqlite')
    const db = new Database(path)
    db.exec("delete from segment_blob where id % 256 = (select id from slot where name = 'time')")
    db.close()
    expect(() => restore(path, join(folder, 'from-damaged.sqlite'))).toThrow(/damaged itself/)
  })
})
