import type { Outcome } from './outcome.js'
import type { Random } from './random.js'
import type { Agent } from './world/agents.js'
import type { Network } from './world/networks.js'
import type { Host, Route } from './world/world.js'

/** One request at the edge before it becomes text. Durations in ms, sizes in bytes, times in epoch ms. */
export interface EdgeRequest {
  startMs: number
  endMs: number
  outcome: Outcome
  host: Host
  route: Route
  /** Which value of the route's `:id`. */
  id: number
  /** Which query string; -1 = none. */
  query: number
  network: Network
  agent: Agent
  /** Which client of the network; gives the address. */
  client: number
  rayHigh: number
  rayLow: number
  parentHigh: number
  parentLow: number
  subrequests: number
  firstByteMs: number
  originMs: number
  originHeaderMs: number
  originTcpMs: number
  originTlsMs: number
  originDnsMs: number
  bodyBytes: number
  requestBytes: number
  clientPort: number
  workerCpuUs: number
}

/**
 * The documented times after which the edge gives up on an origin (fact sheet: error 522 and 524 pages, connection
 * limits).
 */
const edgeLimitsMs = { connect: 19_000, connectWithRetry: 34_000, read: 120_000, gateway: 60_000 } as const

/**
 * Gives a request the durations and sizes that belong to its outcome.
 * `slowness` multiplies the origin's time: 1 normally, more while the origin is slow.
 */
export function measure(request: EdgeRequest, random: Random, slowness: number): void {
  const { outcome, host, route, network } = request
  request.originMs = 0
  request.originHeaderMs = 0
  request.originTcpMs = 0
  request.originTlsMs = 0
  request.originDnsMs = 0
  request.workerCpuUs = outcome.workerScript === '' ? 0 : Math.round(random.logNormal(1_900, 0.6))
  request.firstByteMs = random.between(1, 6)
  const originMs = Math.round(random.logNormal(host.latencyMs * route.slowness * slowness, 0.55)) + 1
  let totalMs = 0
  switch (outcome.timing) {
    case 'edge':
      totalMs = request.firstByteMs
      break
    case 'cache':
      request.firstByteMs += Math.round(random.logNormal(6, 0.8))
      break
    case 'revalidate':
      answered(request, Math.round(originMs * 0.4) + 1, random)
      break
    case 'origin':
      answered(request, originMs, random)
      break
    case 'worker':
      request.firstByteMs += originMs + Math.round(request.workerCpuUs / 1000)
      break
    case 'worker-failed':
      request.firstByteMs += Math.round(random.logNormal(12, 1))
      break
    case 'cpu-limit':
      request.workerCpuUs = 30_000_000 + random.below(90_000)
      request.firstByteMs = 30_000 + random.below(400)
      break
    case 'gave-up':
      // People wait longer than programs, and longer when the page is known to be slow.
      totalMs = Math.round(random.logNormal(slowness > 1 ? 9_000 : 1_300, 0.7)) + 20
      request.originMs = outcome.contact === 'none' ? 0 : Math.max(0, totalMs - random.between(2, 20))
      request.firstByteMs = 0
      break
    case 'abandoned':
      if (outcome.contact === 'answered') answered(request, originMs, random)
      totalMs = request.firstByteMs + Math.round(random.logNormal(700, 0.9))
      break
    case 'slow-upload':
      answered(request, 30_000 + random.below(1_500), random)
      break
    case 'refused':
      totalMs = tried(request, random.between(2, 40))
      break
    case 'crashed':
      request.originTcpMs = random.between(1, 25)
      totalMs = tried(request, Math.round(random.logNormal(180, 1)))
      break
    case 'connect-timeout':
      totalMs = tried(
        request,
        (random.unit() < 0.6 ? edgeLimitsMs.connect : edgeLimitsMs.connectWithRetry) + random.below(450),
      )
      break
    case 'unreachable':
      totalMs = tried(request, random.between(3, 3_200))
      break
    case 'origin-timeout':
      request.originTcpMs = random.between(1, 25)
      totalMs = tried(request, edgeLimitsMs.read + random.below(700))
      break
    case 'gateway-timeout':
      totalMs = tried(request, edgeLimitsMs.gateway + random.below(600))
      break
    case 'origin-gateway-timeout':
      answered(request, 30_000 + random.below(900), random)
      break
    case 'tls-failed':
      request.originTcpMs = random.between(1, 25)
      request.originTlsMs = random.between(8, 180)
      totalMs = tried(request, request.originTcpMs + request.originTlsMs + random.between(0, 4))
      break
    case 'dns-failed':
      request.originDnsMs = random.between(4, 2_000)
      totalMs = tried(request, request.originDnsMs)
      break
  }
  // A Worker's record shows no origin, however long its fetch took.
  if (outcome.contact === 'none' && outcome.timing !== 'dns-failed') request.originMs = request.originHeaderMs = 0
  request.bodyBytes = bodyBytes(request, random)
  if (totalMs === 0) totalMs = request.firstByteMs + transferMs(request.bodyBytes, network.rttMs, random)
  request.endMs = request.startMs + totalMs
  request.clientPort = random.between(1_024, 65_535)
  request.requestBytes = 380 + (random.bits() & 2_047) + (route.kind === 'upload' ? random.below(4_000_000) : 0)
  if (outcome.status === 413) request.requestBytes += 104_857_600
}

/** The origin answered after `ms`; one connection in eight was new. */
function answered(request: EdgeRequest, ms: number, random: Random): void {
  request.originMs = ms
  request.originHeaderMs = Math.max(0, ms - random.between(0, 2))
  if ((random.bits() & 7) === 0) {
    request.originTcpMs = random.between(1, 30)
    request.originTlsMs = random.between(2, 60)
    request.originDnsMs = random.between(0, 4)
    request.originMs += request.originTcpMs + request.originTlsMs
  }
  request.firstByteMs += request.originMs
}

/** The origin did not answer for `ms`, then the edge sent its own page. */
function tried(request: EdgeRequest, ms: number): number {
  request.originMs = ms
  request.firstByteMs += ms
  return request.firstByteMs
}

function bodyBytes(request: EdgeRequest, random: Random): number {
  switch (request.outcome.body) {
    case 'route':
      return request.route.bytes === 0 || request.route.method === 'HEAD'
        ? 0
        : Math.round(random.logNormal(request.route.bytes, 0.35))
    case 'edge-page':
      return request.outcome.rule ? 4_500 + random.below(300) : 6_800 + random.below(400)
    case 'origin-error':
      return 160 + random.below(900)
    case 'partial':
      return random.below(request.route.bytes + 1)
    case 'none':
      return 0
  }
}

/** Time from the first to the last byte: about one round trip per 64 KiB. */
function transferMs(bytes: number, rttMs: number, random: Random): number {
  return Math.round((bytes / 65_536) * rttMs * (0.5 + random.unit())) + (random.bits() & 1)
}
