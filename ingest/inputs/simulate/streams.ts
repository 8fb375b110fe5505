import type { AgentGroup } from './world/agents.js'
import type { HostKind } from './world/hosts.js'
import type { NetworkKind } from './world/networks.js'
import type { RouteKind } from './world/routes.js'

/** Traffic of one kind of client to one host: it has its own size, daily rhythm and unrest. */
export type StreamKind =
  | 'people'
  | 'apps'
  | 'services'
  | 'crawlers'
  | 'scanners'
  | 'monitors'
  | 'earlyHints'
  | 'imageResizing'
  | 'healthchecks'

export interface StreamSpec {
  group: AgentGroup
  networks: readonly NetworkKind[]
  /** Relative to 1 at the daily mean: how deep the night is. 0 = no rhythm at all. */
  dayDepth: number
  /** Traffic of Saturday and Sunday against a working day. */
  weekend: number
  /** Gamma shape of a minute's unrest: a small number means bursts. */
  calm: number
  /** Standard deviation of the slow wander of the logarithm. */
  wander: number
  /** How many client addresses one network brings at most. */
  addresses: number
  /** Routes that this stream asks for; `undefined` = all ordinary ones. */
  routes?: readonly RouteKind[]
  internal?: boolean
}

export const streamSpecs: Readonly<Record<StreamKind, StreamSpec>> = {
  people: {
    group: 'browser',
    networks: ['home', 'mobile'],
    dayDepth: 0.62,
    weekend: 0.9,
    calm: 60,
    wander: 0.04,
    addresses: 20_000,
  },
  apps: {
    group: 'app',
    networks: ['home', 'mobile'],
    dayDepth: 0.55,
    weekend: 1.1,
    calm: 50,
    wander: 0.04,
    addresses: 20_000,
    routes: ['api-read', 'api-write', 'search', 'login', 'upload', 'asset', 'media'],
  },
  services: {
    group: 'service',
    networks: ['cloud'],
    dayDepth: 0.25,
    weekend: 0.6,
    calm: 25,
    wander: 0.08,
    addresses: 60,
    routes: ['api-read', 'api-write', 'search', 'login', 'upload', 'page', 'asset'],
  },
  crawlers: {
    group: 'crawler',
    networks: ['cloud'],
    dayDepth: 0.08,
    weekend: 1,
    calm: 9,
    wander: 0.18,
    addresses: 300,
    routes: ['page', 'cached-page', 'asset', 'media', 'redirect'],
  },
  scanners: {
    group: 'scanner',
    networks: ['cloud', 'home'],
    dayDepth: 0,
    weekend: 1,
    calm: 4,
    wander: 0.25,
    addresses: 400,
    routes: ['probe'],
  },
  monitors: {
    group: 'monitor',
    networks: ['cloud'],
    dayDepth: 0,
    weekend: 1,
    calm: Infinity,
    wander: 0,
    addresses: 3,
    routes: ['health', 'page'],
  },
  earlyHints: {
    group: 'browser',
    networks: ['home', 'mobile'],
    dayDepth: 0.62,
    weekend: 0.9,
    calm: 20,
    wander: 0.05,
    addresses: 20_000,
    routes: ['page', 'cached-page'],
    internal: true,
  },
  imageResizing: {
    group: 'browser',
    networks: ['home', 'mobile'],
    dayDepth: 0.62,
    weekend: 0.9,
    calm: 30,
    wander: 0.05,
    addresses: 20_000,
    routes: ['asset'],
    internal: true,
  },
  healthchecks: {
    group: 'healthcheck',
    networks: ['cloud'],
    dayDepth: 0,
    weekend: 1,
    calm: Infinity,
    wander: 0,
    addresses: 2,
    routes: ['health'],
    internal: true,
  },
}

/** Who visits which kind of host, in parts of the host's share. */
export const streamShares: Readonly<Record<HostKind, Partial<Record<StreamKind, number>>>> = {
  site: {
    people: 0.73,
    crawlers: 0.12,
    scanners: 0.03,
    services: 0.03,
    monitors: 0.01,
    earlyHints: 0.07,
    healthchecks: 0.01,
  },
  shop: {
    people: 0.8,
    apps: 0.05,
    crawlers: 0.06,
    scanners: 0.015,
    earlyHints: 0.045,
    imageResizing: 0.02,
    healthchecks: 0.01,
  },
  api: { apps: 0.52, services: 0.31, people: 0.13, scanners: 0.015, monitors: 0.01, healthchecks: 0.015 },
  assets: { people: 0.82, apps: 0.12, crawlers: 0.06 },
  app: { people: 0.93, scanners: 0.02, services: 0.05 },
  auth: { people: 0.52, apps: 0.36, services: 0.07, scanners: 0.04, healthchecks: 0.01 },
  legacy: { people: 0.4, crawlers: 0.5, scanners: 0.1 },
}
