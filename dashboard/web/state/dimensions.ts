/**
 * The dimensions that one can group and filter by, as the page orders them. A list of its own, so that the field
 * catalogue with its long texts does not travel to the browser; the type makes it complete.
 */
import type { Dimension } from '../../../schema/store/query.js'

const order: { [D in Dimension]: number } = {
  class: 0,
  status: 1,
  source: 2,
  zone: 3,
  host: 4,
  path: 5,
  method: 6,
  originStatus: 7,
  cacheStatus: 8,
  country: 9,
  colo: 10,
  asn: 11,
  clientIp: 12,
  userAgent: 13,
  protocol: 14,
  requestSource: 15,
  securityAction: 16,
  securitySource: 17,
  securityRuleId: 18,
  edgePathingOp: 19,
  edgePathingSrc: 20,
  edgePathingStatus: 21,
  workerStatus: 22,
  originIp: 23,
  parentRayId: 24,
  visitor: 25,
}

export const DIMENSION_NAMES = (Object.keys(order) as Dimension[]).sort((a, b) => order[a] - order[b])

/** Dimensions offered by "+ filter": `visitor` has a switch of its own. */
export const FILTERABLE = DIMENSION_NAMES.filter((d) => d !== 'visitor')

export const CLASSES = ['2xx', '3xx', '4xx', '499', '5xx', 'other'] as const
export type StatusClass = (typeof CLASSES)[number]
export const ERROR_CLASSES: readonly StatusClass[] = ['4xx', '499', '5xx']

/** 499 is its own class; 0, 1xx and what nobody knows is `other`. */
export function classOf(status: number): StatusClass {
  if (status === 499) return '499'
  if (status >= 200 && status < 600) return `${Math.floor(status / 100)}xx` as StatusClass
  return 'other'
}

/** From the most harmless at the bottom of a stack to what hurts at the top. */
export const SOURCE_ORDER = ['cache', 'origin', 'worker', 'undetermined', 'edge', 'client', 'origin-failure'] as const
