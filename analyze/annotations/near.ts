/** What people wrote shortly before something began: a deployment is the first thing to ask for. */
import type { Annotation, Annotations } from '../../schema/store/ledger/annotations.js'

/** So long before the start an annotation is worth a word, ms. */
export const BEFORE_MS = 60 * 60_000
/** Clocks and minutes are not exact: what begins a little later may still be it. */
const AFTER_MS = 2 * 60_000
const MOST = 500

export interface Beginning {
  start: number
  /** null: of all hosts */
  host: string | null
}

/** The annotation nearest before each beginning; null where there is none. Those about another host do not count. */
export async function annotationsNear(
  annotations: Pick<Annotations, 'page'>,
  beginnings: readonly Beginning[],
): Promise<(beginning: Beginning) => Annotation | null> {
  if (beginnings.length === 0) return () => null
  const starts = beginnings.map(({ start }) => start)
  const { items } = await annotations.page({
    from: Math.min(...starts) - BEFORE_MS,
    to: Math.max(...starts) + AFTER_MS,
    limit: MOST,
    after: null,
  })
  return ({ start, host }) =>
    items
      .filter(
        (one) =>
          one.from >= start - BEFORE_MS &&
          one.from <= start + AFTER_MS &&
          (one.host === null || host === null || one.host === host),
      )
      .sort((a, b) => Math.abs(start - a.from) - Math.abs(start - b.from))[0] ?? null
}
