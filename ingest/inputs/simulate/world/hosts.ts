/** What a host serves; decides its routes, its visitors and its rhythm. */
export type HostKind = 'site' | 'shop' | 'api' | 'assets' | 'app' | 'auth' | 'legacy'

/** A host of the simulated account. */
export interface HostSpec {
  /** Host name, lower case. */
  host: string
  /** Zone the host belongs to, as in `ZoneName`. */
  zone: string
  kind: HostKind
  /** Share of all traffic, relative to the other hosts. */
  share: number
  /** Median time of the origin for a dynamic answer, in ms. Default: by kind. */
  latencyMs?: number
  /**
   * Name of the Worker in front of the host: visitors' records then show origin status 0 beside `edgeWorkerFetch`
   * records.
   */
  worker?: string
}

export const defaultHosts: readonly HostSpec[] = [
  { host: 'www.example.com', zone: 'example.com', kind: 'site', share: 30 },
  { host: 'shop.example.com', zone: 'example.com', kind: 'shop', share: 18 },
  { host: 'api.example.com', zone: 'example.com', kind: 'api', share: 22 },
  { host: 'static.example.net', zone: 'example.net', kind: 'assets', share: 15 },
  { host: 'app.example.com', zone: 'example.com', kind: 'app', share: 7, worker: 'storefront-edge' },
  { host: 'auth.example.com', zone: 'example.com', kind: 'auth', share: 4 },
  { host: 'partners.example.org', zone: 'example.org', kind: 'api', share: 1.2, latencyMs: 210 },
  { host: 'old.example.org', zone: 'example.org', kind: 'legacy', share: 1 },
]

export const defaultLatencyMs: Readonly<Record<HostKind, number>> = {
  site: 120,
  shop: 160,
  api: 45,
  assets: 30,
  app: 90,
  auth: 70,
  legacy: 80,
}
