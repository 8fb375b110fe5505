import { describe, expect, it } from 'vitest'
import { formOf, withoutAddresses } from '../../../ingest/reader/client-address.js'
import { shortened } from '../../../schema/words/address-network.js'
import { pairOfReaders } from './fast/same.js'

describe('an address', () => {
  it.each([
    ['203.0.113.77', '203.0.113.0'],
    ['2001:db8:12:34::1', '2001:db8:12::'],
    ['2001:DB8:0012:34:5:6:7:8', '2001:db8:12::'],
    ['2001:db8::1', '2001:db8::'],
    ['2001::', '2001::'],
    ['::1', '::'],
    ['::ffff:203.0.113.77', '203.0.113.0'],
    ['64:ff9b::203.0.113.77', '64:ff9b::'],
    ['fe80::1%eth0', 'fe80::'],
    ['nonsense', null],
    ['203.0.113', null],
  ])('%s is shortened to %s', (address, network) => expect(shortened(address)).toBe(network))

  it('hashed is the same for one visitor, another for the next, and another under another key', () => {
    const one = formOf({ key: 'aa'.repeat(32) })
    expect(one('203.0.113.77')).toMatch(/^[\da-f]{16}$/)
    expect(one('203.0.113.77')).toBe(one('203.0.113.77'))
    expect(one('203.0.113.77')).not.toBe(one('203.0.113.78'))
    expect(one('203.0.113.77')).not.toBe(formOf({ key: 'bb'.repeat(32) })('203.0.113.77'))
  })

  it('is not left in what is shown of rejected lines', () => {
    const sample =
      '{"ClientIP":"203.0.113.77","x":"2001:db8:12:34::1","EdgeStartTimestamp":"2026-05-20T14:05:00Z","v":"1.2"}'
    const [short] = withoutAddresses([{ sample }], 'shortened')
    expect(short.sample).toBe(
      '{"ClientIP":"203.0.113.0","x":"2001:db8:12::","EdgeStartTimestamp":"2026-05-20T14:05:00Z","v":"1.2"}',
    )
    expect(withoutAddresses([{ sample }], 'none')[0].sample).not.toMatch(/203\.0\.113|db8/)
  })

  it.each([['shortened' as const], [{ key: 'aa'.repeat(32) }]])('is in form %j whichever reader reads', (addresses) => {
    const same = pairOfReaders({ addresses })
    const line = (ip: string) =>
      JSON.stringify({
        EdgeStartTimestamp: '2026-05-20T14:05:00Z',
        EdgeResponseStatus: 200,
        RayID: '7a1f7ad4df2f870a',
        ClientIP: ip,
      })
    same(['203.0.113.1', '203.0.113.2', '2001:db8::1', 'nonsense', '203.0.113.1'].map(line).join('\n'))
  })
})
