/** Addresses, their networks, and the filters that mean a network: each address is in its own and in no other. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { networkOf } from '../../../schema/words/address-network.js'
import { patternsOf } from '../../../schema/words/network-patterns.js'
import { finderOf } from '../../../schema/words/pattern.js'

const isIn = (network: string, address: string): boolean =>
  patternsOf(network).some((pattern) => finderOf(pattern).matches?.(address) ?? false)

/** As RFC 5952 writes it: the longest run of at least two zeros, the first of equals, is `::`. */
function written(groups: readonly number[]): string {
  const runs = groups.flatMap((_, from) => {
    const rest = groups.slice(from)
    const length = rest.findIndex((n) => n !== 0)
    return [{ from, length: length < 0 ? rest.length : length }]
  })
  const best = runs.reduce((a, b) => (b.length > a.length ? b : a))
  const hex = groups.map((n) => n.toString(16))
  if (best.length < 2) return hex.join(':')
  return `${hex.slice(0, best.from).join(':')}::${hex.slice(best.from + best.length).join(':')}`
}

const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }))
// whatever begins with zeros is of no network that anybody has: ::1, addresses of IPv4 in IPv6
const six = fc
  .tuple(fc.integer({ min: 1, max: 0xffff }), fc.array(group, { minLength: 7, maxLength: 7 }))
  .map(([first, rest]) => [first, ...rest])
const four = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 4, maxLength: 4 })

describe('networks', () => {
  it.each([
    ['192.0.2.77', '192.0.2.0/24', ['192.0.2.*']],
    ['2001:db8:1:2::3', '2001:db8:1::/48', ['2001:db8:1:*']],
    ['2001:db8::3', '2001:db8::/48', ['2001:db8::*', '2001:db8:0:*']],
    ['::1', '::/48', ['::*', '0:0:0:*']],
  ])('%s is of %s', (address, network, patterns) => {
    expect([networkOf(address), patternsOf(network)]).toEqual([network, patterns])
  })
  it.each(['', '5f2c', 'example.com', '192.0.2'])('%j is of none', (text) => expect(networkOf(text)).toBeNull())

  it('every address meets the filter of its network', () => {
    fc.assert(fc.property(six, (groups) => isIn(networkOf(written(groups)) as string, written(groups))))
    fc.assert(fc.property(four, (octets) => isIn(networkOf(octets.join('.')) as string, octets.join('.'))))
  })
  it('and of no other network', () => {
    fc.assert(
      fc.property(six, six, (a, b) => {
        const [one, other] = [written(a), written(b)]
        return networkOf(one) === networkOf(other) || !isIn(networkOf(one) as string, other)
      }),
    )
  })
})
