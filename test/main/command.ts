/** Runs the built command line the way a person does. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

export interface Ended {
  status: number | null
  stdout: string
  stderr: string
}

export function start(args: string[], env: NodeJS.ProcessEnv = {}, cwd = tmpdir()): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...process.env, FAULTLINE_TOKEN: '', FAULTLINE_STORE: '', ...env },
  })
}

export function ended(child: ChildProcess): Promise<Ended> {
  const out = { stdout: '', stderr: '' }
  child.stdout?.on('data', (text) => {
    out.stdout += text
  })
  child.stderr?.on('data', (text) => {
    out.stderr += text
  })
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, ...out })))
}

export async function faultline(
  args: string[],
  options: { input?: string | Buffer; env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Promise<Ended> {
  const child = start(args, options.env, options.cwd)
  const end = ended(child)
  child.stdin?.end(options.input ?? '')
  return end
}

export const newFolder = () => mkdtempSync(join(tmpdir(), 'faultline-main-'))

/** Resolves when the service says where it listens. */
export function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout?.on('data', (chunk) => {
      text += chunk
      const url = /on (http:\/\/\S+)/.exec(text)?.[1]
      if (url) resolve(url)
    })
    child.on('close', () => reject(new Error(`it ended: ${text}`)))
  })
}
