import { describe, expect, test } from 'vitest'
import { SIMULATE_FIELDS, SIMULATE_SHAPES, simulate } from '../../../ingest/inputs/simulate/index.js'
import type { SimulateOptions } from '../../../ingest/inputs/simulate/index.js'
import { run, textOf } from './independent.js'

const day: SimulateOptions = {
  seed: 7,
  from: '2026-11-18T00:00:00Z',
  to: '2026-11-19T00:00:00Z',
  lines: 6_000,
  incidents: 'demo',
}

describe('the same seed', () => {
  test('and the same options give the same bytes', () => {
    expect(textOf(simulate(day))).toBe(textOf(simulate(day)))
  })

  test('gives the same bytes whatever the chunks are read for in between', () => {
    const pieces: string[] = []
    const simulation = simulate(day)
    for (const chunk of simulation.chunks()) {
      simulation.truth()
      pieces.push(chunk.toString())
    }
    expect(pieces.join('')).toBe(textOf(simulate(day)))
  })

  test('gives the same requests in another shape of the same kind', () => {
    const rays = (shape: SimulateOptions['shape']): string[] =>
      run({ ...day, shape, internal: true }).rows.map((row) => row.RayID)
    expect(rays('logpull')).toEqual(rays('all'))
  })
})

test('another seed gives other requests', () => {
  const rays = (seed: number): Set<string> => new Set(run({ ...day, seed }).rows.map((row) => row.RayID))
  const [one, other] = [rays(1), rays(2)]
  expect([...one].filter((ray) => other.has(ray))).toEqual([])
})

describe('lines', () => {
  test.each(['all', 'status', 'logpull'] as const)(
    'of shape %s are JSON objects with its fields in its order',
    (shape) => {
      const lines = textOf(simulate({ ...day, shape })).split('\n')
      expect(lines.pop()).toBe('')
      expect(lines).toHaveLength(6_000)
      for (const line of lines) expect(Object.keys(JSON.parse(line) as object)).toEqual([...SIMULATE_SHAPES[shape]])
    },
  )

  test('carry every known field with a type that Cloudflare documents', () => {
    const names = Object.keys(SIMULATE_FIELDS)
    const { rows } = run({ ...day, lines: 2_000, shape: names })
    const arrays = /s$/
    for (const row of rows) {
      expect(Object.keys(row)).toEqual(names)
      for (const name of ['SecurityActions', 'SecurityRuleIDs', 'SecuritySources', 'BotTags'])
        expect(Array.isArray(row[name]), name).toBe(true)
      for (const name of [
        'EdgeResponseStatus',
        'OriginResponseStatus',
        'ClientASN',
        'ClientSrcPort',
        'EdgeResponseBytes',
        'BotScore',
        'OriginResponseTime',
        'WorkerWallTimeUs',
        'ClientTCPRTTMs',
      ]) {
        expect(Number.isSafeInteger(row[name]) && (row[name] as number) >= 0, `${name} ${String(row[name])}`).toBe(true)
      }
      for (const name of ['WorkerSubrequest', 'CacheTieredFill', 'EdgeCFConnectingO2O'])
        expect(typeof row[name], name).toBe('boolean')
      expect((row.SecurityActions as string[]).length).toBe((row.SecuritySources as string[]).length)
      expect(row.WAFRuleID).toBe(row.SecurityRuleID)
      expect(row.RequestSource).toBe(row.ClientRequestSource)
    }
    expect(names.filter((name) => arrays.test(name)).length).toBeGreaterThan(3)
  })

  test('are whole in every chunk, and chunks are about a mebibyte', () => {
    const chunks = [...simulate({ ...day, lines: 3_000 }).chunks()]
    for (const chunk of chunks) expect(chunk.at(-1)).toBe(10)
    for (const chunk of chunks.slice(0, -1)) expect(Math.abs(chunk.length - 2 ** 20)).toBeLessThan(70_000)
    expect(chunks.length).toBeGreaterThan(4)
  })

  test('keep quotes, backslashes, control characters and letters of any script in agents', () => {
    const agents = new Set(
      run({ ...day, lines: 40_000, shape: ['ClientRequestUserAgent'] }).rows.map((row) => row.ClientRequestUserAgent),
    )
    for (const part of ['"Kiosk\\Lobby"', '示例商店', 'Éxample', '«проверка» 🔍', '\t']) {
      expect(
        [...agents].some((agent) => agent.includes(part)),
        part,
      ).toBe(true)
    }
    expect(agents.has('')).toBe(true)
  })

  test('have percent-encoded paths that begin their URIs', () => {
    const { rows } = run({ ...day, shape: ['ClientRequestPath', 'ClientRequestURI'] })
    for (const row of rows) {
      expect(row.ClientRequestPath).toMatch(/^\/[\x21-\x7e]*$/)
      expect([row.ClientRequestPath, `${row.ClientRequestPath}?`]).toContain(
        row.ClientRequestURI.slice(0, row.ClientRequestPath.length + 1),
      )
    }
    expect(rows.some((row) => row.ClientRequestPath.includes('%E'))).toBe(true)
  })
})

