/** What a text that somebody pastes may name, the likeliest first. Pure. */
import { patternsOf } from '../../../schema/words/network-patterns.js'
import type { Dimension } from '../../../schema/store/query.js'

export type Place =
  | { kind: 'record'; id: string }
  /** the meaning of a status */
  | { kind: 'status'; id: string }
  | { kind: 'filter'; dimension: Dimension; value: string; also?: readonly string[] }

const RAY = /(?:^|[^0-9a-z])([0-9a-f]{16})(?:-([a-z]{3}))?(?![0-9a-z])/i
const OCTET = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)'
const IPV4 = new RegExp(`^(${OCTET})\\.(${OCTET})\\.(${OCTET})\\.(${OCTET})(?:/(\\d{1,2}))?$`)
const IPV6 = /^(?=[0-9a-f:]*:[0-9a-f:]*:)([0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7})(?:\/(\d{1,3}))?$/i
const NETWORK = /^asn?\s*:?\s*(\d{1,10})$/i
const STATUS = /^[1-9]\d\d$/
const HOST = /^(?:[a-z0-9_*](?:[a-z0-9_-]*[a-z0-9_])?\.)+[a-z0-9-]{2,}$/i
const URL_TEXT = /^https?:\/\/[^/\s]+/i

const filter = (dimension: Dimension, value: string): Place => ({ kind: 'filter', dimension, value })

export function placesOf(text: string): Place[] {
  const typed = text.trim()
  if (typed === '') return []
  const ray = RAY.exec(typed)
  if (ray) return [{ kind: 'record', id: ray[1].toLowerCase() }]
  if (STATUS.test(typed)) return [filter('status', typed), { kind: 'status', id: typed }]
  const network = NETWORK.exec(typed)
  if (network) return [filter('asn', network[1])]
  const addresses = addressPatterns(typed)
  if (addresses !== null) return [ofAddresses('clientIp', addresses), ofAddresses('originIp', addresses)]
  if (URL_TEXT.test(typed)) return ofUrl(typed)
  if (typed.startsWith('/'))
    return [filter('path', typed.split(/[?#]/)[0]), filter('path', `${typed.split(/[?#]/)[0]}*`)]
  if (HOST.test(typed)) return [filter('host', typed.toLowerCase())]
  return []
}

/** A network that ends in zeros has two patterns: its addresses are written in two ways. */
const ofAddresses = (dimension: Dimension, [value, ...also]: readonly string[]): Place => ({
  ...filter(dimension, value),
  ...(also.length > 0 ? { also } : {}),
})

/** An address as it is; a network on the border of a group of its digits as patterns. Null for anything else. */
function addressPatterns(text: string): string[] | null {
  const four = IPV4.exec(text)
  if (four) {
    const bits = four[5] === undefined ? 32 : Number(four[5])
    if (![8, 16, 24, 32].includes(bits)) return null
    const kept = four.slice(1, 1 + bits / 8)
    return [kept.length === 4 ? kept.join('.') : `${kept.join('.')}.*`]
  }
  const six = IPV6.exec(text)
  if (!six) return null
  if (six[2] === undefined || six[2] === '128') return [six[1].toLowerCase()]
  if (six[2] === '48') return patternsOf(six[1].toLowerCase())
  const groups = six[1].toLowerCase().split(':')
  const kept = groups.slice(0, Number(six[2]) / 16)
  // written short, zeros of an address stand nowhere: only groups that are written can be a pattern
  const plain = kept.map((group) => group.replace(/^0+(?=.)/, ''))
  if (Number(six[2]) % 16 !== 0 || plain.some((group) => group === '' || group === '0')) return null
  return [`${plain.join(':')}:*`]
}

function ofUrl(text: string): Place[] {
  try {
    const { hostname, pathname } = new URL(text)
    return pathname === '/' ? [filter('host', hostname)] : [filter('path', pathname), filter('host', hostname)]
  } catch {
    return []
  }
}

/** Where a text is looked for among the values that are stored. */
export const SEARCHED = ['host', 'path', 'userAgent', 'originIp'] as const satisfies readonly Dimension[]
/** Shorter texts stand in everything. */
export const LEAST_SEARCHED = 2
