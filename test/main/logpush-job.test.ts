/** The Logpush job: its call and cost, and made and checked at a server that behaves as Cloudflare's API is documented. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bytesOfLine, costOf } from '../../ingest/logpush/cost.js'
import { checkJobs } from '../../ingest/logpush/check.js'
import type { LogpushJob } from '../../ingest/logpush/api.js'
import { fieldsFor } from '../../ingest/logpush/panels.js'
import { demoOptions, simulate } from '../../ingest/inputs/simulate/index.js'
import { LOGPUSH_FIELDS } from '../../schema/words/fields.js'
import { startService, type TestService } from '../app/service.js'
import { faultline } from './command.js'

const ZONE = '023e105f4ecef8ad9ca31a8372d0c353'
const TOKEN = 'a-token-of-cloudflare'
const OURS = 'the-token-of-the-service'

/** https://developers.cloudflare.com/logs/logpush/logpush-job/api-configuration/ */
let cloudflare: Server
let api: string
let jobs: LogpushJob[] = []
/** what the zone does not offer */
let withheld: string[] = []

beforeAll(async () => {
  cloudflare = createServer(async (request, response) => {
    const answer = (status: number, result: unknown, errors: { code: number; message: string }[] = []) =>
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(JSON.stringify({ success: status < 300, errors, messages: [], result }))
    if (request.headers.authorization !== `Bearer ${TOKEN}`)
      return answer(403, null, [{ code: 10000, message: 'Authentication error' }])
    const path = request.url?.replace(`/zones/${ZONE}/logpush`, '')
    if (request.method === 'GET' && path === '/jobs') return answer(200, jobs)
    if (request.method === 'GET' && path === '/datasets/http_requests/fields')
      return answer(
        200,
        Object.fromEntries(LOGPUSH_FIELDS.filter((f) => !withheld.includes(f)).map((f) => [f, 'string'])),
      )
    if (request.method !== 'POST' || path !== '/jobs') return answer(404, null, [{ code: 7003, message: 'No route' }])
    let text = ''
    for await (const chunk of request) text += chunk
    const job = JSON.parse(text) as LogpushJob
    if (!(await testUpload(job.destination_conf)))
      return answer(400, null, [
        { code: 1002, message: 'error validating destination: error writing object: error uploading' },
      ])
    jobs.push({ ...job, id: jobs.length + 1 })
    return answer(201, jobs.at(-1))
  })
  await new Promise<void>((resolve) => cloudflare.listen(0, '127.0.0.1', resolve))
  api = `http://127.0.0.1:${(cloudflare.address() as AddressInfo).port}`
})
afterAll(() => cloudflare.close())

/** Before it makes a job Cloudflare posts a gzipped test; header_ parameters become headers. */
async function testUpload(destination: string): Promise<boolean> {
  const url = new URL(destination)
  const headers: { [name: string]: string } = { 'user-agent': 'Go-http-client/2.0' }
  for (const [name, value] of [...url.searchParams]) {
    if (!name.startsWith('header_')) continue
    headers[name.slice('header_'.length)] = value
    url.searchParams.delete(name)
  }
  // a destination that cannot be reached is a refusal too, in Cloudflare's words
  return fetch(url, { method: 'POST', body: gzipSync('{"content":"tests"}\n'), headers }).then(
    ({ ok }) => ok,
    () => false,
  )
}

const run = (args: string[], token = TOKEN) =>
  faultline(['logpush-job', ...args], { env: { FAULTLINE_CLOUDFLARE_TOKEN: token, FAULTLINE_TOKEN: OURS } })

describe('the call', () => {
  it('has the smallest list of fields, the destination and the price, and no secret', async () => {
    const { status, stdout } = await run(['--panels', 'errors,speed', '--requests', '1000000000', '--json'])
    expect(status).toBe(0)
    const { body, bytesPerLine, costs } = JSON.parse(stdout)
    expect(body.output_options.field_names).toEqual(fieldsFor(['errors', 'speed']))
    expect(body.output_options.field_names).not.toContain('ClientIP')
    expect(body).toMatchObject({ dataset: 'http_requests', output_options: { timestamp_format: 'rfc3339ms' } })
    expect(body.destination_conf).toContain('job=faultline&header_Authorization=Bearer%20<FAULTLINE_TOKEN>')
    expect(costs).toEqual([
      { requests: 1e9, gigabytes: bytesPerLine, dollars: expect.closeTo((bytesPerLine - 25) * 0.1, 6) },
    ])
    expect(stdout).not.toContain(OURS)
  })

  it('names panels that there are not', async () => {
    const { status, stderr } = await run(['--panels', 'errors,colours'])
    expect(status).toBe(2)
    expect(stderr).toContain('there is no panel colours')
  })
})

