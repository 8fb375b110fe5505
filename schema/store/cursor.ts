/** Places in an order as words, for engines: a list's cursor is what its engine puts into it. */
import { badCursor } from './paging.js'

/** A place told by some values, as one word that can stand in an address. */
export function cursorOf(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

/** The values again. `types`: what each of them must be. Throws `badCursor`. */
export function placeOf(cursor: string, types: readonly ('string' | 'number')[]): (string | number)[] {
  try {
    const place = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown
    if (Array.isArray(place) && place.length === types.length && types.every((type, i) => typeof place[i] === type))
      return place as (string | number)[]
  } catch {
    // said below
  }
  throw badCursor(cursor)
}
