/** The entries that count most, and who goes first among equals: the rule of every list with a limit. */

/**
 * Indices of the `limit` largest of the first `count` numbers; equal ones by text, which is read only at the edge; without texts
 * the first of them.
 */
export function largest(
  numbers: Float64Array | Uint32Array,
  count: number,
  limit: number,
  textOf: ((i: number) => string) | null,
): number[] {
  if (limit <= 0) return []
  const edge = edgeOf(numbers, count, limit)
  const above: number[] = []
  const atEdge: number[] = []
  for (let i = 0; i < count; i++) {
    if (numbers[i] > edge) above.push(i)
    else if (numbers[i] === edge) atEdge.push(i)
  }
  const room = limit - above.length
  if (atEdge.length <= room) return above.concat(atEdge)
  return above.concat(textOf === null ? atEdge.slice(0, room) : firstByText(atEdge, room, textOf))
}

/** The `room` entries whose texts come first, of what may be hundreds of thousands that count alike. */
function firstByText(entries: readonly number[], room: number, textOf: (i: number) => string): number[] {
  // cut back each time it is twice as long: cheaper than to sort them all
  let kept: { i: number; text: string }[] = []
  let last = null as string | null
  const cutBack = () => {
    kept = kept.sort((a, b) => (a.text < b.text ? -1 : 1)).slice(0, room)
    last = kept.length < room ? null : kept[room - 1].text
  }
  for (const i of entries) {
    const text = textOf(i)
    if (last !== null && text >= last) continue
    kept.push({ i, text })
    if (kept.length >= 2 * room + 64) cutBack()
  }
  cutBack()
  return kept.map(({ i }) => i)
}

/**
 * The smallest number that is among the `limit` largest (there are more than that): a heap of that many, the smallest
 * on top.
 */
function edgeOf(numbers: Float64Array | Uint32Array, count: number, limit: number): number {
  const heap = new Float64Array(limit)
  let size = 0
  for (let i = 0; i < count; i++) {
    const n = numbers[i]
    if (size < limit) {
      let at = size++
      while (at > 0 && heap[(at - 1) >> 1] > n) {
        heap[at] = heap[(at - 1) >> 1]
        at = (at - 1) >> 1
      }
      heap[at] = n
    } else if (n > heap[0]) {
      let at = 0
      for (;;) {
        let child = at * 2 + 1
        if (child >= limit) break
        if (child + 1 < limit && heap[child + 1] < heap[child]) child++
        if (heap[child] >= n) break
        heap[at] = heap[child]
        at = child
      }
      heap[at] = n
    }
  }
  return heap[0]
}
