/** What the two tables can show: dimensions, and addresses by their networks. Pure. */
import type { Dimension } from '../../../schema/words/dimensions.js'
import { patternsOf } from '../../../schema/words/network-patterns.js'
import type { FullLabel } from '../../../schema/words/dimensions.js'
import type { Words } from '../../languages/index.js'
import { DIMENSION_NAMES } from './dimensions.js'

/** `network`: client addresses by /24 and /48 */
export type Tab = Dimension | 'network'
export const TAB_NAMES: readonly Tab[] = [...DIMENSION_NAMES, 'network']

export interface TabGroup {
  /** always there; the first is open where the address says nothing */
  shown: readonly Tab[]
  /** behind "More", where the export has them */
  more: readonly Tab[]
}

export const WHAT: TabGroup = {
  shown: ['status', 'host', 'path', 'method', 'cacheStatus', 'securityRuleId'],
  more: [
    'originIp',
    'originStatus',
    'contentType',
    'source',
    'workerStatus',
    'protocol',
    'securityAction',
    'securitySource',
    'edgePathingStatus',
  ],
}
export const WHO: TabGroup = {
  shown: ['country', 'colo', 'asn', 'userAgent', 'clientIp'],
  more: ['network', 'bot', 'botScoreSrc', 'zone', 'requestSource'],
}

export const hasTab = ({ shown, more }: TabGroup, tab: Tab | null): tab is Tab =>
  tab !== null && (shown.includes(tab) || more.includes(tab))

/** What a row of the tab filters by. */
export const dimensionOfTab = (tab: Tab): Dimension => (tab === 'network' ? 'clientIp' : tab)
export const valuesOfRow = (tab: Tab, key: string): string[] =>
  tab === 'network' && key !== '' ? patternsOf(key) : [key]

export const labelOfTab = (tab: Tab, w: Words): Pick<FullLabel, 'one' | 'many'> =>
  tab === 'network' ? w.table.network : w.dimensions[tab]
