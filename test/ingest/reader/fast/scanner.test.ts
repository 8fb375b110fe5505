import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { siphash13 } from '../../../../schema/store/identity.js'
import { DEFAULT_READ_SETTINGS } from '../../../../ingest/reader/normalise.js'
import { scannedField } from '../../../../ingest/reader/fast/fields.js'
import { ODD, SECURITY_COUNT } from '../../../../ingest/reader/fast/layout.js'
import { Scanner } from '../../../../ingest/reader/fast/scanner.js'
import { SECURITY_FIELDS } from '../../../../ingest/reader/security.js'
import { KNOWN_NAMES } from '../../../../ingest/reader/names.js'
import { options } from './same.js'

describe('the scanner', () => {
  it('has a way to take every name that the field catalogue knows', () => {
    expect(KNOWN_NAMES.filter((name) => scannedField(name, true).kind === ODD)).toEqual([])
    expect(SECURITY_FIELDS.length).toBe(SECURITY_COUNT)
  })

  it('hashes as schema/store/identity.ts does, whatever the key and the bytes', () => {
    const word = fc.integer({ min: 0, max: 0xffff_ffff })
    fc.assert(
      fc.property(
        fc.tuple(word, word, word, word),
        fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 }),
        (identityKey, texts) => {
          const scanner = new Scanner({ identityKey, settings: DEFAULT_READ_SETTINGS })
          for (const bytes of [...texts, new Uint8Array()])
            expect(scanner.hash(bytes)).toEqual(siphash13(identityKey, bytes))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('hashes what is longer than its own room', () => {
    const bytes = new Uint8Array(40_000).fill(7)
    expect(new Scanner(options()).hash(bytes)).toEqual(siphash13(options().identityKey, bytes))
  })
})
