import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { pairOfReaders } from './same.js'

const samples = readFileSync(new URL('../../../fixtures/real-shapes.ndjson', import.meta.url))

describe('the fast reader on lines of real exports', () => {
  it('says of all 24 what the slow reader says', () => {
    const read = pairOfReaders()(samples)
    expect(read.block.rows).toBe(24)
    expect(read.newlines).toBe(24)
  })

  it('says the same again when it knows every token', () => {
    const same = pairOfReaders()
    for (let i = 0; i < 40; i++) same(samples)
  })

  it.each([{ keepQuery: true }, { keepClientIp: false }, { weight: 10, orangeToOrangeIsVisitor: false }])(
    'with the settings %o',
    (settings) => {
      const same = pairOfReaders(settings)
      same(samples)
      same(samples)
    },
  )
})
