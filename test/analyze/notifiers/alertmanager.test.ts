/** A real Prometheus Alertmanager: takes alerts, groups them, tells its receiver, resolves them. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addressRules } from '../../../analyze/notifiers/addresses.js'
import { createOutgoing } from '../../../analyze/notifiers/outgoing.js'
import { needs } from '../../needs.js'
import { startReceiver, type Receiver } from '../alerts/kit/receiver.js'
import { alertOf, toldOf, notifierOf, channelOf } from './sample.js'

const here = needs('prometheus-alertmanager', 'prometheus-alertmanager')

describe.skipIf(!here)('a real Alertmanager', () => {
  let process: ChildProcess
  let folder: string
  let url: string
  let receiver: Receiver

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'alertmanager-'))
    receiver = await startReceiver()
    const config = join(folder, 'alertmanager.yml')
    writeFileSync(
      config,
      `route:
  receiver: hook
  group_by: [alertname]
  group_wait: 1s
  group_interval: 2s
  repeat_interval: 1h
receivers:
  - name: hook
    webhook_configs:
      - url: ${receiver.url}/
        send_resolved: true
`,
    )
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    process = spawn(
      'prometheus-alertmanager',
      [
        `--config.file=${config}`,
        `--storage.path=${folder}/data`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--cluster.listen-address=',
      ],
      { stdio: 'ignore' },
    )
    await until(async () => (await fetch(`${url}/-/ready`).catch(() => null))?.ok === true)
  }, 60_000)

  afterAll(async () => {
    const ended = process?.exitCode === null ? once(process, 'exit') : undefined
    process?.kill()
    await ended // it writes its state while it goes down
    await receiver?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const send = (...alerts: Parameters<typeof alertOf>[0][]) =>
    channelOf('alertmanager').deliver(toldOf(alerts.map(alertOf)), notifierOf('alertmanager', { url }), {
      outgoing: createOutgoing(addressRules(['127.0.0.1'])),
      now: () => Date.now(),
    })
  const labels = (host: string) => ({ alertname: 'Edge refuses visitors', severity: 'critical', host })
  const firedAt = Date.now() - 60_000
  const a = { episode: 'a', labels: labels('a.example.com'), firedAt, pendingAt: firedAt }
  const b = { episode: 'b', labels: labels('b.example.com'), firedAt, pendingAt: firedAt }

  it('accepts two alerts and tells its receiver of both in one group', async () => {
    expect(await send(a, b)).toEqual({ ok: true, status: 200 })
    const active = (await (await fetch(`${url}/api/v2/alerts?active=true`)).json()) as {
      labels: { host: string }
      status: { state: string }
    }[]
    expect(active.map((one) => one.labels.host).sort()).toEqual(['a.example.com', 'b.example.com'])
    await until(async () => receiver.received.length > 0)
    expect(namesIn(receiver, 0)).toEqual(['firing a.example.com', 'firing b.example.com'])
  }, 60_000)

  it('does not tell of what it knows already', async () => {
    const before = receiver.received.length
    await send(a, b)
    await new Promise((resolve) => setTimeout(resolve, 3_000))
    expect(receiver.received.length).toBe(before)
  }, 60_000)

  it('resolves what we say is over, and only that', async () => {
    const before = receiver.received.length
    await send({ ...a, phase: 'resolved', resolvedAt: Date.now() - 1_000, reason: 'recovered' }, b)
    await until(async () => receiver.received.length > before)
    expect(namesIn(receiver, before)).toEqual(['firing b.example.com', 'resolved a.example.com'])
  }, 60_000)

  it('under a wrong address is told apart from one that takes alerts', async () => {
    const wrong = notifierOf('alertmanager', { url: `${url}/elsewhere` })
    const outcome = await channelOf('alertmanager').deliver(toldOf(), wrong, {
      outgoing: createOutgoing(addressRules(['127.0.0.1'])),
      now: () => Date.now(),
    })
    expect(outcome).toMatchObject({ ok: false, status: 404, permanent: true })
  })
})

function namesIn(receiver: Receiver, at: number): string[] {
  const { alerts } = receiver.received[at].body as { alerts: { status: string; labels: { host: string } }[] }
  return alerts.map((one) => `${one.status} ${one.labels.host}`).sort()
}

async function until(done: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 300; i++) {
    if (await done()) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('It did not happen within 30 s')
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
