/** The commands and the API give the same figures on either engine, to the byte. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faultline, listening, start } from '../main/command.js'
import { needsEngine } from '../needs.js'

const FILES = ['38t60-hosts-522', '43-scanner-404s-tiny-site', '36-one-colo-slow'].map((name) =>
  fileURLToPath(new URL(`../fixtures/shapes/${name}.ndjson.gz`, import.meta.url)),
)
/** What depends on the clock, or on the store's own key (a cursor holds a hash). */
const CHANGING = /"(?:seconds|receivedAt|lagSeconds|next)":\s*(?:[\d.]+|"[^"]*"|null)/g
const steady = (text: string) => text.replace(CHANGING, '')

if (needsEngine('chdb'))
  describe('chdb beside SQLite', () => {
    const folder = mkdtempSync(join(tmpdir(), 'faultline-same-'))
    const stores = [`sqlite:${join(folder, 'a.sqlite')}`, `chdb:${join(folder, 'chdb')}`]
    afterAll(() => rmSync(folder, { recursive: true, force: true }))
    const both = async (args: string[]) => Promise.all(stores.map((store) => faultline([...args, '--store', store])))
    const stdout = ([a, b]: { status: number | null; stdout: string; stderr: string }[]) => {
      expect([b.status, b.stderr]).toEqual([a.status, a.stderr])
      return [steady(a.stdout), steady(b.stdout)]
    }

    beforeAll(async () => {
      const [sqlite, chdb] = stdout(await both(['ingest', ...FILES, '--json']))
      expect(chdb).toBe(sqlite)
      expect(chdb).toContain('"stored"')
    })

    it('ingest again counts nothing twice', async () => {
      const [sqlite, chdb] = stdout(await both(['ingest', FILES[0], '--json']))
      expect(chdb).toBe(sqlite)
      expect(chdb).toMatch(/"stored": ?0/)
    })

    it('spikes, with causes and evidence', async () => {
      const [sqlite, chdb] = stdout(await both(['spikes', '--json', '--lang', 'fr']))
      expect(chdb).toBe(sqlite)
      expect((JSON.parse(chdb) as { spikes: unknown[] }).spikes.length).toBeGreaterThan(0)
    })

    it('what the page asks, then without the first batch', async () => {
      const services = stores.map((store) => start(['serve', '--port', '0', '--store', store]))
      try {
        const urls = await Promise.all(services.map(listening))
        const range = 'from=2020-01-01T00:00:00Z&to=2027-01-01T00:00:00Z'
        const questions = [
          `timeseries?${range}&by=source&step=day&tz=Europe/Paris`,
          `timeseries?${range}&by=class&step=week`,
          `breakdown?${range}&by=path&limit=7`,
          `breakdown?${range}&by=clientIp&class=5xx&limit=5`,
          `breakdown?${range}&by=host&status=522`,
          `values?${range}&dimension=host&contains=a&limit=9`,
          `records?${range}&limit=20`,
          `records?${range}&limit=5&status=4*`,
          'batches',
        ]
        const asked = async (path: string) =>
          Promise.all(urls.map(async (url) => (await fetch(`${url}/api/v1/${path}`)).text()))
        const all = async () => {
          for (const question of questions) {
            const [sqlite, chdb] = (await asked(question)).map(steady)
            expect(chdb, question).toBe(sqlite)
          }
        }
        await all()
        const undone = await Promise.all(
          urls.map(async (url) => (await fetch(`${url}/api/v1/batches/1`, { method: 'DELETE' })).text()),
        )
        expect(undone[1]).toBe(undone[0])
        expect(undone[1]).toContain('"removed"')
        await all()
      } finally {
        await Promise.all(
          services.map((service) => new Promise((resolve) => service.once('close', resolve).kill('SIGTERM'))),
        )
      }
    })
  })
