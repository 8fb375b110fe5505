import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import zlib from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { needs } from '../needs.js'
import { startService, type TestService } from './service.js'

const SAMPLES = readFileSync(new URL('../fixtures/real-shapes.ndjson', import.meta.url))
const line = (n: number, more: object = {}) =>
  `${JSON.stringify({
    EdgeStartTimestamp: `2026-05-20T14:05:${String(n % 60).padStart(2, '0')}Z`,
    EdgeResponseStatus: 200,
    OriginResponseStatus: 200,
    RayID: n.toString(16).padStart(16, '0'),
    ClientRequestHost: 'www.example.com',
    ClientRequestURI: `/p/${n}`,
    ClientIP: '203.0.113.7',
    ...more,
  })}\n`

let service: TestService
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

const post = (body: BodyInit | Buffer, query = '', headers = {}) =>
  service.post(`/api/v1/logs${query}`, body as BodyInit, headers)

describe('POST /api/v1/logs', () => {
  it('stores the 24 sample records and says so', async () => {
    const { status, body } = await post(SAMPLES, '?name=real-shapes.ndjson')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      lines: 24,
      stored: 24,
      duplicates: 0,
      rejected: 0,
      state: 'complete',
      name: 'real-shapes.ndjson',
      from: '2022-10-30T00:00:02.000Z',
      to: '2024-04-10T23:00:44.995Z',
    })
  })

  it('counts nothing twice: the same file plain, gzip and zstd', async () => {
    expect((await post(SAMPLES)).body).toMatchObject({ lines: 24, stored: 0, duplicates: 24 })
    expect((await post(zlib.gzipSync(SAMPLES), '', { 'content-type': 'application/json' })).body).toMatchObject({
      stored: 0,
      duplicates: 24,
    })
    if (needs('zstd', 'zstd')) {
      expect((await post(spawnSync('zstd', ['-qc'], { input: SAMPLES }).stdout)).body).toMatchObject({
        stored: 0,
        duplicates: 24,
      })
    }
    expect((await service.get('/api/v1/summary')).body.requests).toBe(23)
  })

  it('keeps five requests with one RayID apart', async () => {
    const { body } = await service.get('/api/v1/records/3a6050bcbe121a87')
    expect(new Set(body.records.map((r: { clientIp: string }) => r.clientIp)).size).toBe(5)
  })

  it("answers Logpush's test upload and stores nothing", async () => {
    const before = (await service.get('/readyz')).body.records
    expect(await post(zlib.gzipSync('{"content":"tests"}'))).toMatchObject({
      status: 200,
      body: { stored: 0, rejected: 0 },
    })
    expect((await service.get('/readyz')).body.records).toBe(before)
  })

  it('answers a Logpush job of another dataset as taken, says that it is not, and shows it', async () => {
    const events = ['block', 'log']
      .map((Action, i) => JSON.stringify({ Datetime: '2026-05-20T14:00:00Z', Action, RayID: `7a1f7ad4df2f870${i}` }))
      .join('\n')
    expect((await service.post('/api/v1/logs?job=waf', events)).status).toBe(400)
    const { status, body } = await service.post('/api/v1/logs?input=logpush&job=waf', events)
    expect(status).toBe(200)
    expect(body).toMatchObject({ state: 'complete', stored: 0, rejected: 2, job: 'waf' })
    expect(body.message).toMatch(/firewall_events.*Nothing of it is stored.*send this job elsewhere/)
    expect((await service.get(`/api/v1/batches/${body.id}`)).body).toMatchObject({ stored: 0, rejected: 2 })
    const { inputs } = (await service.get('/api/v1/inputs')).body
    const waf = inputs.find((one: { job: string | null }) => one.job === 'waf')
    expect(JSON.stringify(waf.advice)).toContain('A job of another dataset sends to the same address.')
    // no dataset that is known: to be mended, and sent again until it is
    expect((await service.post('/api/v1/logs?input=logpush', '{"level":"info","msg":"x"}\n')).status).toBe(400)
  })
  it('stores the good lines of a bad file and shows the others', async () => {
    const body = `${line(1)}\r\n\n  \nnot json\n${line(2).replace('\n', '\r\n')}[1]\n{"QueryName":"x","Timestamp":1}\n${line(3).trimEnd().slice(0, -8)}`
    const report = (await post(body, '?name=mixed.log')).body
    expect(report).toMatchObject({
      lines: 6,
      stored: 2,
      rejected: 4,
      rejectedByReason: { 'not-json': 1, 'not-an-object': 1, 'other-dataset': 1, 'truncated': 1 },
    })
    expect(report.rejections).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ input: 'mixed.log', line: 5, reason: 'not-json', sample: 'not json' }),
      ]),
    )
    const download = await service.get(`/api/v1/batches/${report.id}/rejected`)
    expect(download.body.trim().split('\n')).toHaveLength(4)
  })

  it('names what the export lacks and what that spoils', async () => {
    const { body } = await post(line(10, { OriginResponseStatus: undefined }))
    const fields = body.missingFields.map((m: { field: string }) => m.field)
    expect(fields).toContain('OriginResponseStatus')
    expect(fields).toContain('SecurityAction')
    expect(fields).not.toContain('RayID')
  })

  it('refuses a misspelt parameter that would change every figure, and lets those of others through', async () => {
    expect(await post(line(11), '?sample_rate=0.1')).toMatchObject({
      status: 400,
      body: { code: 'UNKNOWN_PARAMETER', message: expect.stringContaining('sampleRate') },
    })
    expect((await post(line(10, { OriginResponseStatus: undefined }), '?tags=site:a')).status).toBe(200)
  })

  it('weighs a sampled job', async () => {
    await post(line(20, { ClientRequestHost: 'sampled.example.com' }), '?sampleRate=0.1')
    expect((await service.get('/api/v1/breakdown?by=host&host=sampled.example.com')).body).toMatchObject({
      total: 10,
      rows: [{ key: 'sampled.example.com', count: 10 }],
    })
  })

  it('takes a line of just under 1 MiB, rejects a longer one, goes on after it', async () => {
    const long = (bytes: number, n: number) => line(n, { ClientRequestUserAgent: 'x'.repeat(bytes) })
    const report = (await post(long(1_048_000, 30) + long(1_100_000, 31) + long(5_000_000, 32) + line(33))).body
    expect(report).toMatchObject({ lines: 4, stored: 2, rejected: 2, rejectedByReason: { 'too-long': 2 } })
    expect(report.rejections.map((r: { line: number }) => r.line)).toEqual([2, 3])
  })

  it.each<[string, string | Buffer]>([
    ['an empty body', ''],
    ['blank lines', '\n\n  \n'],
    ['gzip of nothing', zlib.gzipSync('')],
    ['an answer without records', '{"result":[],"success":true,"errors":[]}'],
    ['the ownership challenge', 'f'.repeat(56)],
  ])('takes %s for an empty batch', async (_what, body) => {
    expect(await post(body)).toMatchObject({ status: 200, body: { lines: 0, stored: 0, message: expect.any(String) } })
  })

  it.each<[string, string | Buffer, string[]]>([
    ['UTF-16', Buffer.from(`\ufeff${line(7_101)}`, 'utf16le'), ['UTF-16LE']],
    ['a JSON array', `[${line(7_102)}]`, ['JSON array']],
    ['CSV', 'EdgeStartTimestamp,EdgeResponseStatus,RayID\n2026-05-20T00:00:00Z,200,00000000000bbbbb\n', ['CSV']],
    ['Vector', JSON.stringify({ message: line(7_104) }), ['Vector (message)']],
  ])('reads %s and says so', async (_what, body, via) => {
    const { status, body: report } = await post(body)
    expect({ status, ...report }).toMatchObject({ status: 200, stored: 1, via })
    expect((await service.get(`/api/v1/batches/${report.id}`)).body).toMatchObject({
      via,
      weighted: false,
      after: null,
    })
  })

  it('reads the parts of a form, as curl -F posts it', async () => {
    const form = new FormData()
    form.append('file', new Blob([zlib.gzipSync(line(7_201))]), 'one.log.gz')
    form.append('file', new Blob([line(7_202), line(7_203)]), 'two.log')
    const { status, body } = await post(form)
    expect({ status, ...body }).toMatchObject({ status: 200, stored: 3, via: ['multipart form'] })
  })

  it('maps names of one’s own, and shows the mapping where it is missing', async () => {
    const body = '{"ts":"2026-05-20T14:05:00Z","status":404,"ray":"00000000000ccccc","h":"a.example.com"}\n'
    const refused = await post(body)
    expect(refused).toMatchObject({ status: 400, body: { seen: 'renamed' } })
    expect(refused.body.message).toContain(
      '?field=EdgeStartTimestamp=ts&field=EdgeResponseStatus=status&field=RayID=ray',
    )
    const query =
      '?field=EdgeStartTimestamp=ts&field=EdgeResponseStatus=status&field=RayID=ray&field=ClientRequestHost=h'
    expect(await post(body, query)).toMatchObject({ status: 200, body: { stored: 1 } })
    expect((await service.get('/api/v1/records/00000000000ccccc')).body.records[0]).toMatchObject({
      host: 'a.example.com',
    })
    expect(await post(body, '?field=Nonsense=ts')).toMatchObject({ status: 400, body: { code: 'BAD_SETTING' } })
  })

  it.each<[string, string | Buffer, string, RegExp]>([
    ['a list without times', '[{"EdgeResponseStatus":200}]', 'NOT_NDJSON', /Add EdgeStartTimestamp/],
    ['CSV without header', '2026-05-20T00:00:00Z,200,GET\n', 'NOT_NDJSON', /CSV without a header/],
    ['CSV with impossible times', 'EdgeStartTimestamp,EdgeResponseStatus\n1,200\n', 'NOT_NDJSON', /bad-time/],
    ['HTML', '<!doctype html><html></html>', 'NOT_NDJSON', /HTML/],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'NOT_NDJSON', /binary.*89 50 4e 47/],
    ['UTF-32', Buffer.from('fffe00007b000000', 'hex'), 'WRONG_ENCODING', /iconv/],
    ['DNS logs', '{"QueryName":"example.com","Timestamp":"2026-05-20T00:00:00Z"}\n', 'NOT_NDJSON', /another dataset/],
    [
      'a log without status',
      '{"EdgeStartTimestamp":"2026-05-20T00:00:00Z","RayID":"1"}\n',
      'NOT_NDJSON',
      /EdgeResponseStatus.*Logpush job/,
    ],
    ['half a gzip', zlib.gzipSync(SAMPLES).subarray(0, 60), 'TRUNCATED', /cut off/],
  ])('refuses %s as a whole and says what to do', async (_what, body, code, message) => {
    const before = (await service.get('/api/v1/batches')).body.batches.length
    const answer = await post(body)
    expect(answer).toMatchObject({
      status: 400,
      body: { statusCode: 400, code, message: expect.stringMatching(message) },
    })
    expect((await service.get('/api/v1/batches')).body.batches).toHaveLength(before)
  })

  it('stores what is whole of a truncated gzip, then the rest without counting twice', async () => {
    // random texts, so that a truncated end cuts off lines and not only the last block
    const many = Array.from({ length: 5_000 }, (_, n) =>
      line(40_000 + n, { ClientRequestUserAgent: `agent ${((n * 2_654_435_761) >>> 0).toString(36)}` }),
    ).join('')
    const packed = zlib.gzipSync(many)
    const cut = await post(packed.subarray(0, Math.floor(packed.length * 0.6)))
    expect(cut).toMatchObject({ status: 400, body: { code: 'TRUNCATED', report: { state: 'aborted' } } })
    const { stored } = cut.body.report
    expect(stored).toBeGreaterThan(100)
    expect(stored).toBeLessThan(5_000)
    expect((await post(packed)).body).toMatchObject({ stored: 5_000 - stored, duplicates: stored })
  })

  it('gives up on a file of garbage early', async () => {
    const answer = await post('garbage without any sense\n'.repeat(400_000))
    expect(answer).toMatchObject({ status: 400, body: { code: 'NOT_NDJSON' } })
  })

  it('survives a sender that goes away in the middle', async () => {
    const url = new URL(`${service.url}/api/v1/logs?name=cut`)
    await new Promise<void>((resolve) => {
      const sending = request(url, { method: 'POST' })
      sending.on('error', () => resolve())
      sending.write(Array.from({ length: 3_000 }, (_, n) => line(50_000 + n)).join(''))
      setTimeout(() => sending.destroy(), 1_700)
    })
    await expect
      .poll(async () => (await service.get('/api/v1/batches?limit=1')).body.batches[0], { timeout: 10_000 })
      .toMatchObject({
        name: 'cut',
        state: 'aborted',
        stored: 3_000,
        message: expect.stringContaining('send it again'),
      })
  })
})

