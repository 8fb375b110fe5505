import { describe, expect, it } from 'vitest'
import { createFastReader } from '../../../../ingest/reader/fast/fast-reader.js'
import { FOREIGN } from '../../../bench/speed/foreign/kinds.js'
import { options, pairOfReaders } from './same.js'

// one reader for all: what it learns of one kind must do no harm in the next
const same = pairOfReaders()
const sameWithQuery = pairOfReaders({ keepQuery: true })
const fast = createFastReader(options())

describe.each(FOREIGN)('exports of a foreign kind: $what', ({ make }) => {
  it('both readers say the same', () => {
    const lines = [...make(90, 1)]
    expect(same(lines.join('\n')).lines).toBeGreaterThanOrEqual(lines.length)
    // again, cut elsewhere, now that they are known
    same(`${lines.slice(7, 60).join('\r\n')}\r\n`)
    sameWithQuery([...make(60, 2)].join('\n'))
  })

  it('the scanner takes them itself', () => {
    const before = fast.oddLines
    fast.read(Buffer.from([...make(200, 3)].join('\n')))
    expect(fast.oddLines - before).toBe(0)
  })
})
