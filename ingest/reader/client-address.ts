/**
 * What is kept of a visitor's address: all of it, its network, or a keyed hash that still tells visitors apart and says
 * nothing any more once the key is destroyed.
 */
import { createHmac } from 'node:crypto'
import { isIP } from 'node:net'

/** `{ key }`: hashed with this key, hexadecimal. */
export type AddressForm = 'whole' | 'shortened' | { readonly key: string }

/** Hexadecimal digits of a hash: two of a million visitors share one with a chance of 1 in 30 million. */
const HASH_DIGITS = 16

/** Null: it is no address, and what it says of whom nobody knows. */
export function formOf(form: AddressForm): (address: string) => string | null {
  if (form === 'whole') return (address) => address
  if (form === 'shortened') return shortened
  const key = Buffer.from(form.key, 'hex')
  return (address) => createHmac('sha256', key).update(address.toLowerCase()).digest('hex').slice(0, HASH_DIGITS)
}

/** The network: /24 of IPv4, /48 of IPv6. */
export function shortened(address: string): string | null {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
  if (isIP(mapped) === 4) return `${mapped.split('.').slice(0, 3).join('.')}.0`
  if (isIP(mapped) !== 6) return null
  const groups = groupsOf(mapped).slice(0, 3)
  while (groups.at(-1) === '0') groups.pop()
  return `${groups.join(':')}::`
}

/** The first groups of an IPv6 address, without leading zeros. */
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

const ADDRESSES =
  /(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]{0,4}(?::[\da-f]{0,4}){2,7}(?:\.\d{1,3}){0,3})(?![\w:])/gi

/** Samples of rejected lines hold addresses as well. */
export function withoutAddresses<R extends { sample: string }>(
  rejections: readonly R[],
  form: AddressForm | 'none',
): R[] {
  if (form === 'whole') return [...rejections]
  const kept = form === 'none' ? () => null : formOf(form)
  return rejections.map((one) => ({
    ...one,
    sample: one.sample.replace(ADDRESSES, (found) => (isIP(found) === 0 ? found : (kept(found) ?? '…'))),
  }))
}