describe('DELETE /api/v1/batches/{id}', () => {
  it('takes one upload out again, rollups included', async () => {
    const figures = async () =>
      JSON.stringify([
        (await service.get('/api/v1/breakdown?by=host')).body,
        (await service.get('/api/v1/timeseries?by=status&step=day')).body,
      ])
    const before = await figures()
    const { body } = await post(
      [100, 101, 102].map((n) => line(60_000 + n, { ClientRequestHost: 'undo.example.com' })).join(''),
    )
    expect(await figures()).not.toBe(before)
    const gone = await fetch(`${service.url}/api/v1/batches/${body.id}`, { method: 'DELETE' })
    expect(await gone.json()).toMatchObject({ id: body.id, removed: 3, broughtAgain: 0 })
    expect(await figures()).toBe(before)
  })
  it('does not pull a batch from under its sender: it says to wait, and takes it out afterwards', async () => {
    let end = (): void => {}
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(Buffer.from(line(91_000)))
        end = () => {
          controller.enqueue(Buffer.from(line(91_001)))
          controller.close()
        }
      },
    })
    const sent = post(body, '?name=slow')
    const newest = async () =>
      (await service.get('/api/v1/batches?limit=1')).body.batches[0] as { id: number; name: string; state: string }
    while ((await newest()).name !== 'slow') await new Promise((resolve) => setTimeout(resolve, 50))
    const { id, state } = await newest()
    expect(state).toBe('open')
    const remove = () =>
      fetch(`${service.url}/api/v1/batches/${id}`, { method: 'DELETE' }).then(async (r) => ({
        status: r.status,
        body: (await r.json()) as object,
      }))
    expect(await remove()).toMatchObject({ status: 409, body: { code: 'BATCH_OPEN' } })
    end()
    expect((await sent).body).toMatchObject({ state: 'complete', stored: 2 })
    expect(await remove()).toMatchObject({ status: 200, body: { removed: 2 } })
  })

  it('says which batch it does not know', async () => {
    const response = await fetch(`${service.url}/api/v1/batches/99999`, { method: 'DELETE' })
    expect(await response.json()).toMatchObject({ statusCode: 404, code: 'NO_SUCH_BATCH' })
  })
})
