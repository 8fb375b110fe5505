import fc from 'fast-check'
import { Compile } from 'typebox/compile'
import { describe, expect, test } from 'vitest'
import { matches, matchesClause, WhenSchema, type Matcher } from '../../../schema/status/when.js'

const holds = (matcher: Matcher, value: unknown) => matches([{ securitySource: matcher }], { securitySource: value })

describe('one value', () => {
  test.each<[Matcher, unknown, boolean]>([
    ['waf', 'waf', true],
    ['waf', 'firewallManaged', false],
    ['waf', 'wafX', false],
    // Cloudflare spells the same value in two ways
    ['dnsErr', 'dns_err', true],
    ['rate_limit', 'rateLimit', true],
    ['managedChallenge', 'MANAGED_CHALLENGE', true],
    // numbers and text are the same thing
    [403, 403, true],
    [403, '403', true],
    ['403', 403, true],
    [0, 0, true],
    [0, '0', true],
    // absent is not 0
    [0, null, false],
    [0, undefined, false],
    [0, '', false],
    [0, NaN, false],
    ['unknown', 'unknown', true],
    ['unknown', null, false],
  ])('%j on %j: %s', (matcher, value, expected) => {
    expect(holds(matcher, value)).toBe(expected)
  })
})

describe('a list of accepted values', () => {
  test.each<[Matcher, unknown, boolean]>([
    [['firewallManaged', 'waf'], 'waf', true],
    [['firewallManaged', 'waf'], 'FIREWALL_MANAGED', true],
    [['firewallManaged', 'waf'], 'bic', false],
    [['firewallManaged', 'waf'], null, false],
    [[6, 'earlyHintsCache'], 6, true],
    [[6, 'earlyHintsCache'], 'earlyHintsCache', true],
  ])('%j on %j: %s', (matcher, value, expected) => {
    expect(holds(matcher, value)).toBe(expected)
  })
})

describe('conditions', () => {
  test.each<[Matcher, unknown, boolean]>([
    // none of these, and what is absent is none of them
    [{ not: ['ok'] }, 'exceededCpu', true],
    [{ not: ['ok'] }, 'OK', false],
    [{ not: ['ok'] }, null, true],
    [{ not: ['ok'] }, '', true],
    [{ not: ['ok'] }, 'unknown', true],
    [{ not: [0] }, 0, false],
    // present: Cloudflare writes "unknown" where it has no value
    [{ present: true }, 'waf', true],
    [{ present: true }, 0, true],
    [{ present: true }, false, true],
    [{ present: true }, 'unknown', false],
    [{ present: true }, '', false],
    [{ present: true }, null, false],
    [{ present: false }, undefined, true],
    [{ present: false }, null, true],
    [{ present: false }, '', true],
    [{ present: false }, 'unknown', true],
    [{ present: false }, 0, false],
    [{ present: false }, 'waf', false],
    // numbers, both ends included
    [{ min: 100 }, 100, true],
    [{ min: 100 }, 99.9, false],
    [{ max: 100 }, 100, true],
    [{ max: 100 }, 101, false],
    [{ max: 100 }, 0, true],
    [{ min: 0 }, null, false],
    [{ max: 0 }, '', false],
    [{ min: 1, max: 5 }, 3, true],
    [{ min: 1, max: 5 }, '3', true],
    [{ min: 1, max: 5 }, 6, false],
    [{ min: 1 }, 'many', false],
    // together: all of them
    [{ present: true, not: ['ok'] }, 'exceededCpu', true],
    [{ present: true, not: ['ok'] }, 'ok', false],
    [{ present: true, not: ['ok'] }, null, false],
    [{ min: 1, not: [3] }, 3, false],
    [{ min: 1, not: [3] }, 4, true],
  ])('%j on %j: %s', (matcher, value, expected) => {
    expect(holds(matcher, value)).toBe(expected)
  })
})

describe('clauses', () => {
  const when = [
    { source: 'edge', securitySource: 'bic' },
    { source: 'edge', edgePathingSrc: 'bic', edgePathingOp: ['ban', 'chl'] },
  ]

  test('are alternatives, and within one every field has to match', () => {
    expect(matches(when, { source: 'edge', securitySource: 'bic' })).toBe(true)
    expect(matches(when, { source: 'edge', edgePathingSrc: 'bic', edgePathingOp: 'ban' })).toBe(true)
    expect(matches(when, { source: 'edge', edgePathingSrc: 'bic' })).toBe(false)
    expect(matches(when, { source: 'origin', securitySource: 'bic' })).toBe(false)
    expect(matches(when, {})).toBe(false)
    expect(matchesClause(when[1], { source: 'edge', securitySource: 'bic' })).toBe(false)
  })

  test('no evidence is named: nothing speaks for the cause', () => {
    expect(matches(undefined, { source: 'edge' })).toBe(false)
    expect(matches([], { source: 'edge' })).toBe(false)
  })
})

test('a list and its negation never agree, and what is present is never absent', () => {
  const value = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.double(),
    fc.constantFrom(null, undefined, '', 'unknown', NaN, 0, true),
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string({ minLength: 1 }), fc.integer()), { minLength: 1 }), value, (list, v) => {
      expect(holds(list, v) && holds({ not: list }, v)).toBe(false)
      expect(holds(list, v) || holds({ not: list }, v)).toBe(true)
      expect(holds({ present: true }, v)).toBe(!holds({ present: false }, v))
    }),
  )
})

describe('what may stand in a file', () => {
  const shape = Compile(WhenSchema)
  test.each([
    [[{ source: 'edge' }], true],
    [[{ source: ['edge', 'worker'], totalMs: { min: 5 } }], true],
    [[{ workerStatus: { present: true, not: ['ok'] } }], true],
    [[], false],
    [[{}], false],
    [[{ colour: 'red' }], false],
    [[{ source: [] }], false],
    [[{ source: '' }], false],
    [[{ source: {} }], false],
    [[{ source: { is: 'edge' } }], false],
    [[{ source: null }], false],
    [[{ totalMs: { min: 'long' } }], false],
    [{ source: 'edge' }, false],
  ])('%j: %s', (when, valid) => {
    expect(shape.Check(when)).toBe(valid)
  })
})
