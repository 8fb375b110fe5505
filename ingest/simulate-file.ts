/** `faultline simulate`: a file of believable logs, and beside it the truth about what was planted. */
import { createWriteStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import zlib from 'node:zlib'
import { simulate, type GroundTruth, type SimulateOptions } from './inputs/simulate/index.js'

/** `-` writes to stdout; a name that ends in .gz is compressed. The truth goes to `truthPath`, if given. */
export async function simulateFile(
  path: string,
  truthPath: string | null,
  options: SimulateOptions,
): Promise<GroundTruth> {
  const simulation = simulate(options)
  const lines = Readable.from(simulation.chunks(), { objectMode: false })
  if (path === '-') await pipeline(lines, process.stdout, { end: false })
  else if (path.endsWith('.gz')) await pipeline(lines, zlib.createGzip({ level: 1 }), createWriteStream(path))
  else await pipeline(lines, createWriteStream(path))
  const truth = simulation.truth()
  if (truthPath !== null) await writeFile(truthPath, `${JSON.stringify(truth, null, 2)}\n`)
  return truth
}
