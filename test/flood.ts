/**
 * Exports of an attack in which every request has another host, path, query, agent and address, and the site's real traffic
 * beside it: what an export looks like whose sender chose each value so that it is new.
 */

export interface Flood {
  /** requests of the attack, each with values that no other has */
  strange: number
  /** requests of the site, spread over `HOSTS` */
  real: number
  /** epoch ms; the requests lie evenly in between */
  from: number
  to: number
  /** the attack comes first and the site afterwards, or both mixed */
  order?: 'first' | 'mixed'
}

/** The site's hosts: each has half the requests of the one before it, the last as many. */
export const HOSTS = ['www.example.com', 'shop.example.com', 'api.example.com', 'docs.example.com'] as const

/** Of the site's requests every seventh fails at the origin. */
const FAILING = 7

/** One line of NDJSON after the other, without line ends. */
export function* floodLines({ strange, real, from, to, order = 'mixed' }: Flood): Generator<string> {
  const all = strange + real
  let ofSite = 0
  for (let i = 0; i < all; i++) {
    const time = from + Math.floor(((to - from) * i) / all)
    // as many of the site so far as its share of all of them
    const isReal = order === 'first' ? i >= strange : Math.floor(((i + 1) * real) / all) > ofSite
    yield JSON.stringify(isReal ? siteRequest(ofSite++, time) : strangeRequest(i - ofSite, time))
  }
}

const ray = (kind: number, n: number) => `${kind}${n.toString(16).padStart(15, '0')}`

function siteRequest(n: number, time: number) {
  // 0, 1, 0, 2, 0, 1, 0, 3: half of them, a quarter …
  const host = HOSTS[Math.min(31 - Math.clz32((n + 1) & -(n + 1)), HOSTS.length - 1)]
  const fails = n % FAILING === 0
  return {
    ...request(time, ray(1, n), host, `/page/${n % 20}`, fails ? 503 : 200),
    OriginResponseStatus: fails ? 503 : 200,
    ClientIP: `198.51.100.${n % 250}`,
    ClientRequestUserAgent: `Mozilla/5.0 (example ${n % 9})`,
  }
}

function strangeRequest(n: number, time: number) {
  const word = Math.imul(n + 1, 0x9e3779b1) >>> 0
  return {
    ...request(time, ray(2, n), `x${word.toString(36)}-${n}.example.com`, `/${word.toString(36)}/${n}`, 403),
    ClientRequestURI: `/${word.toString(36)}/${n}?q=${word}`,
    OriginResponseStatus: 0,
    ClientIP: `2001:db8:${(n >>> 16).toString(16)}:${(n & 0xffff).toString(16)}::1`,
    ClientRequestUserAgent: `agent/${word}.${n}`,
  }
}

const request = (time: number, rayId: string, host: string, path: string, status: number) => ({
  RayID: rayId,
  EdgeStartTimestamp: new Date(time).toISOString(),
  ZoneName: 'example.com',
  ClientRequestHost: host,
  ClientRequestMethod: 'GET',
  ClientRequestPath: path,
  ClientRequestURI: path,
  ClientRequestProtocol: 'HTTP/2',
  ClientCountry: 'fr',
  ClientASN: 64496,
  EdgeColoCode: 'CDG',
  EdgeResponseStatus: status,
  EdgeResponseBytes: 1200,
  EdgeTimeToFirstByteMs: 20,
  ClientRequestSource: 'eyeball',
})
