import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { firingStore, type FiringStore } from './kit/firing-store.js'
import type { Receiver } from './kit/receiver.js'

const MINUTE = 60_000
/** past the lease of a notice that a dead process had taken */
const LATER = 2 * MINUTE

let folder: string
let path: string
let receiver: Receiver
let heard: FiringStore['heard']
let program: string
const children: ChildProcess[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-crash-'))
  path = join(folder, 'store.sqlite')
  ;({ receiver, heard, child: program } = await firingStore(path))
})

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await receiver.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Run {
  child: ChildProcess
  ready: Promise<void>
  ended: Promise<{ code: number | null; signal: string | null; out: string }>
}

function run(mode: 'evaluate' | 'go', ahead = 0): Run {
  const child = spawn(process.execPath, [program, path, mode, String(ahead)], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  let out = ''
  const ready = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString()
      if (out.includes('ready')) resolve()
    })
  })
  return {
    child,
    ready,
    ended: new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal, out }))),
  }
}

describe('kill -9', () => {
  it('between evaluation and delivery: the notice is sent by the next process, once', async () => {
    expect((await run('evaluate').ended).signal).toBe('SIGKILL')
    expect(receiver.received).toEqual([])
    expect((await run('go').ended).out).toContain('done')
    expect(heard()).toEqual(['firing'])
    expect((await run('go').ended).out).toContain('done')
    expect(receiver.received).toHaveLength(1)
  })

  it('while the receiver has it: sent again under the same id', async () => {
    const first = run('go')
    receiver.behave(() => {
      first.child.kill('SIGKILL')
    })
    expect((await first.ended).signal).toBe('SIGKILL')
    receiver.behave(null)
    await run('go', LATER).ended
    expect(receiver.received.length).toBe(2)
    expect(heard()).toEqual(['firing'])
  })

  it('at any moment, again and again: one notice, never none', async () => {
    for (const wait of [0, 20, 40, 80, 120, 200]) {
      const one = run('go')
      await one.ready
      await new Promise((resolve) => setTimeout(resolve, wait))
      one.child.kill('SIGKILL')
      await one.ended
    }
    await run('go', LATER).ended
    expect(heard()).toEqual(['firing'])
  })
})
