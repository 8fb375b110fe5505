/** Several real nodes over one store on ClickHouse and one ledger in PostgreSQL, killed and stopped as machines are. */
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChildProcess } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lineOf } from '../analyze/alerts/kit/real-store.js'
import { startReceiver, type Receiver } from '../analyze/alerts/kit/receiver.js'
import { SERVER_PASSWORD, startServer, type TestServer } from '../clickhouse/server.js'
import { faultline, listening, start } from '../main/command.js'
import { needsEngine, needsPostgres } from '../needs.js'
import { LEDGER_PASSWORD, startPostgres, type PostgresServer } from '../postgres/server.js'

const TOKEN = 'correct-horse-battery-staple'
const MINUTE = 60_000
/** rules look every five seconds, on a busy machine much later */
const SOON_MS = 120_000

/** A notice as the webhook gives it. */
interface Told {
  id: string
  alerts: { rule: { name: string }; phase: string; changed: boolean }[]
}
interface Node {
  url: string
  child: ChildProcess
}

if (needsEngine('chdb') && needsPostgres())
  describe('several nodes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'faultline-nodes-'))
    let postgres: PostgresServer
    let clickhouse: TestServer
    let receiver: Receiver
    let store: string
    let ledger: string
    const nodes: Node[] = []
    const spool = join(folder, 'spool')
    const inputs = join(folder, 'inputs.yaml')
    mkdirSync(spool)
    writeFileSync(inputs, `inputs:\n  - type: folder\n    path: ${spool}\n    everySeconds: 1\n`)
    let one: Node, other: Node, web: Node, second: Node

    beforeAll(async () => {
      ;[postgres, clickhouse, receiver] = await Promise.all([
        startPostgres(),
        startServer(join(folder, 'engine')),
        startReceiver(),
      ])
      store = `clickhouse://${clickhouse.address}/nodes`
      ledger = postgres.freshUrl()
      // two that start at once, on an empty store
      ;[one, web] = await Promise.all([node('ingest'), node('web')])
      ;[other, second] = await Promise.all([node('ingest'), node('web')])
    }, 300_000)
    afterAll(async () => {
      for (const { child } of nodes) child.kill('SIGKILL')
      await receiver.close()
      await clickhouse.close()
      await postgres.close()
      rmSync(folder, { recursive: true, force: true })
    })

    async function node(role: string, env: NodeJS.ProcessEnv = {}): Promise<Node> {
      const child = start(['serve', '--store', store, '--port', '0', '--role', role], {
        FAULTLINE_LEDGER: ledger,
        FAULTLINE_LEDGER_PASSWORD: LEDGER_PASSWORD,
        FAULTLINE_CLICKHOUSE_PASSWORD: SERVER_PASSWORD,
        FAULTLINE_TOKEN: TOKEN,
        FAULTLINE_SECRET_KEY: 'a key that all of the nodes have been given',
        FAULTLINE_LEASE_SECONDS: '5',
        FAULTLINE_ALLOW_ADDRESSES: '127.0.0.1',
        FAULTLINE_INPUTS: inputs,
        ...env,
      })
      child.stderr?.resume()
      const started = { url: await listening(child), child }
      nodes.push(started)
      return started
    }
    async function until(is: () => boolean | Promise<boolean>): Promise<void> {
      for (const begun = Date.now(); !(await is()); await new Promise((resolve) => setTimeout(resolve, 100)))
        if (Date.now() - begun > SOON_MS) throw new Error(`It did not come: ${is.toString()}`)
    }
    /** The node that evaluates, and how often that changed hands; null: none at the moment. */
    function leading(): { node: Node; token: number } | null {
      const schema = new URL(ledger).searchParams.get('schema')
      const [pid, token] = postgres
        .run(
          `select o.pid, l.token from ${schema}.lease l join ${schema}.owner o on o.id = l.holder
          where l.name = 'rules' and l.expires_at > now()`,
        )
        .split('|')
      const found = nodes.find(({ child }) => child.pid === Number(pid))
      return found === undefined ? null : { node: found, token: Number(token) }
    }
    async function leader(): Promise<{ node: Node; token: number }> {
      await until(() => leading() !== null)
      return leading() ?? leader()
    }
    async function ask(of: Node, path: string, init: RequestInit & { token?: string } = {}) {
      const { token = TOKEN, ...more } = init
      const headers = { ...(token && { authorization: `Bearer ${token}` }), ...more.headers }
      const response = await fetch(of.url + path, { redirect: 'manual', ...more, headers })
      const text = await response.text()
      const json = (response.headers.get('content-type') ?? '').includes('json')
      return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text }
    }
    const send = (of: Node, path: string, body: unknown, method = 'POST') =>
      ask(of, path, { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })
    const post = (to: Node, lines: string[]) =>
      ask(to, '/api/v1/logs?input=logpush', { method: 'POST', body: lines.join('') })
    const linesOf = (count: number, status: number, ageMs = 5 * MINUTE) =>
      Array.from({ length: count }, (_, i) => lineOf({ time: Date.now() - ageMs - i * 100, status }))
    const total = async (of: Node, status: number) => {
      const { body } = await ask(
        of,
        `/api/v1/breakdown?by=status&status=${status}&from=${Date.now() - 60 * MINUTE}&to=${Date.now()}`,
      )
      return body.total as number
    }

    it('ingest nodes have no page and no questions, and say who has; both kinds are ready', async () => {
      const page = await ask(one, '/', { headers: { accept: 'text/html' } })
      expect([page.status, page.body.message]).toEqual([404, expect.stringContaining('role web')])
      expect((await ask(one, '/api/v1/rules')).status).toBe(404)
      expect((await ask(web, '/', { headers: { accept: 'text/html' } })).status).toBe(200)
      for (const each of [one, other, web, second]) expect((await ask(each, '/readyz')).status).toBe(200)
    })

    it('a batch that is sent again to another node counts once, and every web node knows', async () => {
      const lines = linesOf(500, 200)
      expect((await post(one, lines)).body).toMatchObject({ stored: 500, duplicates: 0 })
      expect((await post(other, lines)).body).toMatchObject({ stored: 0, duplicates: 500 })
      expect([await total(web, 200), await total(second, 200)]).toEqual([500, 500])
    })

    it('sent to all at once it counts once', async () => {
      const lines = linesOf(300, 201)
      const reports = await Promise.all([one, other, web].map((each) => post(each, lines)))
      expect(reports.map(({ body }) => body.stored).reduce((sum, stored) => sum + stored, 0)).toBe(300)
      expect(await total(second, 201)).toBe(300)
    })

    it('a node that is killed in the middle of a post: sent again to another it counts once', async () => {
      const doomed = await node('ingest', { FAULTLINE_FAILPOINT: 'clickhouse/write/records' })
      const lines = linesOf(400, 202)
      await expect(post(doomed, lines)).rejects.toThrow()
      const { body } = await post(other, lines)
      expect(body.stored + body.duplicates).toBe(400)
      await until(async () => (await total(web, 202)) === 400)
      // once it is known to be gone, what it left behind is taken out, and the other's stays
      const again = await post(one, lines)
      expect([again.body.stored + again.body.duplicates, await total(second, 202)]).toEqual([400, 400])
    }, 120_000)

    it('a token that is made on one is known on the other, and revoked there it is gone here', async () => {
      const { body: made } = await send(web, '/api/v1/tokens', { name: 'ci', role: 'ingest' })
      const asCi = (of: Node) =>
        ask(of, '/api/v1/logs', { method: 'POST', body: linesOf(1, 203)[0], token: made.token })
      expect((await asCi(one)).status).toBe(200)
      expect((await ask(second, `/api/v1/tokens/${made.id}`, { method: 'DELETE' })).status).toBeLessThan(300)
      for (const each of [one, other, web]) expect((await asCi(each)).status).toBe(401)
    })

    it('who signs in on one is signed in on the other; signing out there ends it here', async () => {
      const signed = await ask(web, '/login', {
        method: 'POST',
        body: new URLSearchParams({ token: TOKEN }).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        token: '',
      })
      expect(signed.status).toBe(303)
      const cookie = (signed.headers.get('set-cookie') as string).split(';')[0]
      const me = async (of: Node) => (await ask(of, '/api/v1/me', { headers: { cookie }, token: '' })).status
      expect([await me(web), await me(second)]).toEqual([200, 200])
      const out = await ask(second, '/logout', { method: 'POST', headers: { cookie, origin: second.url }, token: '' })
      expect(out.status).toBe(303)
      expect([await me(web), await me(second)]).toEqual([401, 401])
    })

    it('what one takes in or changes reaches those who look on at another', async () => {
      const stop = new AbortController()
      const { body } = await fetch(`${second.url}/api/v1/stream`, {
        headers: { authorization: `Bearer ${TOKEN}` },
        signal: stop.signal,
      })
      let heard = ''
      void (async () => {
        for await (const chunk of body as ReadableStream<Uint8Array>) heard += Buffer.from(chunk).toString()
      })().catch(() => {})
      await post(one, linesOf(3, 204))
      await until(() => heard.includes('event: data'))
      heard = ''
      const silence = {
        matchers: [{ label: 'alertname', value: 'none' }],
        endsAt: new Date(Date.now() + MINUTE).toISOString(),
      }
      expect((await send(web, '/api/v1/silences', { ...silence, reason: 'a test' })).status).toBeLessThan(300)
      await until(() => heard.includes('event: alerts'))
      stop.abort()
    })

    /** Half an hour of logs up to now, with a status that still goes on: whatever delay was learned, it fires. */
    const goingOn = (status: number) =>
      Array.from({ length: 360 }, (_, i) => {
        const time = Date.now() - (360 - i) * 5_000
        return [lineOf({ time, status: 200 }), lineOf({ time, status })]
      }).flat()
    /** Notices that say that it fires now. */
    const told = (rule: string) =>
      receiver.received.filter(({ body }) =>
        (body as Told).alerts.some(
          ({ rule: { name }, phase, changed }) => name === rule && phase === 'firing' && changed,
        ),
      )
    const expectEachOnce = () => {
      const ids = receiver.received.map(({ body }) => (body as Told).id)
      expect(new Set(ids).size).toBe(ids.length)
    }
    const rule = (name: string, status: number) => ({
      name,
      expr: { kind: 'count', where: { status }, window: '2m', above: 5 },
    })

    it('one evaluates and notifies; stopped for a while it is replaced, and says nothing when it goes on', async () => {
      const hook = { name: 'hook', type: 'webhook', settings: { url: receiver.url } }
      expect((await send(second, '/api/v1/notifiers', hook)).status).toBe(201)
      expect((await send(second, '/api/v1/rules', rule('First of them', 403))).status).toBe(201)
      await post(one, goingOn(403))
      await until(() => told('First of them').length > 0)
      const first = await leader()
      first.node.child.kill('SIGSTOP')
      const next = first.node === web ? second : web
      await until(() => leading()?.node === next)
      expect((await send(next, '/api/v1/rules', rule('Second of them', 405))).status).toBe(201)
      await post(one, goingOn(405))
      await until(() => told('Second of them').length > 0)
      first.node.child.kill('SIGCONT')
      // it is asked, and answers like the other
      expect((await ask(first.node, '/api/v1/alerts')).status).toBe(200)
      expect(leading()?.token ?? Infinity).toBeGreaterThan(first.token)
      expectEachOnce()
    }, 600_000)

    it('killed it is replaced, and the next one notifies, once', async () => {
      const { node: dead, token } = await leader()
      dead.child.kill('SIGKILL')
      await once(dead.child, 'exit')
      web = dead === web ? second : web
      await until(() => (leading()?.token ?? 0) > token)
      expect((await send(web, '/api/v1/rules', rule('Third of them', 406))).status).toBe(201)
      await post(other, goingOn(406))
      await until(() => told('Third of them').length > 0)
      expectEachOnce()
      // what was told before is not told again by who took over
      for (const name of ['First of them', 'Second of them', 'Third of them']) expect(told(name)).toHaveLength(1)
    }, 600_000)

    it('without its ledger a node takes nothing in, says why and when to come again, and goes on by itself', async () => {
      await postgres.stop()
      const refused = await post(one, linesOf(2, 207))
      expect([refused.status, refused.body.code]).toEqual([503, 'STORE_UNREACHABLE'])
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
      expect((await ask(web, '/readyz')).status).toBe(503)
      expect((await ask(web, '/healthz')).status).toBe(200)
      await postgres.start()
      expect((await post(one, linesOf(2, 208))).body).toMatchObject({ stored: 2 })
    })

    it('a folder that several nodes watch is read by one; killed, another goes on where it was', async () => {
      const put = (name: string, lines: string[]) => {
        const file = join(spool, name)
        writeFileSync(file, lines.join(''))
        // nobody writes to it any more
        utimesSync(file, Date.now() / 1000 - 60, Date.now() / 1000 - 60)
      }
      const isFetching = async (of: Node) => {
        const { body } = await ask(of, '/api/v1/inputs')
        const inputs = body.inputs as { name: string; doing: { code: string } | null }[]
        const doing = inputs.find(({ name }) => name === 'folder')?.doing
        return doing != null && doing.code !== 'elsewhere'
      }
      put('a.ndjson', linesOf(50, 209))
      await until(async () => (await total(web, 209)) === 50)
      await until(async () => (await isFetching(one)) !== (await isFetching(other)))
      const fetching = (await isFetching(one)) ? one : other
      fetching.child.kill('SIGKILL')
      put('b.ndjson', linesOf(30, 209))
      await until(async () => (await total(web, 209)) === 80)
      const { body } = await ask(web, '/api/v1/batches')
      const names = (body.batches as { name: string | null }[])
        .map(({ name }) => name)
        .filter((name) => name?.endsWith('.ndjson'))
      expect(names.sort()).toEqual(['a.ndjson', 'b.ndjson'])
    }, 300_000)

    it('roles and ledgers that do not fit the store are refused, with what to do', async () => {
      const sqlite = `sqlite:${join(folder, 'a.sqlite')}`
      const role = await faultline(['serve', '--store', sqlite, '--role', 'ingest', '--port', '0'])
      expect([role.status, role.stderr]).toEqual([2, expect.stringContaining('FAULTLINE_LEDGER=postgres://')])
      const kind = await faultline(['serve', '--store', sqlite, '--port', '0'], { env: { FAULTLINE_LEDGER: ledger } })
      expect([kind.status, kind.stderr]).toEqual([2, expect.stringContaining('Unset it')])
    })
  })
