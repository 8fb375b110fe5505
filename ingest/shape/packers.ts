/** What is no text, by the bytes it begins with: ways to pack that are not read here, and files of other kinds. */

/** Ways to pack, and what they are called. `at`: where the mark stands, 0 where it does not say. */
const PACKERS: readonly (readonly [name: string, mark: string, at?: number])[] = [
  ['bzip2', '425a68'],
  ['xz', 'fd377a585a00'],
  ['lzip', '4c5a4950'],
  ['lzma', '5d0000'],
  ['lzop', '894c5a4f00'],
  ['7-Zip', '377abcaf271c'],
  ['compress', '1f9d'],
  ['lz4', '04224d18'],
  ['lz4', '02214c18'],
  ['snappy', 'ff060000734e61507059'],
  ['an old zstd', '25b52ffd'],
  ['an old zstd', '26b52ffd'],
  ['an old zstd', '27b52ffd'],
  ['rar', '526172211a07'],
  ['cab', '4d53434600000000'],
  ['xar', '78617221'],
  ['ar', '213c617263683e0a'],
  ['cpio', '303730373031'],
  ['cpio', '303730373032'],
  ['cpio', '303730373037'],
  ['cpio', 'c771'],
  ['cpio', '71c7'],
  ['WIM', '4d5357494d000000'],
  ['an ISO 9660 image', '4344303031', 32_769],
]

/** Files of another kind, which hold no lines. */
const KINDS: readonly (readonly [name: string, mark: string])[] = [
  ['Avro', '4f626a01'],
  ['ORC', '4f5243'],
  ['Arrow', '4152524f57310000'],
  ['SQLite', '53514c69746520666f726d6174203300'],
  ['PDF', '255044462d'],
  ['PNG', '89504e470d0a1a0a'],
  ['an old Office document', 'd0cf11e0a1b11ae1'],
  ['a packet capture', 'd4c3b2a1'],
  ['a packet capture', '0a0d0d0a'],
  ['an ELF program', '7f454c46'],
]

/** How it is packed; undefined: in none of the ways that are known and not read here. */
export function packerOf(start: Uint8Array): string | undefined {
  const begins = Buffer.from(start.buffer, start.byteOffset, start.length)
  const known = PACKERS.find(([, mark, at = 0]) => {
    const bytes = Buffer.from(mark, 'hex')
    return begins.subarray(at, at + bytes.length).equals(bytes)
  })?.[0]
  return known ?? (isZlib(start) && isBinary(start) ? 'zlib' : isBase64(start) ? 'base64' : undefined)
}

/** What kind of file it is, where that is another than one of text. */
export function kindOf(start: Uint8Array): string | undefined {
  const begins = Buffer.from(start.subarray(0, 16)).toString('hex')
  return KINDS.find(([, mark]) => begins.startsWith(mark))?.[0]
}

/** Has its beginning what no text has? A first character between values (ASCII's record separator) may be one. */
export function isBinary(start: Uint8Array): boolean {
  return start
    .subarray(0, 512)
    .some((byte) => byte === 0 || (byte < 32 && ![9, 10, 11, 12, 13, 26, 27, 30].includes(byte)))
}

/** A header of two bytes that is a multiple of 31 and says deflate; RFC 1950, 2.2. */
const isZlib = ([a, b]: Uint8Array) => (a & 0x8f) === 8 && ((a << 8) | b) % 31 === 0

/** gzip, or JSON, as base64: `base64 FILE`, and what some consoles show of a log. */
function isBase64(start: Uint8Array): boolean {
  const text = Buffer.from(start.subarray(0, 400)).toString('latin1')
  if (!/^(H4sI|eyJ|W3si|KLUv\/)[A-Za-z0-9+/\r\n]{60,}={0,2}\s*$/.test(text)) return false
  return text.startsWith('H4sI') || text.startsWith('KLUv') || /^[[{][{"]/.test(Buffer.from(text, 'base64').toString())
}
