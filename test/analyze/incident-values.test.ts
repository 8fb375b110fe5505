import { expect, test } from 'vitest'
import { valuesIn } from '../../analyze/incidents/values.js'
import { tableAside } from '../../analyze/page/html.js'
import type { IncidentJson } from '../../schema/api/incidents.js'

const incident = { frozen: { records: [] } } as unknown as IncidentJson

test.each([
  ['en', 'Germany', 'Tor'],
  ['fr', 'Allemagne', 'Tor'],
  ['zh', '德国', 'Tor 网络'],
] as const)('an exported incident calls countries and networks by their names, in %s', (lang, germany, tor) => {
  const valueOf = valuesIn(incident, lang)
  expect(valueOf('country', 'DE')).toBe(germany)
  expect(valueOf('country', 'T1')).toBe(tor)
  expect(valueOf('asn', '13335')).toBe('AS13335')
  expect(valueOf('country', '')).toBe('')
})

test('a table of long texts has a row of its own, one of short ones stands beside others', () => {
  expect(tableAside(['agent'], [['a']], ['Mozilla/5.0 (Windows NT 10.0; Win64; x64)'])).toContain('class="broad"')
  expect(tableAside(['host'], [['a']], ['www.example.com'])).not.toContain('broad')
})
