/** Charts are drawn one by one, each in a task of its own: between two of them the page paints and hears what a reader does. */
const waiting = new Set<() => void>()
let busy = false

function next(): void {
  const [first] = waiting
  busy = first !== undefined
  if (!busy) return
  waiting.delete(first)
  setTimeout(next)
  first()
}

/** Draws when it is this chart's turn. Gives what takes it back. */
export function drawInTurn(draw: () => void): () => void {
  waiting.add(draw)
  if (!busy) {
    busy = true
    setTimeout(next)
  }
  return () => waiting.delete(draw)
}
