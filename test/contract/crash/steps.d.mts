import type { Store } from '../../../schema/store/store.js'
import type { Selection } from '../../../schema/store/query.js'

export interface Step {
  name: string
  run(store: Store, ids: { [batch: string]: string }): Promise<unknown>
}
export const START: number
export const STEPS: readonly Step[]
export const RANGE: Selection
export function idsOf(store: Store): Promise<{ [batch: string]: string }>
