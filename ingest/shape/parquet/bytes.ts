/** Bytes of a file, from anywhere in it. */
import { readSync } from 'node:fs'

/** `length` bytes from `at` on; an error if the file ends before. */
export function bytesAt(fd: number, at: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  for (let filled = 0; filled < length;) {
    const read = readSync(fd, bytes, filled, length - filled, at + filled)
    if (read === 0) throw new Error(`the file ends at byte ${at + filled}`)
    filled += read
  }
  return bytes
}
