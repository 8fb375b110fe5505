import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkNotifier } from '../../../analyze/alerts/notices/check-notifier.js'
import { checkRule } from '../../../analyze/alerts/rules/check.js'
import { openStore } from '../../../schema/open-store.js'
import { openAlertLogHere } from '../../schema/sqlite/alert-log-of-file.js'
import { fill, lineOf } from './kit/real-store.js'
import { startReceiver, type Receiver } from './kit/receiver.js'

const CHILD = fileURLToPath(new URL('./kit/crash-child.mjs', import.meta.url))
const MINUTE = 60_000
/** past the lease of a notice that a dead process had taken */
const LATER = 2 * MINUTE

let folder: string
let path: string
let receiver: Receiver
const children: ChildProcess[] = []

/** Half an hour of logs up to now, with 403s that still go on. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-crash-'))
  path = join(folder, 'store.sqlite')
  receiver = await startReceiver()
  const store = await openStore(`sqlite:${path}`)
  const now = Date.now()
  const lines: string[] = []
  for (let age = 30 * MINUTE; age > 0; age -= 5_000) {
    lines.push(lineOf({ time: now - age, status: 200 }))
    if (age < 10 * MINUTE) lines.push(lineOf({ time: now - age, status: 403, origin: 0 }))
  }
  await fill(store, lines)
  await store.close()
  const log = openAlertLogHere(path)
  await log.setSetting('starters-made', '0')
  const { draft } = checkRule(
    { name: 'Blocked', expr: { kind: 'count', where: { status: 403 }, window: '2m', above: 5 } },
    'rule',
  )
  await log.putRules([{ id: 'rule', origin: 'person', draft: draft!, createdAt: now, updatedAt: now }], [])
  await log.putNotifier(
    checkNotifier({ name: 'hook', type: 'webhook', settings: { url: receiver.url } }, null).notifier,
    now,
  )
  await log.close()
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
  const child = spawn(process.execPath, [CHILD, path, mode, String(ahead)], { stdio: ['ignore', 'pipe', 'inherit'] })
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

/** What a receiver that drops repeats by the id has heard. */
const heard = () => [
  ...new Map(
    receiver.received.map(({ headers, body }) => [
      headers['webhook-id'],
      (body as { alerts: { phase: string }[] }).alerts.map((a) => a.phase).join(),
    ]),
  ).values(),
]

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
