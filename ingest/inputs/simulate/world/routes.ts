import type { HostKind } from './hosts.js'
import type { IdKind } from './ids.js'

/** How a route behaves: which statuses it normally gives, what is cached, who asks for it. */
export type RouteKind =
  | 'page'
  | 'cached-page'
  | 'asset'
  | 'media'
  | 'api-read'
  | 'api-write'
  | 'login'
  | 'upload'
  | 'search'
  | 'redirect'
  | 'probe'
  | 'health'
  | 'odd-method'
  | 'long-uri'
  | 'batch'

/** One kind of request to a host. */
export interface RouteSpec {
  kind: RouteKind
  method: string
  /** Path with at most one `:id`. */
  path: string
  id?: IdKind
  weight: number
  /** Median of the body that a 200 carries, in bytes. */
  bytes?: number
  /** Query strings without `?`; one in three requests carries one, all of them for `search` and `long-uri`. */
  queries?: readonly string[]
  /** Share of the host's latency; 1 unless told. */
  slowness?: number
}

const marketing = [
  'utm_source=newsletter&utm_medium=email',
  'gclid=EAIaIQobChMI9t',
  'fbclid=IwAR0x3',
  'ref=footer',
  'page=2',
  'lang=fr',
  'q=th%C3%A9&sort=price',
  'v=2026-11',
]
const searches = [
  'q=lamp',
  'q=blue+jacket',
  'q=th%C3%A9i%C3%A8re',
  'q=%E8%83%8C%E5%8C%85&page=2',
  'q=gift%20ideas',
  'q=%D0%BC%D1%8F%D1%87',
  'q=oak%20%22table%22',
  'q=usb+c',
  'q=winter&category=coats&sort=price_asc&page=3',
]
const listings = [
  'limit=50',
  'limit=50&cursor=eyJpZCI6MTIzfQ',
  'fields=id,name,price',
  'updated_since=2026-11-01T00:00:00Z',
]
const longQuery = `q=${'lorem%20ipsum%20'.repeat(2_100)}`

/** Paths that scanners try on every host. */
export const probes: readonly RouteSpec[] = [
  ['GET', '/wp-login.php', 10],
  ['POST', '/wp-login.php', 6],
  ['POST', '/xmlrpc.php', 8],
  ['GET', '/.env', 9],
  ['GET', '/.git/config', 6],
  ['GET', '/wp-admin/setup-config.php', 4],
  ['GET', '/phpmyadmin/index.php', 3],
  ['GET', '/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php', 3],
  ['GET', '/admin/config.php', 4],
  ['GET', '/server-status', 2],
  ['GET', '/..%2f..%2fetc/passwd', 1],
  ['GET', "/search'%20OR%201=1--", 1],
  ['GET', '/cgi-bin/luci/;stok=/locale', 2],
].map(([method, path, weight]) => ({ kind: 'probe', method, path, weight }) as RouteSpec)

const health: RouteSpec = { kind: 'health', method: 'GET', path: '/healthz', weight: 0, bytes: 16, slowness: 0.1 }
const oddMethod: RouteSpec = { kind: 'odd-method', method: 'GETT', path: '/', weight: 0 }
const longUri: RouteSpec = { kind: 'long-uri', method: 'GET', path: '/search', weight: 0, queries: [longQuery] }

