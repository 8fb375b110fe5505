/**
 * What is kept of a visitor's address: all of it, its network, or a keyed hash that still tells visitors apart and says
 * nothing any more once the key is destroyed.
 */
import { createHmac } from 'node:crypto'
import { isIP } from 'node:net'
import { shortened } from '../../schema/words/address-network.js'

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
