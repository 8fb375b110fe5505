/** `npm run bench -- foreign`: exports of kinds that nobody tuned on, beside DuckDB and ClickHouse, each with its processor's time. */
import { createReadStream, createWriteStream, existsSync, mkdirSync, renameSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { join } from 'node:path'
import { compressed, FOLDER, megabytes } from './exports.js'
import { FOREIGN, type ForeignKind } from './foreign/kinds.js'
import { click, duck, ours } from './intake.js'
import { hasEngines } from './peers.js'
import { median, paired, ratio, type Measured } from './processes.js'
import type { Row } from './table.js'

const SEED = 20_260_309

export async function madeForeign({ name, lines, make }: ForeignKind): Promise<string> {
  mkdirSync(FOLDER, { recursive: true })
  const path = join(FOLDER, `foreign-${name}-${lines}.ndjson`)
  if (existsSync(path)) return path
  const pieces = function* (): Generator<string> {
    let piece = ''
    for (const line of make(lines, SEED)) {
      piece += `${line}\n`
      if (piece.length < 1_000_000) continue
      yield piece
      piece = ''
    }
    yield piece
  }
  await pipeline(pieces(), createWriteStream(`${path}.part`))
  renameSync(`${path}.part`, path)
  return path
}

interface Outcome {
  kind: ForeignKind
  toDuck: number
  toClick: number
  zipped: number | null
}

/** `only`: kinds by name; none means all. */
export async function* foreign(rounds: number, only: readonly string[]): AsyncGenerator<Row> {
  if (!hasEngines()) return
  const outcomes: Outcome[] = []
  for (const kind of FOREIGN.filter(({ name }) => only.length === 0 || only.includes(name))) {
    const file = await madeForeign(kind)
    await warm(file)
    const [f, d, c] = await paired(rounds, ours(file), duck(file, kind.moments), click(file, kind.moments))
    const outcome: Outcome = { kind, toDuck: ratio(f, d), toClick: ratio(f, c), zipped: null }
    outcomes.push(outcome)
    yield {
      what: `${kind.name}: ${kind.what}`,
      target: '≤ 1.1, 0.55',
      measured: `${seconds(f)} (${cpu(f)} cpu)`,
      ratio: `DuckDB ${outcome.toDuck.toFixed(2)}, ClickHouse ${outcome.toClick.toFixed(2)}`,
      note: `${kind.lines.toLocaleString('en')} lines, ${megabytes(file).toFixed(0)} MB; DuckDB ${seconds(d)} (${cpu(d)}), ClickHouse ${seconds(c)} (${cpu(c)})`,
      reached: outcome.toDuck <= 1.105,
    }
    if (kind.name === 'ticked') {
      const packed = await compressed(file)
      await warm(packed)
      const [fz, dz] = await paired(rounds, ours(packed), duck(packed, kind.moments))
      outcome.zipped = ratio(fz, dz)
      yield {
        what: `${kind.name} from gzip`,
        target: '≤ 1.2',
        measured: `${seconds(fz)} (${cpu(fz)} cpu)`,
        ratio: `DuckDB ${outcome.zipped.toFixed(2)}`,
        note: `DuckDB ${seconds(dz)} (${cpu(dz)})`,
        reached: outcome.zipped <= 1.205,
      }
    }
  }
  const toDuck = median(outcomes.map((one) => one.toDuck))
  const toClick = median(outcomes.map((one) => one.toClick))
  const worst = outcomes.reduce((a, b) => (a.toDuck > b.toDuck ? a : b))
  yield {
    what: 'foreign exports, median',
    target: '≤ 0.8, 0.55',
    measured: '',
    ratio: `DuckDB ${toDuck.toFixed(2)}, ClickHouse ${toClick.toFixed(2)}`,
    note: '',
    reached: toDuck <= 0.805 && toClick <= 0.555,
  }
  yield {
    what: 'foreign exports, the worst',
    target: '≤ 1.1',
    measured: '',
    ratio: `DuckDB ${worst.toDuck.toFixed(2)}`,
    note: worst.kind.name,
    reached: worst.toDuck <= 1.105,
  }
}

/** Whoever came first would have to fetch it from the disk. */
async function warm(path: string): Promise<void> {
  for await (const _ of createReadStream(path, { highWaterMark: 1_048_576 }));
}

const seconds = (runs: Measured[]) => `${median(runs.map((run) => run.seconds)).toFixed(2)} s`
const cpu = (runs: Measured[]) => `${median(runs.map((run) => run.cpuSeconds)).toFixed(2)} s`
