/** The network of an address: /24 of IPv4, /48 of IPv6, which is what one household, office or server farm mostly has. */
import { isIP } from 'node:net'

/** The first address of the network, `192.0.2.0` or `2001:db8:1::`. Null: that is no address. */
export function shortened(address: string): string | null {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
  if (isIP(mapped) === 4) return `${mapped.split('.').slice(0, 3).join('.')}.0`
  if (isIP(mapped) !== 6) return null
  const groups = groupsOf(mapped).slice(0, 3)
  while (groups.at(-1) === '0') groups.pop()
  return `${groups.join(':')}::`
}

/** As people write it, `192.0.2.0/24` or `2001:db8:1::/48`. Null: that is no address. */
export function networkOf(address: string): string | null {
  const first = shortened(address)
  return first === null ? null : `${first}/${first.includes(':') ? 48 : 24}`
}

/** The groups of an IPv6 address, without leading zeros. */
function groupsOf(address: string): string[] {
  const [head, tail] = address.split('%')[0].toLowerCase().split('::')
  const of = (text: string | undefined) => (text === undefined || text === '' ? [] : text.split(':'))
  const front = of(head)
  const back = of(tail)
  // the last group may be an IPv4 address, which stands for two
  const count = front.length + back.length + (address.includes('.') ? 1 : 0)
  const groups = tail === undefined ? front : [...front, ...Array<string>(8 - count).fill('0'), ...back]
  return groups.map((group) => group.replace(/^0+(?=.)/, ''))
}
