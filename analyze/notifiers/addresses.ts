/**
 * Which addresses notices may go to. Whoever may set up a notifier must not reach with it what only this machine can
 * reach: loopback, private networks, link-local addresses with the cloud's metadata service. The address that is
 * actually connected to is checked, not the name: a name may lead elsewhere the second time.
 */
import { lookup as resolve, type LookupAddress } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** IANA special-purpose address registries (RFC 6890 and its updates). */
const INTERNAL: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]
/** IPv6: besides its own kinds all that wraps an IPv4 address, since a gateway may unwrap it. */
const INTERNAL_6: readonly (readonly [string, number])[] = [
  ['::', 96],
  ['::ffff:0:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
]

export interface AddressRules {
  /** Null: it may be connected to; else why not. */
  refusal(address: string): string | null
  /** The same for a host as people write it; null for a name, whose addresses are looked up when it is connected to. */
  refusalOf(host: string): string | null
  /** For net, http and https: resolves, and fails if no address may be connected to. */
  lookup: LookupFunction
}

export class AddressError extends Error {
  readonly code = 'ADDRESS_REFUSED'
}

/** `allowed`: addresses or networks (10.1.0.0/16) that may be connected to although they are internal; `*` allows all. */
export function addressRules(allowed: readonly string[] = []): AddressRules {
  const internal = new BlockList()
  for (const [net, bits] of INTERNAL) internal.addSubnet(net, bits, 'ipv4')
  for (const [net, bits] of INTERNAL_6) internal.addSubnet(net, bits, 'ipv6')
  const exceptions = new BlockList()
  for (const entry of allowed.filter((text) => text !== '*')) addException(exceptions, entry)

  function refusal(address: string): string | null {
    const plain = unmapped(address)
    const family = isIP(plain) === 6 ? 'ipv6' : 'ipv4'
    if (isIP(plain) === 0) return `"${address}" is no address`
    if (allowed.includes('*') || !internal.check(plain, family) || exceptions.check(plain, family)) return null
    return `${address} is an internal address. If notices shall go there, allow it: FAULTLINE_ALLOW_ADDRESSES=${plain}`
  }

  function refusalOf(host: string): string | null {
    const bare = host.replace(/^\[|\]$/g, '').toLowerCase()
    if (bare === 'localhost' || bare.endsWith('.localhost')) return refusal('127.0.0.1')
    return isIP(bare) === 0 ? null : refusal(bare)
  }

  const lookup: LookupFunction = (hostname, options, callback) => {
    const wantsAll = options.all === true
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, wantsAll ? [] : '', 0)
      const possible = (addresses as unknown as LookupAddress[]).filter(({ address }) => refusal(address) === null)
      if (possible.length === 0) {
        const why =
          addresses.length === 0
            ? `${hostname} has no address`
            : `${hostname} leads to ${refusal((addresses as unknown as LookupAddress[])[0].address)}`
        return callback(new AddressError(why), wantsAll ? [] : '', 0)
      }
      if (wantsAll) callback(null, possible)
      else callback(null, possible[0].address, possible[0].family)
    })
  }
  return { refusal, refusalOf, lookup }
}

/** ::ffff:127.0.0.1 is 127.0.0.1, in whichever way it is written. */
function unmapped(address: string): string {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '')
  if (isIP(bare) !== 6) return bare
  const dotted = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)
  if (dotted) return dotted[1]
  const hex = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(new URL(`http://[${bare}]`).hostname.slice(1, -1))
  if (!hex) return bare
  const [high, low] = [parseInt(hex[1], 16), parseInt(hex[2], 16)]
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

function addException(list: BlockList, entry: string): void {
  const [address, bits] = entry.trim().split('/')
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  const most = family === 'ipv6' ? 128 : 32
  const width = bits === undefined ? most : Number(bits)
  if (isIP(address) === 0 || !Number.isInteger(width) || width < 0 || width > most) {
    throw Object.assign(
      new Error(
        `"${entry}" is no address or network that could be allowed for notices. Write it like 10.1.2.3 or 10.1.0.0/16.`,
      ),
      { code: 'BAD_ADDRESS' },
    )
  }
  list.addSubnet(address, width, family)
}
