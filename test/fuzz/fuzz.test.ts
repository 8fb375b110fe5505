/**
 * `npm run fuzz`: millions of broken lines, and thousands of broken containers, addresses, rule files, settings and forms. The two
 * readers must agree on each; everybody else must answer, and blame no fault of ours. In `npm test` a short run with a fixed seed.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import zlib from 'node:zlib'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { inWords } from '../../analyze/alerts/rules/mistakes/in-words.js'
import { parseRules } from '../../analyze/alerts/rules/yaml.js'
import { IngestError } from '../../ingest/errors.js'
import { parseInputs } from '../../ingest/inputs-file.js'
import { createFastReader } from '../../ingest/reader/fast/fast-reader.js'
import type { LineReader } from '../../ingest/reader/reader.js'
import { createSlowReader } from '../../ingest/reader/slow-reader.js'
import { DIMENSIONS } from '../../schema/words/dimensions.js'
import { startService, type TestService } from '../app/service.js'
import { options, plainly } from '../ingest/reader/fast/same.js'
import { inBites, readAll, readers } from '../ingest/shape/read.js'
import { mutate, oneOf, random, type Random } from './mutate.js'

const LINES = Number(process.env.FAULTLINE_FUZZ_LINES ?? 10_000)
const SEED = Number(process.env.FAULTLINE_FUZZ_SEED ?? 20_260_520)
/** Of everything else, so many. */
const TRIES = Math.max(150, Math.round(LINES / 200))
const fixtures = new URL('../fixtures/', import.meta.url)
const sampleLines = readFileSync(new URL('real-shapes.ndjson', fixtures), 'utf8').trim().split('\n')

/** Runs `tries` times with a seed of its own each, which a failure names. */
async function each(tries: number, trial: (below: Random, seed: number) => unknown): Promise<void> {
  for (let i = 0; i < tries; i++) {
    const seed = SEED + i
    try {
      await trial(random(seed), seed)
    } catch (cause) {
      throw new Error(`FAULTLINE_FUZZ_SEED=${seed}: ${cause instanceof Error ? cause.message : String(cause)}`, {
        cause,
      })
    }
  }
}

it(`the two readers agree about ${LINES} broken lines`, { timeout: 86_400_000 }, async () => {
  const fast = createFastReader(options())
  const slow = createSlowReader(options())
  const CHUNK = 200
  await each(Math.ceil(LINES / CHUNK), (below) => {
    const lines: Buffer[] = []
    for (let i = 0; i < CHUNK; i++) {
      const line = Buffer.from(oneOf(sampleLines, below))
      // whole lines between: what a reader learns from one must do no harm in the next
      lines.push(below(3) === 0 ? line : mutate(line, below), Buffer.from('\n'))
    }
    const bytes = Buffer.concat(lines)
    const [a, b] = [plainly(fast.read(bytes)), plainly(slow.read(bytes))]
    if (!isDeepStrictEqual(a, b)) expect(a).toEqual(b)
  })
})

it('broken containers are read alike by both readers, or refused with a reason', { timeout: 86_400_000 }, async () => {
  const shapes = new URL('shapes/', fixtures)
  const corpus = readdirSync(shapes, { recursive: true })
    .map((name) => new URL(String(name).split('/').map(encodeURIComponent).join('/'), shapes))
    .filter((url) => statSync(url).isFile() && statSync(url).size < 200_000)
    .map((url) => readFileSync(url))
  expect(corpus.length).toBeGreaterThan(50)
  const [fast, slow] = [readers.fast(), readers.slow()]
  await each(TRIES, async (below) => {
    let bytes = mutate(oneOf(corpus, below), below, 3)
    if (below(5) === 0) bytes = zlib.gzipSync(bytes)
    const sizes = [1 + below(5_000), 1 + below(70_000)]
    const outcome = async (reader: LineReader) => {
      try {
        const { records, rejected } = await readAll(inBites(bytes, sizes), reader)
        return { records, rejected }
      } catch (error) {
        if (error instanceof IngestError) return { refused: error.code }
        throw error
      }
    }
    expect(await outcome(fast)).toEqual(await outcome(slow))
  })
})

