/** The texts of a block, with their codes. */
import { Coding } from './coding.js'
import type { Scanner } from './scanner.js'
import type { TextColumn } from './text-columns.js'

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
