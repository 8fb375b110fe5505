/** Runs whole processes and measures them from outside: wall time and peak memory. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

export interface Measured {
  seconds: number
  /** resident set at its highest, MiB; of the process itself, with all its threads */
  peakMiB: number
  stdout: string
}

export async function run(
  command: string,
  args: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Measured> {
  const startedAt = process.hrtime.bigint()
  const child = spawn(command, args, {
    cwd: options.cwd ?? ROOT,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  let peakMiB = 0
  child.stdout.on('data', (text) => {
    stdout += text
  })
  child.stderr.on('data', (text) => {
    stderr = (stderr + text).slice(-4_000)
  })
  const look = () => {
    peakMiB = Math.max(peakMiB, peakOf(child.pid as number))
  }
  const timer = setInterval(look, 25)
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve))
  clearInterval(timer)
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stderr}`)
  return { seconds: Number(process.hrtime.bigint() - startedAt) / 1e9, peakMiB, stdout }
}

function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}

/** Runs A and B in turn, so that a machine that becomes slower in between slows both. */
export async function paired(rounds: number, ...runs: (() => Promise<Measured>)[]): Promise<Measured[][]> {
  const all: Measured[][] = runs.map(() => [])
  for (let round = 0; round < rounds; round++) {
    for (const [i, one] of runs.entries()) all[i].push(await one())
  }
  return all
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

export function percentile(values: number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)]
}

/** The median of the ratios pair by pair. */
export function ratio(a: Measured[], b: Measured[]): number {
  return median(a.map((one, i) => one.seconds / b[i].seconds))
}
