/** Columns of texts of which there may be as many as rows: their tokens live only as long as a block is made. */
import type { DimensionField } from '../../../schema/words/fields.js'
import { parentRay, text } from '../values.js'
import { Coding } from './coding.js'
import * as L from './layout.js'
import type { Scanner } from './scanner.js'

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

/**
 * The tokens' texts with their codes, and the way from the scanner's numbers to codes unless they are the same: two tokens
 * may mean one text (`/` and `\\/`), or none.
 */
export function codeTexts(
  scanner: Scanner,
  { dictionary, meaning }: TextColumn,
): { coding: Coding; map: Uint16Array | undefined } {
  const plain = scanner.plainValues(dictionary)
  if (plain) return { coding: new Coding(plain), map: undefined }
  const coding = new Coding()
  const used = scanner.used(dictionary)
  const map = new Uint16Array(used.length + 1)
  for (let i = 0; i < used.length; i++) map[i + 1] = coding.codeOf(meaning(scanner.valueOf(used[i])))
  return { coding, map }
}
