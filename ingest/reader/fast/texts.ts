/** Columns of texts of which there may be as many as rows: their tokens live only as long as a block is made. */
import type { DimensionField } from '../../../schema/fields.js'
import { MAX_TEXT, parentRay, text } from '../values.js'
import type { Coding } from './coding.js'
import * as L from './layout.js'
import type { Scanner } from './scanner.js'

export interface TextColumn { field: DimensionField; dictionary: number; meaning: (value: unknown) => string | null }

export const TEXT_COLUMNS: readonly TextColumn[] = [
  { field: 'path', dictionary: L.PATH, meaning: text },
  { field: 'query', dictionary: L.QUERY, meaning: text },
  { field: 'clientIp', dictionary: L.CLIENT_IP, meaning: text },
  { field: 'userAgent', dictionary: L.USER_AGENT, meaning: text },
  // the scanner takes zeros for absent
  { field: 'parentRayId', dictionary: L.PARENT_RAY, meaning: parentRay },
]

/**
 * Gives the tokens' texts their codes. Returns the way from the scanner's numbers to codes, unless they are the same:
 * two tokens may mean one text (`/` and `\\/`), or none.
 */
export function codeTexts(coding: Coding, scanner: Scanner, { dictionary, meaning }: TextColumn): Uint16Array | undefined {
  const used = scanner.used(dictionary)
  const { bytes } = scanner
  let map: Uint16Array | undefined
  for (let i = 0; i < used.length; i++) {
    const token = used[i]
    const [from, to] = scanner.tokenBytes(token)
    if (map === undefined && scanner.isPlain(token) && to - from > 2 && to - from <= MAX_TEXT) {
      // a plain token means its own text, and no other plain token means the same
      coding.codeOfNew(bytes, from + 1, to - 1)
      continue
    }
    map ??= Uint16Array.from({ length: used.length + 1 }, (_, code) => code)
    map[i + 1] = coding.codeOf(meaning(scanner.valueOf(token)))
  }
  return map
}