it('tells bytes a line as lines really have them', async () => {
  const options = { ...demoOptions(Date.UTC(2026, 4, 20)), lines: 3_000, shape: 'all' as const }
  let text = ''
  for await (const chunk of simulate(options).chunks()) text += Buffer.from(chunk).toString()
  const records = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { [field: string]: unknown })
  for (const fields of [fieldsFor(['spikes']), fieldsFor(['errors']), fieldsFor(['errors', 'what', 'who'])]) {
    const bytes = records.map((record) =>
      Buffer.byteLength(JSON.stringify(Object.fromEntries(fields.map((f) => [f, record[f] ?? '']))) + '\n'),
    )
    const mean = bytes.reduce((a, b) => a + b) / bytes.length
    expect(bytesOfLine(fields) / mean).toBeGreaterThan(0.85)
    expect(bytesOfLine(fields) / mean).toBeLessThan(1.15)
  }
  expect(costOf(1e6, fieldsFor(['spikes']), 'outside').dollars).toBe(0)
})

describe('a job of the zone', () => {
  let service: TestService
  beforeAll(async () => {
    service = await startService({ access: { token: OURS, allowedHosts: [] } })
  })
  afterAll(() => service.stop())

  it('is made after the test upload went through, without what the zone does not offer, and is right then', async () => {
    withheld = ['SecurityRuleID']
    const args = ['--zone', ZONE, '--api', api, '--url', service.url]
    const asked = await run([...args, '--create'])
    expect([asked.status, asked.stderr]).toEqual([2, expect.stringContaining('--yes')])
    const made = await run([...args, '--create', '--yes', '--name', 'shop'])
    expect([made.status, made.stdout]).toEqual([0, expect.stringContaining('The job 1 is made')])
    expect(made.stderr).toContain('SecurityRuleID')
    expect(jobs[0].destination_conf).toContain(`header_Authorization=${encodeURIComponent(`Bearer ${OURS}`)}`)
    withheld = []
    jobs[0].output_options?.field_names?.push('SecurityRuleID')
    const right = await run([...args, '--check'])
    expect([right.status, right.stdout]).toEqual([0, expect.stringContaining('exports what is needed')])
  })

  it('is refused in the words of Cloudflare, with what to do', async () => {
    const forbidden = await run(['--zone', ZONE, '--api', api, '--check'], 'another')
    expect(forbidden.status).toBe(3)
    expect(forbidden.stderr).toMatch(/Authentication error \(10000\).*Logs Read/s)
    const unreachable = await run(['--zone', ZONE, '--api', api, '--url', 'http://127.0.0.1:9', '--create', '--yes'])
    expect([unreachable.status, unreachable.stderr]).toEqual([3, expect.stringContaining('error uploading')])
  })

  it('is told what it leaves out, thins out or hides, and what it costs for nothing', () => {
    const wishes = { fields: fieldsFor(['spikes']), url: 'https://logs.example.com' }
    const destination = 'https://logs.example.com/api/v1/logs?header_Authorization=***'
    const base: LogpushJob = {
      id: 1,
      name: 'www',
      dataset: 'http_requests',
      enabled: true,
      destination_conf: `${destination}&job=www`,
      output_options: { field_names: [...wishes.fields], timestamp_format: 'rfc3339ms', sample_rate: 1 },
    }
    const findings = (more: Partial<LogpushJob>) =>
      checkJobs([{ ...base, ...more }], wishes)[0]
        .findings.map(({ text }) => text)
        .join(' ')
    expect(findings({})).toBe('')
    expect(findings({ filter: '{"where":{}}' })).toBe('')
    expect(findings({ filter: '{"where":{"key":"EdgeResponseStatus","operator":"geq","value":400}}' })).toMatch(
      /part only/,
    )
    expect(findings({ filter_attack_traffic: true })).toMatch(/filter_attack_traffic is on/)
    expect(findings({ enabled: false })).toMatch(/switched off/)
    expect(findings({ error_message: 'HTTP 401', last_error: '2026-05-20T00:00:00Z' })).toMatch(/HTTP 401/)
    const sampled = { ...base.output_options, sample_rate: 0.1 }
    expect(findings({ output_options: sampled })).toMatch(/add sampleRate=0.1/)
    expect(findings({ output_options: sampled, destination_conf: `${destination}&sampleRate=0.1` })).toBe('')
    expect(
      findings({
        logpull_options: 'fields=RayID,EdgeStartTimestamp,EdgeResponseStatus,Cookies&timestamps=rfc3339&sample=0.01',
        output_options: null,
      }),
    ).toMatch(/sampleRate=0.01.*OriginResponseStatus is missing.*Cookies.*whole seconds/s)
    expect(findings({ dataset: 'firewall_events' })).toMatch(/firewall_events, which is not read here/)
    // a job that leads elsewhere is none of ours
    expect(checkJobs([{ ...base, destination_conf: 's3://bucket' }], wishes)).toEqual([])
    const two = checkJobs([base, { ...base, id: 2, destination_conf: destination }], wishes)
    expect(two.map(({ findings: found }) => found.length)).toEqual([0, 1])
  })
})
