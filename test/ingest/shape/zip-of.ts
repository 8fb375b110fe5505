/** A zip archive, byte by byte, also as programs write it that can not go back: sizes behind the data. */
import zlib from 'node:zlib'

export interface ZipOptions {
  /** sizes and check sum behind the data */
  streamed?: boolean
  /** sizes of eight bytes there */
  long?: boolean
  /** without the descriptor's mark, which is optional */
  unmarked?: boolean
  stored?: boolean
}

export function zipOf(files: readonly [name: string, bytes: Uint8Array][], options: ZipOptions = {}): Buffer {
  const parts: Buffer[] = []
  for (const [name, bytes] of files) {
    const data = options.stored ? Buffer.from(bytes) : zlib.deflateRawSync(bytes)
    const sizes = Buffer.alloc(options.long && options.streamed ? 20 : 12)
    sizes.writeUInt32LE(zlib.crc32(bytes), 0)
    if (sizes.length === 20) {
      sizes.writeBigUInt64LE(BigInt(data.length), 4)
      sizes.writeBigUInt64LE(BigInt(bytes.length), 12)
    } else {
      sizes.writeUInt32LE(data.length, 4)
      sizes.writeUInt32LE(bytes.length, 8)
    }
    const header = Buffer.alloc(30)
    header.write('PK\u0003\u0004', 'latin1')
    header.writeUInt16LE(45, 4)
    header.writeUInt16LE(options.streamed ? 8 : 0, 6)
    header.writeUInt16LE(options.stored ? 0 : 8, 8)
    if (!options.streamed) sizes.copy(header, 14)
    header.writeUInt16LE(Buffer.byteLength(name), 26)
    parts.push(header, Buffer.from(name), data)
    if (options.streamed)
      parts.push(options.unmarked ? Buffer.alloc(0) : Buffer.from('PK\u0007\u0008', 'latin1'), sizes)
  }
  // the directory is read over: its mark is enough
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006', 'latin1')
  return Buffer.concat([...parts, end])
}
