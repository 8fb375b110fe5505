/** The entries that count most. */

/** Indices of the `limit` largest of the first `count` numbers; equal ones by text, which is read only at the edge. */
export function largest(numbers: Float64Array, count: number, limit: number, textOf: (i: number) => string): number[] {
  if (limit <= 0) return []
  const edge = edgeOf(numbers, count, limit)
  const above: number[] = []
  const atEdge: number[] = []
  for (let i = 0; i < count; i++) {
    if (numbers[i] > edge) above.push(i)
    else if (numbers[i] === edge) atEdge.push(i)
  }
  const room = limit - above.length
  if (atEdge.length <= room) return [...above, ...atEdge]
  const text = new Map(atEdge.map((i) => [i, textOf(i)]))
  atEdge.sort((a, b) => ((text.get(a) as string) < (text.get(b) as string) ? -1 : 1))
  return [...above, ...atEdge.slice(0, room)]
}

/**
 * The smallest number that is among the `limit` largest (there are more than that): a heap of that many, the smallest
 * on top.
 */
function edgeOf(numbers: Float64Array, count: number, limit: number): number {
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
