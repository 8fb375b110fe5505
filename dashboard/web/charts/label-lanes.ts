/** Where the labels of spikes stand above a chart. Pure. */

/** Below this a chart has more room above its columns than beside its labels, px. */
const NARROW = 480
/** px between two labels, at least */
const GAP = 3

export interface Label {
  text: string
  /** where it would like to begin, px */
  x: number
}

/** The room that a label takes, px, known before it is drawn. */
const widthOf = (text: string): number => 21 + 6.6 * text.length + 5 * (text.match(/[^\x20-\u2fff]/g)?.length ?? 0)

/** A place for each label, the first ones choosing first; null: in no lane is there room left, so the list tells of it alone. */
export function placesOf(labels: readonly Label[], width: number): ({ left: number; lane: number } | null)[] {
  const lanes: { left: number; right: number }[][] = Array.from({ length: width < NARROW ? 4 : 2 }, () => [])
  return labels.map(({ text, x }) => {
    const own = widthOf(text)
    const left = Math.max(0, Math.min(width - own, x))
    const right = left + own + GAP
    const lane = lanes.findIndex((taken) => taken.every((other) => other.right <= left || right <= other.left))
    if (lane < 0) return null
    lanes[lane].push({ left, right })
    return { left, lane }
  })
}
