/** Columns of texts of which there may be as many as rows: their tokens live only as long as a block is made. */
import type { DimensionField } from '../../../schema/words/fields.js'
import { parentRay, text } from '../values.js'
import * as L from './layout.js'

export interface TextColumn {
  field: DimensionField
  dictionary: number
  meaning: (value: unknown) => string | null
}

export const TEXT_COLUMNS: readonly TextColumn[] = [
  { field: 'path', dictionary: L.PATH, meaning: text },
  { field: 'query', dictionary: L.QUERY, meaning: text },
  { field: 'clientIp', dictionary: L.CLIENT_IP, meaning: text },
  { field: 'userAgent', dictionary: L.USER_AGENT, meaning: text },
  // the scanner takes zeros for absent
  { field: 'parentRayId', dictionary: L.PARENT_RAY, meaning: parentRay },
]
