/** Who waits for the same thing: a line for each sender, and the lines are served in turn, so that nobody waits behind all that another one sends. */
export class Turns<T> {
  /** the line whose turn it is comes first */
  private readonly lines = new Map<string, T[]>()
  private waiting = 0

  get size(): number {
    return this.waiting
  }

  add(sender: string, one: T): void {
    const line = this.lines.get(sender)
    if (line) line.push(one)
    else this.lines.set(sender, [one])
    this.waiting++
  }

  /** The first of the line whose turn it is; undefined: nobody waits. */
  next(): T | undefined {
    for (const [sender, line] of this.lines) {
      this.lines.delete(sender)
      const one = line.shift()
      if (line.length > 0) this.lines.set(sender, line)
      this.waiting--
      return one
    }
    return undefined
  }

  /** Whom `next` would give. */
  peek(): T | undefined {
    for (const [first] of this.lines.values()) return first
    return undefined
  }

  /** Everybody, in their turn; nobody waits afterwards. */
  all(): T[] {
    const out: T[] = []
    while (this.waiting > 0) out.push(this.next() as T)
    return out
  }
}
