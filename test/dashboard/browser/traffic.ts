/**
 * Six hours of made-up logs with one planted incident: a managed rule blocks /checkout for twenty minutes. Small enough
 * to count again line by line in a test.
 */

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const HOSTS = ['www.example.com', 'api.example.com', 'static.example.com']
const PATHS = ['/', '/products', '/checkout', '/about', '/search']
const COUNTRIES = ['US', 'DE', 'FR', 'JP', 'BR']

export interface Line {
  EdgeStartTimestamp: string
  EdgeResponseStatus: number
  ClientRequestHost: string
  ClientRequestPath: string
  [field: string]: unknown
}

export interface Traffic {
  lines: Line[]
  /** epoch ms */
  from: number
  to: number
  incident: { from: number; to: number }
}

/** Numbers that look random and are the same each time (mulberry32). */
function random(seed: number): () => number {
  let a = seed
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** `to` is cut to the minute; 40 requests a minute, 30 blocked ones more during the incident. */
export function traffic(to: number): Traffic {
  const end = Math.floor(to / MINUTE) * MINUTE
  const from = end - 6 * HOUR
  const incident = { from: end - 2 * HOUR, to: end - 2 * HOUR + 20 * MINUTE }
  const next = random(7)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]
  const lines: Line[] = []
  const add = (t: number, fields: Partial<Line>): void => {
    const start = t + Math.floor(next() * MINUTE)
    lines.push({
      EdgeStartTimestamp: new Date(start).toISOString(),
      EdgeEndTimestamp: new Date(start + 40).toISOString(),
      RayID: (0x9000_0000_0000 + lines.length).toString(16).padStart(16, '0'),
      ZoneName: 'example.com',
      ClientRequestHost: pick(HOSTS),
      ClientRequestMethod: 'GET',
      ClientRequestPath: pick(PATHS),
      ClientRequestSource: 'eyeball',
      ClientIP: `192.0.2.${1 + Math.floor(next() * 200)}`,
      ClientCountry: pick(COUNTRIES),
      ClientASN: 64_500,
      EdgeColoCode: 'CDG',
      ClientRequestUserAgent: 'Mozilla/5.0',
      CacheCacheStatus: 'dynamic',
      EdgeResponseStatus: 200,
      OriginResponseStatus: 200,
      EdgeTimeToFirstByteMs: 20 + Math.floor(next() * 80),
      OriginResponseDurationMs: 15,
      EdgeResponseBytes: 1000,
      SecurityAction: '',
      SecuritySources: [],
      SecurityRuleID: '',
      WorkerStatus: 'unknown',
      ...fields,
    } as Line)
  }
  for (let t = from; t < end; t += MINUTE) {
    for (let i = 0; i < 40; i++) {
      const dice = next()
      if (dice < 0.01) add(t, { EdgeResponseStatus: 404, OriginResponseStatus: 404 })
      else if (dice < 0.014) add(t, { EdgeResponseStatus: 499, OriginResponseStatus: 0 })
      else add(t, {})
    }
    if (t < incident.from || t >= incident.to) continue
    for (let i = 0; i < 30; i++) {
      add(t, {
        EdgeResponseStatus: 403,
        OriginResponseStatus: 0,
        ClientRequestHost: 'www.example.com',
        ClientRequestPath: '/checkout',
        SecurityAction: 'block',
        SecuritySources: ['firewallManaged'],
        SecurityRuleID: 'f00dfeedf00dfeedf00dfeedf00dfeed',
        SecurityRuleDescription: 'XSS, HTML Injection',
      })
    }
  }
  return { lines, from, to: end, incident }
}

export const ndjson = (lines: readonly object[]): string => `${lines.map((l) => JSON.stringify(l)).join('\n')}\n`

export function count(lines: readonly Line[], key: (line: Line) => string | number): Map<string, number> {
  const counts = new Map<string, number>()
  for (const line of lines) counts.set(String(key(line)), (counts.get(String(key(line))) ?? 0) + 1)
  return counts
}
