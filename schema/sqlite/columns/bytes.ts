/** Reading and writing typed arrays in blobs. Everything is little-endian, as every machine that Node runs on. */

/** Bytes of a blob. SQLite hands out Buffers; what we write are plain Uint8Arrays. */
export type Bytes = Uint8Array

export function bytesOf(array: { buffer: ArrayBufferLike; byteOffset: number; byteLength: number }): Uint8Array {
  return new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength)
}

/** A view of the bytes if they are aligned, else a copy. */
export function view16(bytes: Bytes, offset: number, length: number): Uint16Array {
  const at = bytes.byteOffset + offset
  if (at % 2 === 0) return new Uint16Array(bytes.buffer as ArrayBuffer, at, length)
  return new Uint16Array(copied(bytes, offset, offset + length * 2))
}

export function view32(bytes: Bytes, offset: number, length: number): Uint32Array {
  const at = bytes.byteOffset + offset
  if (at % 4 === 0) return new Uint32Array(bytes.buffer as ArrayBuffer, at, length)
  return new Uint32Array(copied(bytes, offset, offset + length * 4))
}

export function view64(bytes: Bytes, offset: number, length: number): Float64Array {
  const at = bytes.byteOffset + offset
  if (at % 8 === 0) return new Float64Array(bytes.buffer as ArrayBuffer, at, length)
  return new Float64Array(copied(bytes, offset, offset + length * 8))
}

/** `slice` of a Buffer is no copy. */
function copied(bytes: Bytes, from: number, to: number): ArrayBuffer {
  return Uint8Array.prototype.slice.call(bytes, from, to).buffer as ArrayBuffer
}

/** Several byte strings in one blob, each starting at a multiple of 8. */
export function pack(sections: readonly Bytes[]): Uint8Array {
  const head = 8 * Math.ceil((4 + sections.length * 4) / 8)
  const out = new Uint8Array(sections.reduce((sum, s) => sum + 8 * Math.ceil(s.byteLength / 8), head))
  const lengths = new Uint32Array(out.buffer, 0, sections.length + 1)
  lengths[0] = sections.length
  let at = head
  sections.forEach((section, i) => {
    lengths[i + 1] = section.byteLength
    out.set(section, at)
    at += 8 * Math.ceil(section.byteLength / 8)
  })
  return out
}

export function unpack(bytes: Bytes): Uint8Array[] {
  const [count] = view32(bytes, 0, 1)
  const lengths = view32(bytes, 4, count)
  let at = 8 * Math.ceil((4 + count * 4) / 8)
  return Array.from(lengths, (length) => {
    const section = bytes.subarray(at, at + length)
    at += 8 * Math.ceil(length / 8)
    return section
  })
}
