/** Number 3: answering on a month of ten million records, beside the peers on the same records. */
import { join } from 'node:path'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { clickhouse, clickLoad, clickTable, duckdb, duckLoad, hasEngines } from './peers.js'
import { median, percentile, ROOT } from './processes.js'
import type { Row } from './table.js'

const DAY = 86_400_000
const FROM = Date.UTC(2026, 3, 21)
const TO = FROM + 30 * DAY

interface Question {
  what: string
  /** p95 on the server, ms */
  target: number
  /** path of the API below /api/v1 */
  path: string
  /** the same question in SQL; `{t}` stands for the table, times as epoch seconds through `{ts}` */
  sql?: string
}

const range = (from: number, to: number) => `from=${from}&to=${to}`
const whole = range(FROM, TO)
const oneDay = range(FROM + 12 * DAY, FROM + 13 * DAY)
const VISITOR = `ClientRequestSource not in ('edgeWorkerFetch','earlyHintsCache','edgeWorkerCacheAPI','healthcheck','imageResizing')`
const DAY_SQL = `EdgeStartTimestamp >= '2026-05-03 00:00:00' and EdgeStartTimestamp < '2026-05-04 00:00:00'`
const HOUR_SQL = { duckdb: `date_trunc('hour', EdgeStartTimestamp)`, clickhouse: 'toStartOfHour(EdgeStartTimestamp)' }

export const QUESTIONS: Question[] = [
  {
    what: 'by class per hour, 30 days',
    target: 20,
    path: `timeseries?by=class&step=hour&${whole}`,
    sql: `select {hour} h, EdgeResponseStatus, count(*) from {t} where ${VISITOR} group by all order by all`,
  },
  { what: 'by source per hour, 30 days', target: 20, path: `timeseries?by=source&step=hour&${whole}` },
  {
    what: 'by class per day, one host',
    target: 20,
    path: `timeseries?by=class&step=day&host=www.example.com&${whole}`,
    sql: `select {day} d, EdgeResponseStatus, count(*) from {t} where ClientRequestHost = 'www.example.com' and ${VISITOR} group by all order by all`,
  },
  { what: 'head figures of 30 days', target: 20, path: `summary?${whole}` },
  ...(
    [
      'host',
      'country',
      'colo',
      'asn',
      'path',
      'userAgent',
      'clientIp',
      'cacheStatus',
      'method',
      'securityRuleId',
    ] as const
  ).map((by): Question => {
    const column = {
      host: 'ClientRequestHost',
      country: 'ClientCountry',
      colo: 'EdgeColoCode',
      asn: 'ClientASN',
      path: 'ClientRequestPath',
      userAgent: 'ClientRequestUserAgent',
      clientIp: 'ClientIP',
      cacheStatus: 'CacheCacheStatus',
      method: 'ClientRequestMethod',
      securityRuleId: null,
    }[by]
    return {
      what: `by ${by}, 30 days`,
      target: 100,
      path: `breakdown?by=${by}&limit=20&${whole}`,
      ...(column
        ? { sql: `select ${column}, count(*) n from {t} where ${VISITOR} group by 1 order by n desc limit 20` }
        : {}),
    }
  }),
  {
    what: 'by path of one status, one day',
    target: 100,
    path: `breakdown?by=path&status=404&limit=20&${oneDay}`,
    sql: `select ClientRequestPath, count(*) n from {t} where EdgeResponseStatus = 404 and ${DAY_SQL} and ${VISITOR} group by 1 order by n desc limit 20`,
  },
  {
    what: 'by class per minute of one path, one day',
    target: 100,
    path: `timeseries?by=class&step=60000&path=/checkout&${oneDay}`,
    sql: `select {minute} m, EdgeResponseStatus, count(*) from {t} where ClientRequestPath = '/checkout' and ${DAY_SQL} and ${VISITOR} group by all order by all`,
  },
  {
    what: 'by path of one status, 30 days',
    target: 500,
    path: `breakdown?by=path&status=404&limit=20&${whole}`,
    sql: `select ClientRequestPath, count(*) n from {t} where EdgeResponseStatus = 404 and ${VISITOR} group by 1 order by n desc limit 20`,
  },
  {
    what: 'by class per hour of one country, 30 days',
    target: 500,
    path: `timeseries?by=class&step=hour&country=FR&${whole}`,
    sql: `select {hour} h, EdgeResponseStatus, count(*) from {t} where ClientCountry in ('fr', 'FR') and ${VISITOR} group by all order by all`,
  },
  {
    what: 'by status of one network, 30 days',
    target: 500,
    path: `breakdown?by=status&asn=12322&limit=20&${whole}`,
    sql: `select EdgeResponseStatus, count(*) n from {t} where ClientASN = 12322 and ${VISITOR} group by 1 order by n desc limit 20`,
  },
  {
    what: 'by host of one agent, 30 days',
    target: 500,
    path: `breakdown?by=host&userAgent=curl/8.5.0&${whole}`,
    sql: `select ClientRequestHost, count(*) n from {t} where ClientRequestUserAgent = 'curl/8.5.0' and ${VISITOR} group by 1 order by n desc limit 20`,
  },
  {
    what: 'newest records of one status',
    target: 100,
    path: `records?status=522&limit=50&${whole}`,
    sql: `select * from {t} where EdgeResponseStatus = 522 order by EdgeStartTimestamp desc limit 50`,
  },
  { what: 'spikes of 30 days, listed again', target: 1_000, path: `spikes?${whole}` },
]

