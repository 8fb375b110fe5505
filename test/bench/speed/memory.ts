/** Memory stays flat: the peak of `ingest` on an export ten times as long. */
import { spawn } from 'node:child_process'
import { createReadStream, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FULL, made, megabytes } from './exports.js'
import { fresh } from './intake.js'
import { ROOT } from './processes.js'
import type { Row } from './table.js'

/** `times` copies of the export through stdin; each is shifted by a day, so that none is a duplicate of another. */
async function peakOf(file: string, times: number): Promise<number> {
  const child = spawn(
    process.execPath,
    [join(ROOT, 'dist/main.js'), 'ingest', '-', '--store', `sqlite:${join(fresh(), 'f.sqlite')}`, '--json'],
    { stdio: ['pipe', 'ignore', 'inherit'] },
  )
  let peak = 0
  const timer = setInterval(() => {
    try {
      peak = Math.max(
        peak,
        Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024,
      )
    } catch {
      /* it has just ended */
    }
  }, 50)
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  for (let i = 0; i < times; i++) {
    for await (const chunk of createReadStream(file, { highWaterMark: 1_048_576 })) {
      const day = Buffer.from(
        (chunk as Buffer)
          .toString('latin1')
          .replaceAll('Timestamp":"2026-05-20', `Timestamp":"2026-05-${String(10 + i)}`),
        'latin1',
      )
      if (!child.stdin.write(day)) await new Promise((resolve) => child.stdin.once('drain', resolve))
    }
  }
  child.stdin.end()
  const status = await ended
  clearInterval(timer)
  if (status !== 0 && status !== 1) throw new Error(`ingest ended with ${status}`)
  return peak
}

export async function memory(): Promise<Row[]> {
  const file = await made(FULL)
  const half = await peakOf(file, 1)
  const long = await peakOf(file, 5)
  return [
    {
      what: `peak memory of ingest, ${((5 * megabytes(file)) / 1000).toFixed(1)} GB against ${(megabytes(file) / 1000).toFixed(1)} GB`,
      target: '< 400 MiB, flat',
      measured: `${Math.round(long)} MiB against ${Math.round(half)} MiB`,
      ratio: (long / half).toFixed(2),
      note: 'fed through stdin',
    },
  ]
}
