/** A site's requests: whom they come from, what they ask for, how they end. Nothing here is shared with `faultline simulate`. */
import type { Chance } from './chance.js'

export interface Client {
  ip: string
  asn: number
  country: string
  region: string
  city: string
  agent: string
  device: string
  colo: string
}

export interface Request {
  rayId: string
  /** ms since 1970, and the rest to the nanosecond */
  start: number
  nanoseconds: number
  tookMs: number
  client: Client
  host: string
  method: string
  path: string
  query: string
  referer: string
  status: number
  originStatus: number
  originMs: number
  cache: string
  bytes: number
  rule: string
}

/** How much of it differs from request to request. */
export interface Variety {
  clients: number
  agents: number
  paths: number
  hosts: number
  /** of each of them another one in every request */
  allDiffer?: boolean
  /** letters beyond ASCII, quotes, backslashes, control characters */
  odd?: boolean
}

const COUNTRIES = 'us de fr gb cn br in jp nl pl es it ca au se tr mx kr id vn ua ro cz at ch be pt fi no dk'.split(' ')
const COLOS =
  'IAD FRA CDG LHR HKG GRU BOM NRT AMS WAW MAD MXP YYZ SYD ARN IST QRO ICN CGK SGN KBP OTP PRG VIE ZRH'.split(' ')
const WORDS =
  'archive basket cable drift ember field glass harbor inlet jacket kernel ladder meadow nickel orbit paper quartz ribbon signal timber under velvet willow xenon yarrow zephyr'.split(
    ' ',
  )
const ODD_WORDS = [
  'Zürich',
  'naïve café',
  '东京/渋谷',
  'и так далее',
  '😀👩‍💻',
  'a"b',
  'c\\d',
  'tab\there',
  'x\u0001y',
  'ﬁn',
  '\u2028',
  'Ωμέγα',
]
const METHODS = ['GET', 'GET', 'GET', 'GET', 'GET', 'POST', 'HEAD', 'PUT', 'OPTIONS', 'DELETE']
const CACHES = ['hit', 'hit', 'miss', 'dynamic', 'dynamic', 'expired', 'bypass', 'revalidated', 'none']
const STATUSES = [
  200, 200, 200, 200, 200, 200, 200, 204, 206, 301, 302, 304, 304, 400, 401, 403, 404, 404, 429, 499, 500, 502, 503,
  522,
]
const DEVICES = ['desktop', 'mobile', 'tablet']

export class Site {
  private readonly clients: Client[]
  private readonly agents: string[]
  private readonly hosts: string[]
  private now = Date.UTC(2026, 2, 9, 7)

  constructor(
    private readonly chance: Chance,
    private readonly variety: Variety,
  ) {
    this.agents = Array.from({ length: variety.agents }, () => this.agent())
    this.clients = Array.from({ length: variety.clients }, () => this.client())
    this.hosts = Array.from({ length: variety.hosts }, (_, i) => `${WORDS[i % WORDS.length]}${i}.example.net`)
  }

  request(): Request {
    const { chance, variety } = this
    this.now += chance.below(90)
    const status = chance.pick(STATUSES)
    const cache = chance.pick(CACHES)
    const fromOrigin = cache !== 'hit' && status !== 403 && status !== 429
    const originMs = fromOrigin ? 3 + chance.below(900) : 0
    const host = this.hosts[chance.favouring(this.hosts.length)]
    return {
      rayId: chance.hex(16),
      start: this.now - chance.below(4_000),
      nanoseconds: chance.below(1_000_000),
      tookMs: originMs + chance.below(40),
      client: variety.allDiffer ? this.client() : this.clients[chance.favouring(this.clients.length)],
      host,
      method: chance.pick(METHODS),
      path: this.path(),
      query: `?s=${chance.hex(6)}&page=${chance.below(40)}${variety.odd ? `&q=${encodeURIComponent(chance.pick(ODD_WORDS))}` : ''}`,
      referer: chance.oneOf(3) ? '' : `https://${host}/${chance.pick(variety.odd ? ODD_WORDS : WORDS)}`,
      status,
      originStatus: fromOrigin && status !== 522 ? status : 0,
      originMs,
      cache,
      bytes: 180 + chance.below(70_000),
      rule: status === 403 || status === 429 ? chance.pick(RULES) : '',
    }
  }

  private path(): string {
    const { chance, variety } = this
    const words = variety.odd ? ODD_WORDS : WORDS
    const n = variety.allDiffer ? chance.bits() : chance.favouring(variety.paths)
    const suffix = n % 3 === 0 ? '.js' : n % 7 === 0 ? '.php' : ''
    return `/${words[n % words.length]}/${WORDS[(n >>> 3) % WORDS.length]}-${n}${suffix}`
  }

  private client(): Client {
    const { chance, variety } = this
    const n = chance.below(COUNTRIES.length)
    const byte = () => chance.below(254) + 1
    return {
      ip: chance.oneOf(4)
        ? `2001:db8:${chance.hex(4)}:${chance.hex(4)}::${chance.hex(3)}`
        : `${byte()}.${byte()}.${byte()}.${byte()}`,
      asn: 1_000 + chance.below(60_000),
      country: COUNTRIES[n],
      region: chance.hex(2).toUpperCase(),
      city: variety.odd ? chance.pick(ODD_WORDS) : `${WORDS[n % WORDS.length]}ville`,
      agent: variety.allDiffer ? this.agent() : this.agents[chance.favouring(this.agents.length)],
      device: chance.pick(DEVICES),
      colo: chance.oneOf(5) ? chance.pick(COLOS) : COLOS[n % COLOS.length],
    }
  }

  private agent(): string {
    const { chance } = this
    const build = `${chance.below(60) + 80}.0.${chance.below(6_000)}.${chance.below(200)}`
    const odd = this.variety.odd ? ` ${chance.pick(ODD_WORDS)}` : ''
    return chance.oneOf(5)
      ? `${chance.pick(WORDS)}-bot/${chance.below(9)}.${chance.below(40)} (+https://bots.example.org/${chance.hex(4)})${odd}`
      : `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${build} Safari/537.36${odd}`
  }
}

const RULES = ['5e1c7a', '90bb42', 'd41d8c', '77aa01'].map((start) => `${start}${'0f3e'.repeat(6)}ab`)
