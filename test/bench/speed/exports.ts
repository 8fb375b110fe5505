/** The exports that all tools read, made by the simulator and kept for the next run. */
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT, run } from './processes.js'

export const FOLDER = process.env.FAULTLINE_BENCH_DIR ?? join(tmpdir(), 'faultline-bench')

export interface Export {
  name: string
  lines: number
  shape: string
  from: string
  to: string
  seed: number
}

/** The export of the issue: 500,000 lines with all fields of a job, one day. */
export const FULL: Export = {
  name: 'full-500k',
  lines: 500_000,
  shape: 'all',
  from: '2026-05-20T00:00:00Z',
  to: '2026-05-21T00:00:00Z',
  seed: 3,
}

/** A month in parts of a million lines, the fields that Faultline reads. */
export function month(parts: number): Export[] {
  const start = Date.UTC(2026, 3, 21)
  const span = (30 * 86_400_000) / parts
  return Array.from({ length: parts }, (_, i) => ({
    name: `month-${parts}-${i}`,
    lines: 1_000_000,
    shape: 'status',
    seed: 100 + i,
    from: new Date(start + i * span).toISOString(),
    to: new Date(start + (i + 1) * span).toISOString(),
  }))
}

export async function made(wanted: Export): Promise<string> {
  mkdirSync(FOLDER, { recursive: true })
  const path = join(FOLDER, `${wanted.name}.ndjson`)
  if (!existsSync(path)) {
    // rfc3339, since GoAccess reads no other of Cloudflare's formats
    await run(process.execPath, [
      join(ROOT, 'dist/main.js'),
      'simulate',
      path,
      '--lines',
      String(wanted.lines),
      '--shape',
      wanted.shape,
      '--seed',
      String(wanted.seed),
      '--from',
      wanted.from,
      '--to',
      wanted.to,
      '--timestamps',
      'rfc3339',
      '--incidents',
      'demo',
    ])
  }
  return path
}

export async function compressed(path: string): Promise<string> {
  const out = `${path}.gz`
  if (!existsSync(out)) execFileSync('sh', ['-c', `gzip -6 -c '${path}' > '${out}'`])
  return out
}

export const megabytes = (path: string) => statSync(path).size / 1e6
