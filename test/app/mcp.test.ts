/** Tools for assistants, asked by the protocol's own client over stdio and over HTTP. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ndjson, traffic } from '../dashboard/browser/traffic.js'
import { MAIN } from '../main/command.js'
import { startService, type TestService } from './service.js'

const TOKEN = 'a-token-of-some-length'
const { lines, incident } = traffic(Date.UTC(2026, 4, 20, 12))
let service: TestService

beforeAll(async () => {
  service = await startService({ access: { token: TOKEN, allowedHosts: null } })
  await service.post('/api/v1/logs', ndjson(lines), { authorization: `Bearer ${TOKEN}` })
}, 60_000)
afterAll(() => service.stop())

type Transport = 'http' | 'stdio'

async function connected(
  over: Transport,
  options: { token?: string; args?: string[]; url?: string } = {},
): Promise<Client> {
  const { token = TOKEN, args = [], url = service.url } = options
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(
    over === 'http'
      ? new StreamableHTTPClientTransport(new URL('/mcp', url), {
          requestInit: { headers: { authorization: `Bearer ${token}` } },
        })
      : new StdioClientTransport({
          command: process.execPath,
          args: [MAIN, 'mcp', '--store', service.store.url, ...args],
          stderr: 'inherit',
        }),
  )
  return client
}

interface Called {
  isError?: boolean
  structuredContent?: any // oxlint-disable-line typescript/no-explicit-any
  content: { type: string; text: string }[]
}
const call = async (client: Client, name: string, args: object = {}) =>
  (await client.callTool({ name, arguments: args as { [name: string]: unknown } })) as unknown as Called

describe.each<Transport>(['http', 'stdio'])('over %s', (over) => {
  let client: Client
  beforeAll(async () => {
    client = await connected(over)
  }, 60_000)
  afterAll(() => client.close())

  it('lists tools that say what they are for and only read', async () => {
    expect(client.getServerVersion()).toMatchObject({ name: 'faultline' })
    expect(client.getInstructions()).toContain('499')
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['figures', 'spikes', 'explain', 'status', 'records', 'record', 'rules', 'backtest']),
    )
    for (const { description = '', inputSchema, annotations } of tools) {
      expect(description.length).toBeGreaterThan(30)
      expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false })
      expect(annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false })
    }
    expect(await call(client, 'annotate', { text: 'x' }).catch((error: Error) => error.message)).toContain('no tool')
  })

  it('finds the spike, its cause, and the requests behind it', async () => {
    const { structuredContent } = await call(client, 'spikes', { lang: 'fr' })
    const [spike] = structuredContent.spikes
    expect(spike).toMatchObject({ status: 403, source: 'edge' })
    expect(spike.causes[0].id).toBe('403/waf-managed-rule')
    const filters = { status: '403', host: ['www.example.com'] }
    const range = { from: new Date(incident.from).toISOString(), to: String(incident.to) }
    const figures = await call(client, 'figures', { ...range, filters })
    expect(figures.structuredContent.requests).toBe(600)
    expect(JSON.parse(figures.content[0].text)).toEqual(figures.structuredContent)
    const { records } = (await call(client, 'records', { ...range, filters, limit: 2 })).structuredContent
    expect(records).toHaveLength(2)
    const found = await call(client, 'record', { rayId: `${records[0].rayId.toUpperCase()}-CDG` })
    expect(found.structuredContent.records[0]).toEqual(records[0])
  })

  it('backtests a draft, and gives the other answers', async () => {
    const rule = { name: 'many 403', expr: { kind: 'count', where: { status: 403 }, window: '5m', above: 100 } }
    const { structuredContent } = await call(client, 'backtest', { rule })
    expect(structuredContent.episodes).toHaveLength(1)
    for (const [name, args] of [
      ['timeseries', { by: 'source', step: 'hour' }],
      ['breakdown', { by: 'path', limit: 3, compare: true }],
      ['breakdown', { by: 'host', slowest: true }],
      ['values', { dimension: 'host', contains: 'api' }],
      ['latency', { by: 'host' }],
      ['explain', { from: new Date(incident.from).toISOString(), to: new Date(incident.to).toISOString() }],
      ['status', { code: 499, lang: 'zh' }],
      ['alerts', {}],
      ['rules', {}],
      ['rule_kinds', {}],
      ['annotations', {}],
    ] as const) {
      const answer = await call(client, name, args)
      expect([name, answer.isError, answer.content[0].text.slice(0, 60)]).toEqual([name, undefined, expect.any(String)])
    }
  })

  it.each([
    ['an unknown argument', 'figures', { hots: 'x' }, 'hots'],
    ['a wrong value', 'breakdown', { by: 'nothing' }, 'by'],
    ['a dimension that there is not', 'figures', { filters: { hots: 'x' } }, 'host'],
    ['no such record', 'record', { rayId: '0123456789abcdef' }, 'No record'],
  ])('says %s to the model, which can ask better', async (_, name, args, said) => {
    const { isError, content } = await call(client, name, args)
    expect(isError).toBe(true)
    expect(content[0].text).toContain(said)
  })
})

it('stdio changes something only where that is allowed', async () => {
  const client = await connected('stdio', { args: ['--mcp-writes'] })
  try {
    const { tools } = await client.listTools()
    expect(tools.find(({ name }) => name === 'annotate')?.annotations?.readOnlyHint).toBe(false)
    const made = await call(client, 'annotate', { text: 'deploy 1.42', at: new Date(incident.from).toISOString() })
    expect(made.structuredContent).toMatchObject({ text: 'deploy 1.42' })
    const frozen = await call(client, 'freeze_incident', { from: String(incident.from), to: String(incident.to) })
    expect(frozen.structuredContent.frozen.figures.all).toBeGreaterThan(600)
  } finally {
    await client.close()
  }
}, 60_000)

it('HTTP asks for the token, and for POST', async () => {
  await expect(connected('http', { token: 'not-the-right-token' })).rejects.toThrow()
  const get = await service.get('/mcp', { authorization: `Bearer ${TOKEN}`, accept: 'text/event-stream' })
  expect(get).toMatchObject({ status: 405, body: { code: 'POST_ONLY' } })
})
