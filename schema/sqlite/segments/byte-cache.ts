/** Keeps the values used last, up to a number of bytes. */
export class ByteCache<K, V> {
  private readonly entries = new Map<K, { value: V; bytes: number }>()
  private bytes = 0

  constructor(private readonly maxBytes: number) {}

  get(key: K): V | undefined {
    const entry = this.entries.get(key)
    if (entry === undefined) return undefined
    // a Map keeps the order of insertion: the first is the one used longest ago
    this.entries.delete(key)
    this.entries.set(key, entry)
    return entry.value
  }

  /** A value larger than the whole cache is not kept. */
  set(key: K, value: V, bytes: number): void {
    if (bytes > this.maxBytes) return
    const before = this.entries.get(key)
    if (before) this.bytes -= before.bytes
    this.entries.delete(key)
    this.entries.set(key, { value, bytes })
    this.bytes += bytes
    for (const [oldest, entry] of this.entries) {
      if (this.bytes <= this.maxBytes) break
      this.entries.delete(oldest)
      this.bytes -= entry.bytes
    }
  }
}
