/** Bytes of a chunk before a new one is begun. */
export const chunkBytes = 1 << 20

/**
 * Room behind the mark for the line that crosses it; the longest simulated line (a URI over 32 KB, twice) is below
 * this.
 */
const slackBytes = 128 << 10

const hexDigits = Buffer.from('0123456789abcdef')

/** A growing chunk of bytes with the few writers that a log line needs. */
export class Output {
  #bytes = Buffer.allocUnsafeSlow(chunkBytes + slackBytes)
  #end = 0

  get full(): boolean {
    return this.#end >= chunkBytes
  }

  get empty(): boolean {
    return this.#end === 0
  }

  /** The bytes written so far; the next line starts a new chunk. */
  take(): Buffer {
    const chunk = this.#bytes.subarray(0, this.#end)
    this.#bytes = Buffer.allocUnsafeSlow(chunkBytes + slackBytes)
    this.#end = 0
    return chunk
  }

  put(bytes: Uint8Array): void {
    const length = bytes.length
    let end = this.#end
    if (length > 20) {
      this.#bytes.set(bytes, end)
      this.#end = end + length
      return
    }
    const target = this.#bytes
    for (let i = 0; i < length; i += 1) target[end++] = bytes[i]
    this.#end = end
  }

  /** A whole number from 0 up to 2^31. */
  digits(value: number): void {
    let rest = value | 0
    const target = this.#bytes
    if (rest < 10) {
      target[this.#end++] = 48 + rest
      return
    }
    const width =
      rest < 100
        ? 2
        : rest < 1000
          ? 3
          : rest < 10_000
            ? 4
            : rest < 100_000
              ? 5
              : rest < 1_000_000
                ? 6
                : rest < 10_000_000
                  ? 7
                  : rest < 100_000_000
                    ? 8
                    : rest < 1_000_000_000
                      ? 9
                      : 10
    let at = this.#end + width
    this.#end = at
    do {
      const next = (rest / 10) | 0
      target[--at] = 48 + rest - next * 10
      rest = next
    } while (rest > 0)
  }

  /** Three digits with leading zeros. */
  threeDigits(value: number): void {
    const hundreds = (value / 100) | 0
    const tens = (value / 10) | 0
    this.#bytes[this.#end++] = 48 + hundreds
    this.#bytes[this.#end++] = 48 + tens - hundreds * 10
    this.#bytes[this.#end++] = 48 + value - tens * 10
  }

  /** 32 bits as eight hexadecimal digits. */
  hex8(value: number): void {
    const target = this.#bytes
    let at = this.#end
    for (let shift = 28; shift >= 0; shift -= 4) target[at++] = hexDigits[(value >>> shift) & 15]
    this.#end = at
  }

  /** Up to 16 bits in hexadecimal without leading zeros, as in an IPv6 address. */
  hex(value: number): void {
    const target = this.#bytes
    let at = this.#end
    if (value > 0xfff) target[at++] = hexDigits[value >>> 12]
    if (value > 0xff) target[at++] = hexDigits[(value >>> 8) & 15]
    if (value > 0xf) target[at++] = hexDigits[(value >>> 4) & 15]
    target[at++] = hexDigits[value & 15]
    this.#end = at
  }
}
