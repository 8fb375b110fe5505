/** A process that is killed at a moment or at a place, or comes to its end. */
import { spawn, type ChildProcess } from 'node:child_process'
import { tmpdir } from 'node:os'
import { MAIN } from '../main/command.js'

/** Whoever neither ends nor answers for so long hangs. */
const HANGS_MS = 180_000

/** Where it is stopped: at a failpoint (`place#passing`), or so many ms after its work began. */
export type Stop = { failpoint: string } | { afterMs: number }

export interface Running {
  child: ChildProcess
  /** all that it wrote so far */
  text: () => string
  /** from now on the time counts */
  begin: () => void
  /** `ms`: from when it began, NaN where it never did */
  ended: Promise<{ killed: boolean; status: number | null; signal: string | null; text: string; ms: number }>
}

export function run(args: readonly string[], stop: Stop | null, script = MAIN): Running {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      FAULTLINE_TOKEN: '',
      FAULTLINE_STORE: '',
      ...(stop !== null && 'failpoint' in stop ? { FAULTLINE_FAILPOINT: stop.failpoint } : {}),
    },
  })
  let text = ''
  let hung = false
  let begun = Number.NaN
  let timer: NodeJS.Timeout | undefined
  const last = setTimeout(() => {
    hung = true
    child.kill('SIGKILL')
  }, HANGS_MS)
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)))
  return {
    child,
    text: () => text,
    begin() {
      begun = performance.now()
      if (stop !== null && 'afterMs' in stop) timer = setTimeout(() => child.kill('SIGKILL'), stop.afterMs)
    },
    ended: new Promise((resolve, reject) => {
      child.on('close', (status, signal) => {
        clearTimeout(timer)
        clearTimeout(last)
        if (hung) reject(new Error(`faultline ${args[0]} hung: ${text.slice(-2_000)}`))
        else resolve({ killed: signal === 'SIGKILL', status, signal, text, ms: performance.now() - begun })
      })
    }),
  }
}