test('every RayID is sixteen hexadecimal digits and occurs once', () => {
  const { rows } = run({ ...day, lines: 50_000, shape: ['RayID'] })
  const rays = new Set(rows.map((row) => row.RayID))
  expect(rays.size).toBe(50_000)
  for (const ray of rays) expect(ray).toMatch(/^[0-9a-f]{16}$/)
})

describe('timestamps', () => {
  const shape = ['RayID', 'EdgeStartTimestamp', 'EdgeEndTimestamp']
  const raw = (timestamps: SimulateOptions['timestamps']): string[][] =>
    textOf(simulate({ ...day, shape, timestamps }))
      .trimEnd()
      .split('\n')
      .map((line) => [...line.matchAll(/Timestamp":([^,}]+)/g)].map((match) => match[1]))

  test('in nanoseconds are nineteen exact digits', () => {
    const from = BigInt(Date.parse('2026-11-18T00:00:00Z')) * 1_000_000n
    for (const [start, end] of raw('unixnano')) {
      expect(start).toMatch(/^\d{13}000000$/)
      expect(end).toMatch(/^\d{13}000000$/)
      expect(BigInt(start) >= from && BigInt(start) < from + 86_400_000_000_000n).toBe(true)
      expect(BigInt(end) >= BigInt(start)).toBe(true)
    }
  })

  test('say the same moments in all three formats, the coarse ones cut to seconds', () => {
    const nano = raw('unixnano')
    const seconds = raw('unix')
    const text = raw('rfc3339')
    nano.forEach(([start, end], i) => {
      expect(seconds[i]).toEqual([start.slice(0, 10), end.slice(0, 10)])
      expect(text[i].map((quoted) => Date.parse(JSON.parse(quoted) as string) / 1000)).toEqual(seconds[i].map(Number))
      expect(text[i][0]).toMatch(/^"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"$/)
    })
  })

  test('come in the order of the end, give or take a few seconds', () => {
    let latest = 0
    for (const [, end] of raw('unixnano')) {
      const ms = Number(BigInt(end) / 1_000_000n)
      expect(latest - ms).toBeLessThan(10_000)
      latest = Math.max(latest, ms)
    }
  })
})

test('a client’s country, network and data centre belong together, and so do its address and its agent', () => {
  const { rows } = run({
    ...day,
    lines: 20_000,
    shape: ['ClientIP', 'ClientASN', 'ClientCountry', 'ClientCity', 'ClientRequestUserAgent', 'WorkerSubrequest'],
  })
  const seen = new Map<string, string>()
  for (const row of rows) {
    expect(row.ClientIP).toMatch(/^100\.(6[4-9]|[789]\d|1[01]\d|12[0-7])\.|^2001:db8:/)
    const place = `${row.ClientASN} ${row.ClientCountry} ${String(row.ClientCity)}`
    expect(seen.get(row.ClientIP) ?? place).toBe(place)
    seen.set(row.ClientIP, place)
  }
  expect(seen.size).toBeGreaterThan(2_000)
})
