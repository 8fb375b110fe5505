/** The words of the API that forms offer. Lists of their own: the schemas with their checks do not travel to the browser; the types make them complete. */
import type { DeliveryJson, MaintenanceDraft, Severity } from '../../../schema/api/alerts.js'

const inOrder = <T extends string>(order: { [W in T]: number }): readonly T[] =>
  (Object.keys(order) as T[]).sort((a, b) => order[a] - order[b])

export const SEVERITIES = inOrder<Severity>({ critical: 0, warning: 1, info: 2 })
export type Weekday = NonNullable<MaintenanceDraft['weekdays']>[number]
export const WEEKDAYS = inOrder<Weekday>({
  monday: 0,
  tuesday: 1,
  wednesday: 2,
  thursday: 3,
  friday: 4,
  saturday: 5,
  sunday: 6,
})
export const DELIVERY_STATES = inOrder<DeliveryJson['state']>({
  queued: 0,
  sending: 1,
  sent: 2,
  failed: 3,
  cancelled: 4,
})
