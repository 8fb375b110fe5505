/** Parts of a site that are looked at as if they were sites of their own. */

/** In the order in which a reader wants them; a spike is told once, by the first. */
export const SLICED = ['host', 'securityRuleId', 'path', 'country', 'colo', 'asn'] as const
export type SlicedDimension = (typeof SLICED)[number]

export interface Slice {
  dimension: SlicedDimension
  value: string
}
