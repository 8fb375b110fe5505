/**
 * Eight days of made-up logs: 404s every day, and two hours before the end twenty minutes in which the origin of one host
 * can not be reached. In the whole of the last day the 404s are still more than the 522s.
 */
import type { Line } from './traffic.js'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

export interface Week {
  lines: Line[]
  from: number
  to: number
  outage: { from: number; to: number }
}

const HOSTS = ['www.example.com', 'api.example.com']
const PATHS = ['/', '/products', '/cart', '/search']

export function week(to: number): Week {
  const end = Math.floor(to / MINUTE) * MINUTE
  const from = end - 8 * DAY
  const outage = { from: end - 120 * MINUTE, to: end - 100 * MINUTE }
  const lines: Line[] = []
  const add = (t: number, n: number, fields: Partial<Line>): void => {
    const start = t + ((n * 7_919) % MINUTE)
    lines.push({
      EdgeStartTimestamp: new Date(start).toISOString(),
      EdgeEndTimestamp: new Date(start + 40).toISOString(),
      RayID: (0xa000_0000_0000 + lines.length).toString(16).padStart(16, '0'),
      ZoneName: 'example.com',
      ClientRequestHost: HOSTS[n % 2],
      ClientRequestMethod: 'GET',
      ClientRequestPath: PATHS[(n >> 1) % 4],
      ClientRequestSource: 'eyeball',
      ClientIP: `192.0.2.${1 + (lines.length % 200)}`,
      ClientCountry: ['US', 'DE', 'FR'][n % 3],
      ClientASN: 64_500,
      EdgeColoCode: 'CDG',
      ClientRequestUserAgent: 'Mozilla/5.0',
      CacheCacheStatus: 'dynamic',
      EdgeResponseStatus: 200,
      OriginResponseStatus: 200,
      EdgeTimeToFirstByteMs: 20 + ((n * 31) % 80),
      ...fields,
    } as Line)
  }
  for (let t = from, minute = 0; t < end; t += MINUTE, minute++) {
    for (let n = 0; n < 4; n++)
      add(t, minute * 4 + n, n === 0 && minute % 2 === 0 ? { EdgeResponseStatus: 404, OriginResponseStatus: 404 } : {})
    if (t < outage.from || t >= outage.to) continue
    for (let n = 0; n < 20; n++)
      add(t, n * 2 + 1, { EdgeResponseStatus: 522, OriginResponseStatus: 0, EdgeTimeToFirstByteMs: 19_000 })
  }
  return { lines, from, to: end, outage }
}
