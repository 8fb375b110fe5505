/** Lists in pages: a cursor is a place in the order of the list, not a number of rows, and stays right while rows come and go. */

export interface PageQuery {
  /** at most so many; at least 1 */
  limit: number
  /** `next` of the page before; null: from the beginning. What is none of this store's is refused, see `badCursor`. */
  after: string | null
}

export interface Page<T> {
  items: T[]
  /** null: this was the last page */
  next: string | null
}

/** What a store rejects with when it is given a cursor that it never gave. */
export function badCursor(cursor: string): RangeError {
  const message = `"${cursor.slice(0, 100)}" is no cursor of this list: take it from "next" of the page before`
  return Object.assign(new RangeError(message), { code: 'BAD_CURSOR' })
}

/** `rows` were asked for with a limit of one more than the page holds: that one tells whether there is a next page. */
export function pageOf<R, T>(
  rows: readonly R[],
  limit: number,
  item: (row: R) => T,
  cursor: (row: R) => string,
): Page<T> {
  const shown = rows.slice(0, limit)
  return { items: shown.map(item), next: rows.length > limit ? cursor(shown[shown.length - 1]) : null }
}

/** All items, one page after the other, `limit` at a time. */
export async function* everyItem<T>(page: (query: PageQuery) => Promise<Page<T>>, limit = 500): AsyncGenerator<T> {
  for (let after: string | null = null; ;) {
    const { items, next }: Page<T> = await page({ limit, after })
    yield* items
    if (next === null) return
    after = next
  }
}
