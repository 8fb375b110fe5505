/**
 * The store on ClickHouse, in process: beside the engine's own `insert … select` of the same file into the same table. Run by
 * `npm run bench -- clickhouse`; prints the lines of the table as JSON. Arguments: million records, rounds, asks.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chdbConnection } from '../../../schema/clickhouse/carriers/chdb.js'
import { shareSession } from '../../../schema/clickhouse/carriers/sessions.js'
import { tablesOf } from '../../../schema/clickhouse/layout.js'
import { MIGRATIONS } from '../../../schema/clickhouse/migrations/migrate.js'
import { nativeBlock, STRUCTURE } from '../../../schema/clickhouse/native.js'
import { sumUp, sumUpDay } from '../../../schema/clickhouse/rollups/sum-up.js'
import { chdbPlace } from '../../../schema/clickhouse/url.js'
import { openStore } from '../../../schema/open-store.js'
import { openLedger } from '../../../schema/clickhouse/ledgers.js'
import { openBlock, packBlock } from '../../../schema/store/moving-block.js'
import type { CountQuery } from '../../../schema/store/query.js'
import type { Store } from '../../../schema/store/store.js'
import { blockMaker } from './blocks.js'

interface Row {
  what: string
  target: string
  measured: string
  ratio: string
  note: string
  reached: boolean
}

const DAY = 86_400_000
const TO = Date.UTC(2026, 5, 1)
/** Lines of a part: what a busy node sends. */
const PART = 500_000
const BLOCK = 50_000
const PROGRESS = {
  lines: 0,
  rejected: 0,
  rejectedByReason: {},
  missingFields: [],
  via: [],
  weighted: false,
  after: null,
  leftOut: [],
  bytes: 0,
  seconds: 0,
}

const [millions, rounds, asks] = process.argv.slice(2).map(Number)
process.stdout.write(JSON.stringify(await inFresh()))

