/** `faultline pull` as a person calls it, from a Logpull that behaves as documented. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packageRoot } from '../../schema/runtime/package-root.js'
import { LogpullServer, logsOf, TOKEN, ZONE } from '../ingest/inputs/logpull-server.js'
import { expectTruth } from '../ingest/inputs/truth.js'
import { ended, faultline, listening, newFolder, start } from './command.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const now = Math.floor(Date.now() / MINUTE) * MINUTE
const logs = logsOf(now - 4 * HOUR, now - 10 * MINUTE, 1_500)
const RANGE = ['--from', new Date(now - 4 * HOUR).toISOString(), '--to', new Date(now - 2 * MINUTE).toISOString()]

let server: LogpullServer
beforeAll(async () => {
  server = await new LogpullServer(logs).start()
  // each process begins to count anew
  server.requestsAMinute = Infinity
})
afterAll(() => server.stop())

const pullArgs = (folder: string, ...more: string[]) => {
  mkdirSync(folder, { recursive: true })
  return ['pull', '--zone', ZONE, '--api', server.url, '--store', `sqlite:${join(folder, 'pulled.sqlite')}`, ...more]
}
const env = { FAULTLINE_CLOUDFLARE_TOKEN: TOKEN }

async function expectAllThere(folder: string): Promise<void> {
  const child = start(['serve', '--port', '0', '--store', `sqlite:${join(folder, 'pulled.sqlite')}`])
  const end = ended(child)
  const url = await listening(child)
  await expectTruth(logs.truth, async (path) => ({ body: await (await fetch(url + path)).json() }))
  child.kill('SIGTERM')
  await end
}

describe('faultline pull', () => {
  it('fetches a range, and again without counting anything twice', async () => {
    const folder = newFolder()
    const first = await faultline(pullArgs(folder, ...RANGE, '--json'), { env })
    expect(first.stderr).toBe('')
    expect(JSON.parse(first.stdout)).toMatchObject({ stored: logs.truth.records, duplicates: 0, rejected: 0 })
    const again = await faultline(pullArgs(folder, ...RANGE, '--json'), { env })
    expect(JSON.parse(again.stdout)).toMatchObject({ stored: 0, duplicates: logs.truth.records })
    expect(first.stdout + again.stdout).not.toContain(TOKEN)
    await expectAllThere(folder)
  })

  it('works as the README says', async () => {
    const readme = readFileSync(new URL('README.md', packageRoot), 'utf8')
    server.asked.length = 0
    const lines = [...readme.matchAll(/^node dist\/main\.js (pull .*?)\s+#/gm)].map(([, line]) => line.split(' '))
    expect(lines).toHaveLength(2)
    const folder = newFolder()
    for (const line of lines) {
      const { status, stdout } = await faultline([...line, ...pullArgs(folder).slice(3)], { env })
      expect([status, stdout]).toEqual([0, expect.stringMatching(/[1-9]\d* stored.*All that Cloudflare received/s)])
    }
    // without a range the last hour, and then what came since
    server.asked.length = 0
    expect((await faultline(pullArgs(folder), { env })).status).toBe(0)
    expect(server.asked.length).toBeLessThanOrEqual(1)
  })

  it('goes on where it was after kill -9, wherever that struck', async () => {
    const folder = newFolder()
    for (const [moment, nth] of [
      ['asked', 1],
      ['half', 2],
      ['answered', 2],
    ] as const) {
      const child = start(pullArgs(folder, ...RANGE), env)
      const end = ended(child)
      let left = nth as number
      server.onAsk = (when) => {
        if (when === moment && --left === 0) child.kill('SIGKILL')
      }
      await end
    }
    server.onAsk = () => {}
    server.asked.length = 0
    expect((await faultline(pullArgs(folder, ...RANGE), { env })).status).toBe(0)
    // what was whole before is not asked for again
    expect(server.asked[0].from).toBeGreaterThan(now - 4 * HOUR)
    await expectAllThere(folder)
  }, 60_000)

  it('says what to do where Cloudflare refuses, and never the token', async () => {
    const folder = newFolder()
    server.always = 'retention'
    const off = await faultline(pullArgs(folder, ...RANGE), { env })
    server.always = null
    expect(off).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/"bad query: log retention is not turned on.*Turn it on: POST \/zones\//s),
    })
    writeFileSync(join(folder, 'token'), 'a-wrong-token-of-somebody\n')
    const wrong = await faultline(pullArgs(folder, ...RANGE), {
      env: { FAULTLINE_CLOUDFLARE_TOKEN_FILE: join(folder, 'token') },
    })
    expect(wrong).toMatchObject({ status: 3, stderr: expect.stringMatching(/"Authentication error.*Logs Read/s) })
    expect(off.stderr + wrong.stderr).not.toMatch(/a-token-that|a-wrong-token/)
    expect(await faultline(pullArgs(folder))).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/FAULTLINE_CLOUDFLARE_TOKEN is needed/),
    })
    expect(await faultline(pullArgs(folder, '--from', 'yesterday'), { env })).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/"--from" must be a time.*not "yesterday"/),
    })
  })
})