it('broken rule files and input files become problems, never exceptions', { timeout: 86_400_000 }, async () => {
  const rules = Buffer.from(`groups:
  - name: faultline
    rules:
      - alert: Surge of 5xx
        expr: rate(5xx{host="www.example.com",source!="client"}[5m]) > 0.05
        for: 10m
        labels: { severity: critical }
        annotations: { summary: x, runbook_url: https://example.com/run }
        faultline: { where: { country: [FR, DE] }, minimum: 100, group: [host] }
`)
  const inputs = Buffer.from(`inputs:
  - type: logpull
    zones: [023e105f4ecef8ad9ca31a8372d0c353]
    token: $CLOUDFLARE_TOKEN
  - type: bucket
    url: r2://logs/http_requests/{DATE}/
    field: { EdgeResponseStatus: status }
  - type: folder
    path: /var/log/cloudflare
`)
  const warned = vi.spyOn(process, 'emitWarning')
  for (const text of ['groups: [{ { a: b }: c }]', 'inputs: [{ [a]: b }]']) {
    parseRules(text)
    parseInputs(text, {})
  }
  await each(TRIES * 2, (below) => {
    const read = parseRules(mutate(rules, below, 6).toString())
    for (const { mistake } of read.problems) expect(inWords(mistake, 'en')).toMatch(/\S/)
    const { problems } = parseInputs(mutate(inputs, below, 6).toString(), { CLOUDFLARE_TOKEN: 'x' })
    for (const problem of problems) expect(problem).toMatch(/\S/)
  })
  // whoever sends a file must not write into the log of the service
  expect(warned).not.toHaveBeenCalled()
})

let service: TestService
beforeAll(async () => {
  service = await startService()
  await service.post('/api/v1/logs', `${sampleLines.join('\n')}\n`)
})
afterAll(() => service.stop())

it('no address makes the service fail', { timeout: 86_400_000 }, async () => {
  const range = 'from=2017-01-01T00:00:00Z&to=2027-01-01T00:00:00Z'
  const corpus = [
    `summary?${range}&status=5xx&compare=previous`,
    `timeseries?by=class&step=hour&tz=Europe/Paris&${range}&host=www.example.com`,
    `breakdown?by=path&limit=20&sort=change&compare=week&${range}&country=FR&country=!DE`,
    `values?dimension=userAgent&contains=*bot*&${range}`,
    `percentiles?measure=timeToFirstByte&by=colo&${range}&path=/api/*`,
    `records?limit=5&${range}&status=499,502`,
    `spikes?${range}&lang=fr&sensitivity=high`,
    `records/7a1f7ad4df2f870a`,
    `batches?limit=3`,
    `explain?${range}`,
    `export/records?format=csv&${range}`,
    `annotations?${range}`,
    `audit?limit=3`,
    `find?q=7a1f7ad4df2f870a-LHR`,
    `catalogue/522?lang=zh`,
  ]
  await each(TRIES, async (below) => {
    let path = oneOf(corpus, below)
    if (below(3) === 0)
      path += `&${oneOf(DIMENSIONS, below)}=${encodeURIComponent(mutate(Buffer.from('a*b!c'), below).toString('latin1'))}`
    // what cannot stand in the first line of a request never gets as far as us
    const broken = mutate(Buffer.from(path), below)
      .toString('latin1')
      .replace(/[^\x21-\x7e]/g, (one) => encodeURIComponent(one))
    const { statusCode, payload } = await service.app.inject({ method: 'GET', url: `/api/v1/${broken}` })
    if (statusCode >= 500) throw new Error(`${statusCode} of ${broken}: ${payload.slice(0, 200)}`)
  })
})

it('no post makes the service fail, and all that is answered is an answer', { timeout: 86_400_000 }, async () => {
  const form = Buffer.from(
    `--xYz\r\nContent-Disposition: form-data; name="file"; filename="a.log"\r\nContent-Type: application/octet-stream\r\n\r\n${sampleLines[0]}\n${sampleLines[1]}\n\r\n--xYz--\r\n`,
  )
  const bodies: [string, Buffer][] = [
    ['multipart/form-data; boundary=xYz', form],
    ['application/octet-stream', zlib.gzipSync(`${sampleLines.slice(0, 9).join('\n')}\n`)],
    ['application/json', Buffer.from(`[${sampleLines.slice(0, 5).join(',')}]`)],
    [
      'text/csv',
      Buffer.from('RayID,EdgeStartTimestamp,EdgeResponseStatus\n8f00000000000001,2026-05-20T00:00:00Z,503\n'),
    ],
  ]
  await each(TRIES >> 1, async (below) => {
    const [type, body] = oneOf(bodies, below)
    const sent =
      below(8) === 0
        ? mutate(Buffer.from(type), below, 2)
            .toString('latin1')
            .replace(/[^\x20-\x7e]/g, '')
        : type
    const { statusCode, payload } = await service.app.inject({
      method: 'POST',
      url: '/api/v1/logs',
      headers: { 'content-type': sent || 'text/plain' },
      payload: mutate(body, below, 3),
    })
    if (statusCode >= 500) throw new Error(`${statusCode} of ${sent}: ${payload.slice(0, 300)}`)
    const answer = JSON.parse(payload)
    expect(statusCode === 200 ? 'id' in answer : typeof answer.code === 'string').toBe(true)
  })
})
