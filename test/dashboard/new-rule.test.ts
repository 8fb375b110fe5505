import { describe, expect, it } from 'vitest'
import { newRuleAt, ruleOfRequests, ruleOfSpeed } from '../../dashboard/web/state/new-rule.js'

const MINUTE = 60_000

describe('the address of a rule that is not there yet', () => {
  it('names a kind and a figure, or neither', () => {
    expect(newRuleAt('new')).toEqual({})
    expect(newRuleAt('new:count:4200')).toEqual({ kind: 'count', above: '4200', window: '5m' })
    expect(newRuleAt('new:latency:600')).toMatchObject({ kind: 'latency', other: { above: 600, percentile: 0.95 } })
  })

  it.each(['rule-1', 'new:', 'new:count', 'new:count:many', 'new:constructor:5', 'newer'])('%s is none', (id) => {
    expect(newRuleAt(id)).toBeNull()
  })

  it('sets the limit at twice the most that five minutes ever held, in two digits', () => {
    expect(ruleOfRequests([100, 1_234, 0], 5 * MINUTE)).toBe('new:count:2500')
    expect(ruleOfRequests([100, 1_234, 0], 10 * MINUTE)).toBe('new:count:1300')
    expect(ruleOfRequests([100], MINUTE)).toBe('new:count:1000')
    expect(ruleOfRequests([], MINUTE)).toBe('new:count:100')
    expect(ruleOfSpeed(292)).toBe('new:latency:590')
  })
})