async function inFresh(): Promise<Row[]> {
  const folder = mkdtempSync(join(process.env.FAULTLINE_BENCH_DIR ?? tmpdir(), 'faultline-bench-clickhouse-'))
  try {
    return await measured(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measured(folder: string): Promise<Row[]> {
  const maker = blockMaker(1)
  const path = join(folder, 'engine')
  const store = await openStore(`chdb:${path}`)
  const session = await shareSession(path)
  const parts = Math.max(1, Math.round((millions * 1e6) / PART))
  const batch = await store.batches.open({ input: 'file', name: 'bench' })
  const times: { ours: number[]; theirs: number[]; again: number[] } = { ours: [], theirs: [], again: [] }
  const bare = tablesOf('bare')
  await session.query('CREATE DATABASE bare', 'write')
  for (const migration of MIGRATIONS)
    for (const statement of migration.statements(bare, null)) await session.query(statement, 'write')
  const columns = STRUCTURE.split(', ')
    .map((column) => column.split(' ')[0])
    .filter((name) => name !== 'n' && name !== 'of')
    .join(', ')

  const timed = async (list: number[], work: () => Promise<unknown>) => {
    const begun = performance.now()
    await work()
    list.push(performance.now() - begun)
  }
  for (let n = 0; n < parts; n++) {
    const from = TO - 30 * DAY + (30 * DAY * n) / parts
    const span = (30 * DAY) / parts
    const blocks = Array.from({ length: PART / BLOCK }, (_, i) =>
      packBlock(maker.block(BLOCK, from + (span * i * BLOCK) / PART, from + (span * (i + 1) * BLOCK) / PART)),
    )
    const write = (to: string, number: number) =>
      store.batches.write(to, {
        number,
        blocks: blocks.map((block) => ({ ...block, buffer: block.buffer.slice(0) })),
        rejected: [],
        progress: PROGRESS,
      })
    if (n >= parts - rounds) {
      const file = join(folder, 'part.native')
      await timed(times.theirs, async () => {
        writeFileSync(
          file,
          Buffer.concat(blocks.map((block, i) => nativeBlock(openBlock(block), { first: i * BLOCK, of: 0 }))),
        )
        await session.query(
          `INSERT INTO bare.records (${columns}) SELECT ${columns} FROM file('${file}', 'Native', '${STRUCTURE}')`,
          'write',
        )
      })
      await timed(times.ours, () => write(batch, n + 1))
      const second = await store.batches.open({ input: 'file', name: 'again' })
      await timed(times.again, () => write(second, 1))
    } else await write(batch, n + 1)
  }
  await store.batches.close(batch, 'complete', PROGRESS, null)
  const { records } = await store.records.extent()
  const stored = JSON.parse(
    Buffer.from(
      await session.query(
        "SELECT toFloat64(sum(bytes_on_disk)) FROM system.parts WHERE active AND database = 'faultline'",
        'read',
      ),
    ).toString(),
  ) as number[][]
  const lines = (ms: number) => `${Math.round(PART / ms).toLocaleString('en')},000 lines/s`
  const share = middle(times.theirs.map((t, i) => t / times.ours[i]))
  const again = middle(times.again.map((t, i) => t / times.ours[i]))
  const bytes = stored[0][0] / records
  const rows: Row[] = [
    {
      what: `ClickHouse in process: parts of ${PART / 1000},000 records, against the engine's own insert into the same table`,
      target: '≥ 0.8',
      measured: `${lines(middle(times.ours))} against ${lines(middle(times.theirs))}`,
      ratio: share.toFixed(2),
      note: 'theirs without dedupe, report and ledger',
      reached: share >= 0.8,
    },
    {
      what: '… the same part again in another batch, against its first time',
      target: '≤ 0.5',
      measured: `${Math.round(middle(times.again))} ms against ${Math.round(middle(times.ours))} ms`,
      ratio: again.toFixed(2),
      note: '',
      reached: again <= 0.5,
    },
    {
      what: `… disk, ${records / 1e6} million records of 30 days`,
      target: '≤ 60 bytes',
      measured: `${bytes.toFixed(1)} bytes per record`,
      ratio: '',
      note: 'made-up records whose values are spread more evenly than real ones',
      reached: bytes <= 60,
    },
  ]
  const before = process.cpuUsage()
  const place = chdbPlace(`chdb:${path}`)
  const connection = await chdbConnection(path)
  const ledger = await openLedger(place.ledger, () => {})
  const writing = { connection, ledger, tables: tablesOf(place.database) }
  while (await sumUp(writing, -1));
  while (await sumUpDay(writing, -1));
  await ledger.close()
  await connection.close()
  const [[summed]] = JSON.parse(
    Buffer.from(
      await session.query(
        "SELECT toFloat64(sum(bytes_on_disk)) FROM system.parts WHERE active AND database = 'faultline'",
        'read',
      ),
    ).toString(),
  ) as number[][]
  rows.push({
    what: '… with minutes and days summed up',
    target: '≤ 60 bytes',
    measured: `${(summed / records).toFixed(1)} bytes per record`,
    ratio: '',
    note: `${(processorSince(before) / 1000 / (records / 1e6)).toFixed(1)} s of processor a million records, once`,
    reached: summed / records <= 60,
  })
  rows.push(...(await answers(store)))
  await store.close()
  await session.release()
  return rows
}

async function answers(store: Store): Promise<Row[]> {
  const month: CountQuery = { from: TO - 30 * DAY, to: TO, filters: [], audience: 'visitors', bounds: null, by: [] }
  const bounds = { step: 'hour', zone: 'UTC' } as const
  const counts = (more: Partial<CountQuery>) => () => store.records.counts({ ...month, ...more })
  const ray = (await store.records.newest({ ...month, limit: 1, after: null })).records[0].rayId as string
  const questions: [string, number, () => Promise<unknown>][] = [
    ['by class per hour, 30 days', 100, counts({ bounds, by: ['class'] })],
    ['by source per hour, 30 days', 100, counts({ bounds, by: ['source'] })],
    ['by host, 30 days', 150, counts({ by: ['host'], limit: 20 })],
    ['by path, 30 days', 150, counts({ by: ['path'], limit: 20 })],
    ['by clientIp, 30 days', 150, counts({ by: ['clientIp'], limit: 20 })],
    [
      'by class per minute, one day',
      100,
      counts({ from: TO - DAY, bounds: { step: 60_000, zone: 'UTC' }, by: ['class'] }),
    ],
    ['newest 100 records', 100, () => store.records.newest({ ...month, limit: 100, after: null })],
    ['one RayID', 20, () => store.records.byRayId(ray)],
  ]
  const rows: Row[] = []
  for (const [what, most, ask] of questions) {
    const times: number[] = []
    const before = process.cpuUsage()
    for (let i = 0; i < asks; i++) {
      const begun = performance.now()
      await ask()
      times.push(performance.now() - begun)
    }
    const processor = processorSince(before) / asks
    times.sort((a, b) => a - b)
    const p95 = times[Math.ceil(times.length * 0.95) - 1]
    rows.push({
      what: `… ${what}`,
      target: `≤ ${most} ms`,
      measured: `p95 ${p95.toFixed(0)} ms, median ${middle(times).toFixed(0)} ms`,
      ratio: '',
      note: `${processor.toFixed(0)} ms of processor`,
      reached: p95 <= most,
    })
  }
  return rows
}

/** ms of all threads, the engine's among them. */
function processorSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

function middle(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
}
