/**
 * How long does a line take, from bytes to a row of a block? After `npm run build`:
 * `npx tsc -p test/bench/reader && node dist/test/bench/reader/bench.js [lines] [rounds] [foreign|KIND]`
 *
 * The readers and the `ndjson` package (which only parses) take turns at the same chunks of simulated full-shape lines, or of foreign ones (../speed/foreign). Of
 * each chunk the best time of all rounds counts, so that what else the machine does stays out; one thread, no disk.
 */
import ndjson from 'ndjson'
import { simulate, type SimulateOptions } from '../../../ingest/inputs/simulate/index.js'
import { createFastReader } from '../../../ingest/reader/fast/fast-reader.js'
import { DEFAULT_READ_SETTINGS } from '../../../ingest/reader/normalise.js'
import type { LineReader, ReaderOptions } from '../../../ingest/reader/reader.js'
import { createSlowReader } from '../../../ingest/reader/slow-reader.js'
import { FOREIGN } from '../speed/foreign/kinds.js'

const lines = Number(process.argv[2] ?? 40_000)
const rounds = Number(process.argv[3] ?? 8)
const only = process.argv[4]
const options: ReaderOptions = { identityKey: [1, 2, 3, 4], settings: DEFAULT_READ_SETTINGS }

function simulated(shape: Partial<SimulateOptions>): Buffer {
  const range = { from: '2024-05-01T00:00:00Z', to: '2024-05-02T00:00:00Z', lines, incidents: 'demo' } as const
  return Buffer.concat([...simulate({ seed: 7, ...range, ...shape }).chunks()])
}

function chunksOf(all: Buffer, mebibytes: number): Buffer[] {
  const chunks: Buffer[] = []
  for (let from = 0; from < all.length;) {
    const limit = Math.min(all.length, from + mebibytes * 1_048_576)
    const to = limit === all.length ? limit : all.lastIndexOf(10, limit - 1) + 1
    chunks.push(all.subarray(from, to))
    from = to
  }
  return chunks
}

/** Title, lines, MiB of a chunk. */
type Part = [title: string, bytes: () => Buffer, mebibytes: number]

/** Begins anew in every round: what a reader has learnt counts within a round only. */
type Contender = { name: string; rounds: number; begin: () => (chunk: Buffer) => void | Promise<void> }

const reader = (name: string, create: (options: ReaderOptions) => LineReader, most: number): Contender => ({
  name,
  rounds: Math.min(rounds, most),
  begin: () => {
    const made = create(options)
    return (chunk) => {
      made.read(chunk)
    }
  },
})

const contenders: Contender[] = [
  reader('fast', createFastReader, rounds),
  reader('slow', createSlowReader, 2),
  {
    name: 'ndjson (parsing only)',
    rounds: Math.min(rounds, 3),
    begin() {
      const parser = ndjson.parse()
      parser.on('data', () => {})
      // in the pieces and at the pace of a file stream
      return async (chunk) => {
        for (let from = 0; from < chunk.length; from += 65_536) {
          await new Promise<void>((done) => {
            parser.write(chunk.subarray(from, from + 65_536), () => done())
          })
        }
      }
    },
  },
]

const own: Part[] = [
  ['82 fields, chunks of 4 MiB', () => simulated({}), 4],
  ['82 fields, chunks of 2 MiB', () => simulated({}), 2],
  ['82 fields, chunks of 8 MiB', () => simulated({}), 8],
  ['82 fields, RFC 3339', () => simulated({ timestamps: 'rfc3339' }), 4],
  ['the nine fields of Logpull', () => simulated({ shape: 'logpull' }), 4],
]
const foreign = FOREIGN.filter(({ name }) => only === 'foreign' || name === only).map(({ name, make }): Part => [
  name,
  () => Buffer.from(`${[...make(lines, 5)].join('\n')}\n`),
  8,
])

for (const [title, bytesOf, mebibytes] of only === undefined ? own : foreign) {
  const chunks = chunksOf(bytesOf(), mebibytes)
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  const best = new Map(contenders.map(({ name }) => [name, chunks.map(() => Infinity)]))
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) {
      if (round >= contender.rounds) continue
      const read = contender.begin()
      const times = best.get(contender.name) as number[]
      for (const [i, chunk] of chunks.entries()) {
        const before = performance.now()
        await read(chunk)
        times[i] = Math.min(times[i], performance.now() - before)
      }
    }
  }
  const perLine = contenders.map(({ name }) => ({
    name,
    us: ((best.get(name) as number[]).reduce((a, b) => a + b, 0) * 1000) / lines,
  }))
  console.log(`\n${title}: ${lines} lines of ${Math.round(bytes / lines)} bytes`)
  for (const { name, us } of perLine)
    console.log(
      `  ${name.padEnd(24)} ${us.toFixed(2).padStart(7)} µs a line   ${(us / perLine[0].us).toFixed(1).padStart(5)} x fast`,
    )
}
