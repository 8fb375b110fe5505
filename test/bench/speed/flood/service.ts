/** A real `serve` on a free port of loopback, and what it weighs. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../processes.js'

export interface Served {
  url: string
  /** resident memory each second, MiB */
  memory: number[]
  /** processor time so far, s */
  processor(): number
  stop(): Promise<void>
}

/** For a profile of each thread: `FAULTLINE_BENCH_NODE='--cpu-prof --cpu-prof-dir=profiles' npm run bench -- flood --minutes 1`. */
const FLAGS = process.env.FAULTLINE_BENCH_NODE?.split(' ') ?? []

/** How the image has the C library keep memory: what is measured is what is deployed. */
function deployed(): NodeJS.ProcessEnv {
  const told = readFileSync(join(ROOT, 'Dockerfile'), 'utf8').match(/MALLOC_\w+=\d+/g) ?? []
  return Object.fromEntries(told.map((setting) => setting.split('=')))
}

export async function serveIn(folder: string, env: NodeJS.ProcessEnv = {}): Promise<Served> {
  const child = spawn(
    process.execPath,
    [...FLAGS, join(ROOT, 'dist/main.js'), 'serve', '--port', '0', '--store', `sqlite:${join(folder, 'flood.sqlite')}`],
    {
      // a flood of refusals is a flood of words
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...deployed(), ...process.env, ...env },
    },
  )
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (text) => {
      const found = /on (http:\/\/\S+)/.exec(String(text))?.[1]
      if (found) resolve(found)
    })
    void gone.then(() => reject(new Error('the service ended before it listened')))
  })
  const memory: number[] = []
  const look = () => {
    try {
      memory.push(Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024)
    } catch {
      // it has ended, or this system has no /proc
    }
  }
  const timer = setInterval(look, 1_000)
  return {
    url,
    memory,
    processor: () => {
      // user and system time, in hundredths of a second
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ')
      return (Number(fields[11]) + Number(fields[12])) / 100
    },
    async stop() {
      clearInterval(timer)
      child.kill('SIGTERM')
      await gone
    },
  }
}
