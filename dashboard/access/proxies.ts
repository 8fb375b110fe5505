/** Proxies that are believed when they say for whom they ask (X-Forwarded-For): named by the operator, nobody else. */
import { isIP } from 'node:net'

/** Names for whole kinds of addresses, as the framework knows them. */
const KINDS = ['loopback', 'linklocal', 'uniquelocal']

/** An address, a network like 10.0.0.0/8, or the name of a kind. */
export function isProxyName(text: string): boolean {
  const [address, bits, ...more] = text.split('/')
  if (bits === undefined) return isIP(address) > 0 || KINDS.includes(address)
  const most = isIP(address) === 4 ? 32 : isIP(address) === 6 ? 128 : 0
  return more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= most
}
