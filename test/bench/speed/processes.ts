/** Runs whole processes and measures them from outside: wall time, the processor's time and peak memory. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

export interface Measured {
  seconds: number
  /** of the processor, in the program and in the kernel, of all threads */
  cpuSeconds: number
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
  // the shell says what the processor spent on what it ran
  const child = spawn('sh', ['-c', '"$@"; status=$?; times >&3; exit $status', 'sh', command, ...args], {
    cwd: options.cwd ?? ROOT,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  let spent = ''
  ;(child.stdio[3] as Readable).on('data', (text) => {
    spent += text
  })
  let stdout = ''
  let stderr = ''
  let peakMiB = 0
  ;(child.stdout as Readable).on('data', (text) => {
    stdout += text
  })
  ;(child.stderr as Readable).on('data', (text) => {
    stderr = (stderr + text).slice(-4_000)
  })
  const look = () => {
    peakMiB = Math.max(peakMiB, ...childrenOf(child.pid as number).map(peakOf))
  }
  const timer = setInterval(look, 25)
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve))
  clearInterval(timer)
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stderr}`)
  const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9
  return { seconds, cpuSeconds: cpuSecondsOf(spent), peakMiB, stdout }
}

/** Of what the shell's `times` prints: its own, then its children's time, each as `0m1.234s` for the program and the kernel. */
function cpuSecondsOf(times: string): number {
  const spent = [...times.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
  )
  return (spent[2] ?? Number.NaN) + (spent[3] ?? Number.NaN)
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
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