export async function answers(storePath: string, files: string[], asks: number): Promise<Row[]> {
  const app = await ourApp(storePath)
  const peers = hasEngines() ? await peersWith(files) : null
  const rows: Row[] = []
  try {
    const firstAt = performance.now()
    await app.ask(QUESTIONS[QUESTIONS.length - 1].path)
    const seconds = (performance.now() - firstAt) / 1000
    rows.push({
      what: 'spikes of 30 days, computed for the first time',
      target: '≤ 10 s',
      measured: `${seconds.toFixed(1)} s`,
      ratio: '',
      note: '',
      reached: seconds <= 10,
    })
    const ray = await app.someRay()
    const all: Question[] = [
      ...QUESTIONS,
      { what: 'one RayID', target: 5, path: `records/${ray}`, sql: `select * from {t} where RayID = '${ray}'` },
    ]
    for (const question of all) {
      const times: number[] = []
      const peerTimes = { duckdb: [] as number[], clickhouse: [] as number[] }
      const first = await timed(() => app.ask(question.path))
      for (let i = 0; i < asks; i++) {
        times.push(await timed(() => app.ask(question.path)))
        if (!peers || !question.sql) continue
        peerTimes.duckdb.push(await timed(() => peers.duckdb(question.sql as string)))
        peerTimes.clickhouse.push(await timed(() => peers.clickhouse(question.sql as string)))
      }
      const ms = (n: number) => (n < 10 ? n.toFixed(1) : Math.round(n).toString())
      const p95 = percentile(times, 0.95)
      const against =
        peerTimes.duckdb.length === 0
          ? ''
          : `DuckDB ${(median(times) / median(peerTimes.duckdb)).toFixed(2)}, ClickHouse ${(median(times) / median(peerTimes.clickhouse)).toFixed(2)}`
      const others =
        peerTimes.duckdb.length === 0
          ? ''
          : `; DuckDB ${ms(median(peerTimes.duckdb))} ms, ClickHouse ${ms(median(peerTimes.clickhouse))} ms`
      rows.push({
        what: question.what,
        target: `≤ ${question.target} ms`,
        measured: `p95 ${ms(p95)} ms, median ${ms(median(times))} ms`,
        ratio: against,
        note: `first ${ms(first)} ms${others}`,
        reached: p95 <= question.target,
      })
    }
  } finally {
    await app.close()
  }
  return rows
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

interface OurApp {
  ask(path: string): Promise<unknown>
  someRay(): Promise<string>
  close(): Promise<void>
}

/** The whole service over HTTP on loopback: what a page would wait for. */
async function ourApp(storePath: string): Promise<OurApp> {
  const dist = (path: string) => import(new URL(`file://${join(ROOT, 'dist', path)}`).href)
  const { openStore } = await dist('schema/open-store.js')
  const { createReaderPool } = await dist('ingest/reader/pool.js')
  const { buildApp } = await dist('app.js')
  const store = await openStore(`sqlite:${storePath}`)
  const readers = createReaderPool()
  const app = await buildApp({ store, readers, alerting: null, access: { token: null, allowedHosts: [] } })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const ask = async (path: string) => {
    const response = await fetch(`${url}/api/v1/${path}`)
    const body: unknown = await response.json()
    if (!response.ok) throw new Error(`${path}: ${JSON.stringify(body)}`)
    return body
  }
  return {
    ask,
    someRay: async () =>
      ((await ask(`records?limit=1&status=404&${oneDay}`)) as { records: { rayId: string }[] }).records[0].rayId,
    close: async () => {
      await app.close()
      await readers.close()
      await store.close()
    },
  }
}

async function peersWith(files: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-bench-peers-'))
  const duck = await duckdb(join(folder, 'd.duckdb'))
  await duck.run(duckLoad(files))
  const click = clickhouse(join(folder, 'ch'))
  click.query('create database if not exists bench')
  click.query(clickTable())
  for (const file of files) click.query(clickLoad(file))
  const unit = (sql: string, engine: 'duckdb' | 'clickhouse') =>
    sql
      .replace('{hour}', HOUR_SQL[engine])
      .replace(
        '{day}',
        engine === 'duckdb' ? `date_trunc('day', EdgeStartTimestamp)` : 'toStartOfDay(EdgeStartTimestamp)',
      )
      .replace(
        '{minute}',
        engine === 'duckdb' ? `date_trunc('minute', EdgeStartTimestamp)` : 'toStartOfMinute(EdgeStartTimestamp)',
      )
      .replace('{t}', engine === 'duckdb' ? 'logs' : 'bench.logs')
  return {
    duckdb: async (sql: string) => (await duck.runAndReadAll(unit(sql, 'duckdb'))).getRows(),
    clickhouse: async (sql: string) => click.query(unit(sql, 'clickhouse'), 'JSONCompact'),
  }
}
