/**
 * Where a request may come from. A page elsewhere must neither reach a Faultline on loopback by DNS rebinding
 * (the Host header then names the attacker) nor post a form to it (the Origin header does).
 */

/** Host names under which loopback may be asked, any port. */
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]', '::1'])

export function isLoopback(address: string): boolean {
  return LOOPBACK.has(address.toLowerCase()) || /^127\.\d+\.\d+\.\d+$/.test(address)
}

function hostName(host: string): string {
  const name = host.startsWith('[') ? host.slice(0, host.indexOf(']') + 1) : host.split(':')[0]
  return name.toLowerCase()
}

/** `allowed`: further host names that the operator named; null: any (behind a token a foreign Host gains nothing). */
export function isAllowedHost(host: string | undefined, allowed: readonly string[] | null): boolean {
  if (allowed === null) return true
  if (host === undefined) return false
  const name = hostName(host)
  return isLoopback(name) || allowed.includes(name)
}

export interface FetchHeaders {
  host: string | undefined
  origin: string | undefined
  secFetchSite: string | undefined
}

/**
 * A request that changes something must come from our own page, or from no page at all (curl, Logpush). Where a browser
 * says Sec-Fetch-Site, which no page can forge, that decides: the Origin of a form is "null" under a strict referrer
 * policy, and is not the Host behind a proxy that rewrites it.
 */
export function isOwnOrigin({ host, origin, secFetchSite }: FetchHeaders): boolean {
  if (secFetchSite !== undefined) return secFetchSite === 'same-origin' || secFetchSite === 'none'
  if (origin === undefined) return true
  try {
    return new URL(origin).host.toLowerCase() === (host ?? '').toLowerCase()
  } catch {
    return false
  }
}