/** Routes of weight 0 belong to incidents, Workers and checks. */
export const routesOf: Readonly<Record<HostKind, readonly RouteSpec[]>> = {
  site: [
    { kind: 'page', method: 'GET', path: '/', weight: 20, bytes: 21_000, queries: marketing },
    {
      kind: 'cached-page',
      method: 'GET',
      path: '/products/:id',
      id: 'product',
      weight: 22,
      bytes: 18_000,
      queries: marketing,
    },
    {
      kind: 'cached-page',
      method: 'GET',
      path: '/blog/:id',
      id: 'article',
      weight: 10,
      bytes: 24_000,
      queries: marketing,
    },
    { kind: 'page', method: 'GET', path: '/checkout', weight: 4, bytes: 14_000, slowness: 1.4 },
    { kind: 'api-write', method: 'POST', path: '/checkout', weight: 2.5, bytes: 900, slowness: 2.2 },
    { kind: 'page', method: 'GET', path: '/account', weight: 5, bytes: 16_000 },
    { kind: 'page', method: 'GET', path: '/account/orders/:id', id: 'number', weight: 4, bytes: 15_000, slowness: 1.2 },
    { kind: 'search', method: 'GET', path: '/search', weight: 7, bytes: 19_000, queries: searches, slowness: 1.8 },
    { kind: 'asset', method: 'GET', path: '/_next/static/chunks/:id.js', id: 'digest', weight: 14, bytes: 38_000 },
    { kind: 'asset', method: 'GET', path: '/favicon.ico', weight: 3, bytes: 4_200 },
    { kind: 'asset', method: 'GET', path: '/robots.txt', weight: 1.2, bytes: 310 },
    { kind: 'asset', method: 'GET', path: '/sitemap.xml', weight: 0.8, bytes: 64_000 },
    { kind: 'api-write', method: 'POST', path: '/api/cart', weight: 3, bytes: 700 },
    { kind: 'upload', method: 'POST', path: '/account/avatar', weight: 0.15, bytes: 220 },
    health,
    oddMethod,
    longUri,
  ],
  shop: [
    { kind: 'page', method: 'GET', path: '/', weight: 14, bytes: 26_000, queries: marketing },
    {
      kind: 'cached-page',
      method: 'GET',
      path: '/p/:id',
      id: 'product',
      weight: 30,
      bytes: 22_000,
      queries: marketing,
    },
    { kind: 'cached-page', method: 'GET', path: '/c/coats', weight: 8, bytes: 30_000, queries: marketing },
    { kind: 'search', method: 'GET', path: '/search', weight: 9, bytes: 24_000, queries: searches, slowness: 2 },
    { kind: 'page', method: 'GET', path: '/cart', weight: 8, bytes: 12_000 },
    { kind: 'api-write', method: 'POST', path: '/cart/items', weight: 5, bytes: 800 },
    { kind: 'api-read', method: 'GET', path: '/api/stock/:id', id: 'number', weight: 9, bytes: 260, slowness: 0.5 },
    { kind: 'page', method: 'GET', path: '/checkout', weight: 4, bytes: 17_000, slowness: 1.5 },
    { kind: 'api-write', method: 'POST', path: '/checkout/pay', weight: 2, bytes: 600, slowness: 3 },
    { kind: 'asset', method: 'GET', path: '/images/:id.webp', id: 'image', weight: 20, bytes: 42_000 },
    { kind: 'upload', method: 'POST', path: '/reviews/photos', weight: 0.2, bytes: 300 },
    health,
    oddMethod,
    longUri,
  ],
  api: [
    { kind: 'api-read', method: 'GET', path: '/v1/products', weight: 16, bytes: 9_000, queries: listings },
    { kind: 'api-read', method: 'GET', path: '/v1/products/:id', id: 'number', weight: 22, bytes: 1_900 },
    { kind: 'api-read', method: 'GET', path: '/v1/users/:id', id: 'uuid', weight: 10, bytes: 900 },
    { kind: 'api-read', method: 'GET', path: '/v1/orders/:id', id: 'number', weight: 9, bytes: 1_700 },
    { kind: 'api-write', method: 'POST', path: '/v1/orders', weight: 5, bytes: 700, slowness: 2.4 },
    { kind: 'api-write', method: 'PATCH', path: '/v1/users/:id', id: 'uuid', weight: 2, bytes: 500 },
    { kind: 'api-write', method: 'PUT', path: '/v1/carts/:id', id: 'hex', weight: 5, bytes: 800 },
    { kind: 'api-write', method: 'DELETE', path: '/v1/carts/:id', id: 'hex', weight: 1, bytes: 0 },
    { kind: 'api-read', method: 'OPTIONS', path: '/v1/orders', weight: 3, bytes: 0, slowness: 0.3 },
    { kind: 'api-write', method: 'POST', path: '/graphql', weight: 9, bytes: 3_400, slowness: 1.6 },
    { kind: 'search', method: 'GET', path: '/v1/search', weight: 6, bytes: 5_200, queries: searches, slowness: 1.9 },
    { kind: 'login', method: 'POST', path: '/v1/session', weight: 3, bytes: 650, slowness: 1.5 },
    { kind: 'upload', method: 'POST', path: '/v1/uploads', weight: 0.8, bytes: 240, slowness: 4 },
    { kind: 'batch', method: 'POST', path: '/v1/batch/reindex', weight: 0, bytes: 420, slowness: 5 },
    health,
    oddMethod,
    longUri,
  ],
  assets: [
    { kind: 'asset', method: 'GET', path: '/build/app.:id.js', id: 'digest', weight: 26, bytes: 74_000 },
    { kind: 'asset', method: 'GET', path: '/build/style.:id.css', id: 'digest', weight: 14, bytes: 16_000 },
    { kind: 'asset', method: 'GET', path: '/img/:id.avif', id: 'image', weight: 38, bytes: 33_000 },
    { kind: 'asset', method: 'GET', path: '/fonts/inter-var.woff2', weight: 10, bytes: 97_000 },
    { kind: 'media', method: 'GET', path: '/media/clips/:id.mp4', id: 'digest', weight: 3, bytes: 900_000 },
    { kind: 'media', method: 'GET', path: '/downloads/catalogue.pdf', weight: 1.5, bytes: 2_400_000 },
    health,
    oddMethod,
    longUri,
  ],
  app: [
    { kind: 'page', method: 'GET', path: '/', weight: 12, bytes: 15_000 },
    { kind: 'page', method: 'GET', path: '/dashboard', weight: 14, bytes: 17_000 },
    { kind: 'page', method: 'GET', path: '/projects/:id', id: 'uuid', weight: 16, bytes: 19_000 },
    { kind: 'api-read', method: 'GET', path: '/api/projects/:id/tasks', id: 'uuid', weight: 26, bytes: 4_200 },
    {
      kind: 'api-write',
      method: 'POST',
      path: '/api/projects/:id/tasks',
      id: 'uuid',
      weight: 6,
      bytes: 800,
      slowness: 1.6,
    },
    { kind: 'asset', method: 'GET', path: '/assets/:id.js', id: 'digest', weight: 16, bytes: 51_000 },
    { kind: 'upload', method: 'POST', path: '/api/files', weight: 1, bytes: 280, slowness: 3 },
    health,
    oddMethod,
    longUri,
  ],
  auth: [
    { kind: 'page', method: 'GET', path: '/login', weight: 20, bytes: 8_000 },
    { kind: 'login', method: 'POST', path: '/login', weight: 14, bytes: 500, slowness: 1.8 },
    { kind: 'login', method: 'POST', path: '/oauth/token', weight: 30, bytes: 1_300, slowness: 1.1 },
    { kind: 'api-read', method: 'GET', path: '/.well-known/jwks.json', weight: 16, bytes: 1_600, slowness: 0.3 },
    { kind: 'api-read', method: 'GET', path: '/userinfo', weight: 14, bytes: 600 },
    health,
    oddMethod,
    longUri,
  ],
  legacy: [
    { kind: 'redirect', method: 'GET', path: '/', weight: 10, bytes: 0 },
    { kind: 'redirect', method: 'GET', path: '/catalog/:id.html', id: 'number', weight: 22, bytes: 0 },
    { kind: 'page', method: 'GET', path: '/archive/:id', id: 'number', weight: 8, bytes: 11_000 },
    health,
    oddMethod,
    longUri,
  ],
}
