/** How lines are read, as options of the commands that read them. */
import { settings } from '../../schema/command-line/settings.js'
import { OutsideError, UsageError } from '../../schema/command-line/errors.js'
import { addressKeyFileOf, addressKeyOf } from '../../schema/store/secrets/address-key.js'
import type { ClientAddresses } from '../../schema/words/client-addresses.js'
import type { AddressForm } from '../reader/client-address.js'
import { mappingOf } from '../reader/names.js'
import { DEFAULT_READ_SETTINGS, type ReadSettings } from '../reader/normalise.js'

export const READING = settings('sampleRate', 'field', 'keepQuery', 'clientAddresses', 'dropClientIp', 'orangeToOrange')

export interface ReadingOptions {
  sampleRate: number
  field?: readonly string[]
  keepQuery: boolean
  clientAddresses: ClientAddresses
  dropClientIp: boolean
  /** the store, beside which the key of hashed addresses lies */
  store: string
  orangeToOrange: 'visitor' | 'internal'
}

export function readSettings({
  sampleRate,
  field = [],
  keepQuery,
  clientAddresses,
  dropClientIp,
  store,
  orangeToOrange,
}: ReadingOptions): ReadSettings {
  const fields = mappingOf(field)
  if (typeof fields === 'string') throw new UsageError(`--field: ${fields}`)
  return {
    ...DEFAULT_READ_SETTINGS,
    weight: 1 / sampleRate,
    fields,
    keepQuery,
    keepClientIp: !dropClientIp && clientAddresses !== 'none',
    addresses: addressForm(clientAddresses, store),
    orangeToOrangeIsVisitor: orangeToOrange === 'visitor',
  }
}

function addressForm(addresses: ClientAddresses, store: string): AddressForm {
  if (addresses === 'shortened') return 'shortened'
  if (addresses !== 'hashed') return 'whole'
  const file = addressKeyFileOf(store)
  if (file === null)
    throw new OutsideError(
      'Hashed addresses need a key beside the store, and this store has no place for one. Use --client-addresses shortened, or none.',
    )
  return { key: addressKeyOf(file) }
}
