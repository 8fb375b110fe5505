/** Number 1 to 3 of the speed issue: taking an export in, beside the peers. */
import { createReadStream, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { cpSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { compressed, FULL, made, megabytes, month } from './exports.js'
import { hasEngines, type Moments } from './peers.js'
import { median, paired, ratio, ROOT, run, type Measured } from './processes.js'
import type { Row } from './table.js'

export const MAIN = join(ROOT, 'dist/main.js')
const PEER = join(ROOT, 'test/.cache/speed/peer-load.js')

export const fresh = () => mkdtempSync(join(tmpdir(), 'faultline-bench-store-'))

/** Bytes of everything in a folder. */
export function folderBytes(folder: string): number {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}

/** Each run gets an empty folder, which goes afterwards unless `keep` says otherwise. */
async function inFresh(work: (folder: string) => Promise<Measured>): Promise<Measured & { bytes: number }> {
  const folder = fresh()
  try {
    const measured = await work(folder)
    return { ...measured, bytes: folderBytes(folder) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export const ours = (file: string) => () =>
  inFresh((folder) =>
    run(process.execPath, [MAIN, 'ingest', file, '--store', `sqlite:${join(folder, 'f.sqlite')}`, '--json']),
  )
export const duck =
  (file: string, moments: Moments = 'text') =>
  () =>
    inFresh((folder) => run(process.execPath, [PEER, 'duckdb', join(folder, 'd.duckdb'), moments, file]))
export const click =
  (file: string, moments: Moments = 'text') =>
  () =>
    inFresh((folder) => run(process.execPath, [PEER, 'clickhouse', join(folder, 'ch'), moments, file]))

const GOACCESS_FORMAT =
  '{"ClientIP":"%h","ClientRequestHost":"%v","ClientRequestMethod":"%m","ClientRequestProtocol":"%H","ClientRequestURI":"%U","ClientRequestUserAgent":"%u","ClientRequestReferer":"%R","EdgeResponseBytes":"%b","EdgeResponseStatus":"%s","EdgeStartTimestamp":"%dT%tZ"}'
const goaccess = (file: string) => () =>
  inFresh((folder) =>
    run('goaccess', [
      file,
      '--no-global-config',
      `--log-format=${GOACCESS_FORMAT}`,
      '--date-format=%Y-%m-%d',
      '--time-format=%H:%M:%S',
      '-o',
      join(folder, 'report.html'),
    ]),
  )

export async function intake(rounds: number): Promise<Row[]> {
  const file = await made(FULL)
  const packed = await compressed(file)
  // whoever came first would have to fetch them from the disk
  for (const one of [file, packed]) for await (const _ of createReadStream(one, { highWaterMark: 1_048_576 }));
  const rate = (runs: Measured[]) => `${Math.round(FULL.lines / median(runs.map((r) => r.seconds)) / 1000)},000 lines/s`
  const rows: Row[] = []
  const add = (what: string, target: string, runs: Measured[], against: Measured[] | null, note = '') =>
    rows.push({
      what,
      target,
      measured: `${median(runs.map((r) => r.seconds)).toFixed(2)} s (${rate(runs)})`,
      ratio: against ? ratio(runs, against).toFixed(2) : '',
      note,
    })
  if (hasEngines()) {
    const [f, d, c] = await paired(rounds, ours(file), duck(file), click(file))
    add(
      `ingest of ${FULL.lines.toLocaleString('en')} lines, ${megabytes(file).toFixed(0)} MB`,
      '',
      f,
      null,
      `peak ${Math.round(Math.max(...f.map((r) => r.peakMiB)))} MiB`,
    )
    add('… against DuckDB 1.5, 16 columns, no dedupe, no rollups', '≤ 1.0', d, null)
    rows.push({
      what: '… ratio to DuckDB',
      target: '≤ 1.0',
      measured: '',
      ratio: ratio(f, d).toFixed(2),
      note: '',
      reached: ratio(f, d) <= 1.005,
    })
    add('… against ClickHouse 26.7 in process, 16 columns', '≤ 0.6', c, null)
    rows.push({
      what: '… ratio to ClickHouse',
      target: '≤ 0.6',
      measured: '',
      ratio: ratio(f, c).toFixed(2),
      note: '',
      reached: ratio(f, c) <= 0.605,
    })
    const [fz, dz] = await paired(rounds, ours(packed), duck(packed))
    rows.push({
      what: 'ingest from gzip, ratio to DuckDB from gzip',
      target: '≤ 1.5',
      measured: `${median(fz.map((r) => r.seconds)).toFixed(2)} s against ${median(dz.map((r) => r.seconds)).toFixed(2)} s`,
      ratio: ratio(fz, dz).toFixed(2),
      note: '',
      reached: ratio(fz, dz) <= 1.505,
    })
  }
  if (spawnSync('goaccess', ['--version']).status === 0) {
    const [f, g] = await paired(Math.max(1, rounds - 1), ours(file), goaccess(file))
    rows.push({
      what: 'GoAccess 1.7 on the same file, times as long as ours',
      target: '≥ 8',
      measured: `${median(g.map((r) => r.seconds)).toFixed(1)} s`,
      ratio: (1 / ratio(f, g)).toFixed(1),
      note: '',
      reached: 1 / ratio(f, g) >= 8,
    })
  }
  return rows
}

/** Number 2 and 5: it stays so. A store with `millions` million records, then the export once more into a copy of it. */
export async function stays(store: string, millions: number, rounds: number): Promise<Row[]> {
  const file = await made(FULL)
  const grown = () =>
    inFresh((folder) => {
      cpSync(store, join(folder, 'f.sqlite'))
      return run(process.execPath, [MAIN, 'ingest', file, '--store', `sqlite:${join(folder, 'f.sqlite')}`, '--json'])
    })
  // the copying is not part of the figure: the command says how long it took itself
  const seconds = (runs: Measured[]) => runs.map((r) => (JSON.parse(r.stdout) as { seconds: number }).seconds)
  const [empty, full] = await paired(rounds, ours(file), grown)
  const kept = median(seconds(empty).map((s, i) => s / seconds(full)[i]))
  return [
    {
      what: `lines/s into a store of ${millions} million records, against an empty one`,
      target: '≥ 0.85',
      measured: '',
      ratio: kept.toFixed(2),
      note: `peak ${Math.round(Math.max(...full.map((r) => r.peakMiB)))} MiB`,
      reached: kept >= 0.85,
    },
  ]
}

/** A month of `millions` million records, kept for the next run. */
export async function monthStore(
  folder: string,
  millions: number,
): Promise<{ path: string; files: string[]; bytesPerRecord: number; records: number }> {
  const parts = month(millions)
  const path = join(folder, `month-${millions}.sqlite`)
  const files: string[] = []
  for (const part of parts) files.push(await made(part))
  if (!existsSync(path)) await run(process.execPath, [MAIN, 'ingest', ...files, '--store', `sqlite:${path}`, '--json'])
  const records = parts.reduce((sum, part) => sum + part.lines, 0)
  return { path, files, records, bytesPerRecord: statSync(path).size / records }
}
