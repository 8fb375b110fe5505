/**
 * `npm run bench -- shapes`: a gigabyte in the shapes in which people have it (one JSON list, a tar.gz of logs, CSV), beside
 * the same records as lines, and a tenth of it, to see that memory stays flat.
 */
import { execFileSync } from 'node:child_process'
import { createReadStream, createWriteStream, existsSync, renameSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { FULL, made, megabytes } from './exports.js'
import { ours } from './intake.js'
import { median, paired, type Measured } from './processes.js'
import type { Row } from './table.js'

const PARTS = 4
const TENTH = { ...FULL, name: 'full-50k', lines: FULL.lines / 10 }

type Lines = AsyncIterable<string>

async function* asList(lines: Lines): AsyncGenerator<string> {
  let before = '['
  for await (const line of lines) {
    yield `${before}${line}`
    before = ',\n'
  }
  yield ']\n'
}

async function* asCsv(lines: Lines): AsyncGenerator<string> {
  let names: string[] | null = null
  const cell = (value: unknown) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value ?? '')
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  for await (const line of lines) {
    const record = JSON.parse(line) as { [name: string]: unknown }
    if (names === null) yield `${(names = Object.keys(record)).join(',')}\n`
    yield `${names.map((name) => cell(record[name])).join(',')}\n`
  }
}

async function written(file: string, ending: string, shape: (lines: Lines) => AsyncIterable<string>): Promise<string> {
  const path = file.replace(/\.ndjson$/, ending)
  if (existsSync(path)) return path
  const lines = createInterface({ input: createReadStream(file, { highWaterMark: 1_048_576 }) })
  const pieces = async function* () {
    let piece = ''
    for await (const text of shape(lines)) {
      piece += text
      if (piece.length < 1_048_576) continue
      yield piece
      piece = ''
    }
    yield piece
  }
  await pipeline(Readable.from(pieces()), createWriteStream(`${path}.part`))
  renameSync(`${path}.part`, path)
  return path
}

function packed(file: string): string {
  const path = file.replace(/\.ndjson$/, '.tar.gz')
  if (existsSync(path)) return path
  const script =
    'set -e; mkdir -p "$2.parts"; split -n l/$3 --additional-suffix=.log "$1" "$2.parts/"; tar -C "$2.parts" -czf "$2.part" .; rm -r "$2.parts"; mv "$2.part" "$2"'
  execFileSync('sh', ['-c', script, 'sh', file, path, String(PARTS)])
  return path
}

const SHAPES: readonly (readonly [name: string, made: (file: string) => Promise<string> | string])[] = [
  ['one JSON list', (file) => written(file, '.list.json', asList)],
  [`a tar.gz of ${PARTS} logs`, packed],
  ['CSV', (file) => written(file, '.csv', asCsv)],
]

const seconds = (runs: Measured[]) => median(runs.map((one) => one.seconds))
const cpu = (runs: Measured[]) => median(runs.map((one) => one.cpuSeconds))
const peak = (runs: Measured[]) => Math.round(Math.max(...runs.map((one) => one.peakMiB)))

export async function* shapes(rounds: number): AsyncGenerator<Row> {
  const [file, tenth] = [await made(FULL), await made(TENTH)]
  for (const [name, make] of SHAPES) {
    const [whole, part] = [await make(file), await make(tenth)]
    for await (const _ of createReadStream(whole, { highWaterMark: 1_048_576 }));
    const [plain, shaped, small] = await paired(rounds, ours(file), ours(whole), ours(part))
    const stored = (run: Measured) => (JSON.parse(run.stdout) as { stored: number }).stored
    if (stored(shaped[0]) !== stored(plain[0])) throw new Error(`${name}: other records than the lines`)
    const speed = median(plain.map((one, i) => one.cpuSeconds / shaped[i].cpuSeconds))
    const pace = median(plain.map((one, i) => one.seconds / shaped[i].seconds))
    yield {
      what: `${megabytes(file).toFixed(0)} MB of lines as ${name}`,
      target: '≥ 1/3 of the lines’ speed',
      measured: `${seconds(shaped).toFixed(2)} s against ${seconds(plain).toFixed(2)} s; processor ${cpu(shaped).toFixed(2)} s against ${cpu(plain).toFixed(2)} s`,
      ratio: pace.toFixed(2),
      note: `by the processor ${speed.toFixed(2)}; peak ${peak(shaped)} MiB, of a tenth ${peak(small)} MiB`,
      reached: pace >= 1 / 3,
    }
  }
}
