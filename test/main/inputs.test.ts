/** A service that fetches by itself, told so by a file. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { packageRoot } from '../../schema/runtime/package-root.js'
import { LogpullServer, logsOf, TOKEN, ZONE } from '../ingest/inputs/logpull-server.js'
import { expectTruth } from '../ingest/inputs/truth.js'
import { ended, faultline, listening, newFolder, start } from './command.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

let server: LogpullServer | undefined
afterEach(() => server?.stop())

const json = (url: string) => async (path: string) => ({ body: await (await fetch(url + path)).json() })

/** The file that the README shows, with this machine's addresses in it. */
function fileOfReadme(folder: string, type: string, more: string): string {
  const readme = readFileSync(new URL('README.md', packageRoot), 'utf8')
  const [, text] = /```yaml\n(inputs:\n.*?)```/s.exec(readme) ?? []
  const entry = text
    ?.split(/(?= {2}- type: )/)
    .find((one) => one.includes(`type: ${type}`))
    ?.trimEnd()
  const path = join(folder, 'inputs.yaml')
  writeFileSync(path, `inputs:\n${entry}\n${more}`)
  return path
}

describe('faultline serve --inputs', () => {
  it('fetches as the README says, and after kill -9 goes on where it was', async () => {
    const now = Math.floor(Date.now() / MINUTE) * MINUTE
    const logs = logsOf(now - 3 * HOUR, now - 15 * MINUTE, 1_000)
    server = await new LogpullServer(logs).start()
    server.requestsAMinute = Infinity
    const folder = newFolder()
    const more = `    api: ${server.url}\n    from: ${new Date(now - 3 * HOUR).toISOString()}\n`
    const args = ['--inputs', fileOfReadme(folder, 'logpull', more), '--store', `sqlite:${join(folder, 'a.sqlite')}`]
    const env = { CLOUDFLARE_TOKEN: TOKEN }
    for (const moment of ['half', 'answered'] as const) {
      let left = 3
      const child = start(['serve', '--port', '0', ...args], env)
      const end = ended(child)
      server.onAsk = (when) => {
        if (when === moment && --left === 0) child.kill('SIGKILL')
      }
      await end
    }
    server.onAsk = () => {}
    server.asked.length = 0
    const child = start(['serve', '--port', '0', ...args], env)
    const end = ended(child)
    const get = json(await listening(child))
    const job = async () =>
      (await get('/api/v1/inputs')).body.inputs.find((one: { job: string | null }) => one.job === ZONE)
    await expect.poll(async () => (await job()).state, { timeout: 20_000, interval: 50 }).toBe('waiting')
    expect(server.asked[0].from).toBeGreaterThan(now - 3 * HOUR)
    await expectTruth(logs.truth, get)
    expect(JSON.stringify(await job())).not.toContain(TOKEN)
    const spool = newFolder()
    appendFileSync(args[1], `\n  - type: folder\n    path: ${spool}\n`)
    child.kill('SIGHUP')
    const jobs = async () => (await get('/api/v1/inputs')).body.inputs.map((one: { job: string | null }) => one.job)
    await expect.poll(jobs, { timeout: 20_000, interval: 50 }).toContain(spool)
    child.kill('SIGTERM')
    const { stdout, stderr } = await end
    expect(stdout + stderr).not.toContain(TOKEN)
  }, 60_000)

  it('does not begin with a file that is not right, and says why', async () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'inputs.yaml'), 'inputs:\n  - type: logpull\n    zone: here\n')
    const { status, stderr } = await faultline(['serve', '--port', '0', '--inputs', 'inputs.yaml'], { cwd: folder })
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/inputs\.yaml is not right:.*"token" is missing.*zone/s),
    ])
    const gone = await faultline(['serve', '--port', '0', '--inputs', 'no.yaml'], { cwd: folder })
    expect([gone.status, gone.stderr]).toEqual([3, expect.stringMatching(/can not be read.*no\.yaml/)])
  })
})
