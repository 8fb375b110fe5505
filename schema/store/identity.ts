/**
 * The keyed hash that tells five requests with one RayID apart: over host, URI with query and client address
 * as received. SipHash-1-3 with a key that belongs to the store: the hash is kept even where address and
 * query are not, and without the key nobody can test guesses of an address against it.
 *
 * The fast reader computes the same function in WebAssembly; a property test holds the two together.
 */

/** 128 bits as four little-endian 32-bit words; made once per store. */
export type IdentityKey = readonly [number, number, number, number]

/** A key as it rests: 32 hex digits. */
export function hexOfKey(key: IdentityKey): string {
  const bytes = Buffer.alloc(16)
  key.forEach((word, i) => bytes.writeUInt32LE(word >>> 0, i * 4))
  return bytes.toString('hex')
}

export function keyOfHex(hex: string): IdentityKey {
  const bytes = Buffer.from(hex, 'hex')
  return [0, 4, 8, 12].map((at) => bytes.readUInt32LE(at)) as unknown as IdentityKey
}

/** Bytes hashed: host 0xff uri 0xff client address. 0xff never occurs in UTF-8, so the parts can't run together. */
export function identityOf(key: IdentityKey, host: string, uri: string, clientIp: string): [number, number] {
  return siphash13(key, identityBytes(host, uri, clientIp))
}

export function identityBytes(host: string, uri: string, clientIp: string): Uint8Array {
  const encode = (text: string) => Buffer.from(text, 'utf8')
  const separator = Uint8Array.of(0xff)
  return Buffer.concat([encode(host), separator, encode(uri), separator, encode(clientIp)])
}

const MASK = 0xffff_ffff_ffff_ffffn
const rotl = (x: bigint, b: bigint) => ((x << b) | (x >> (64n - b))) & MASK

/** SipHash-1-3 (one compression round, three at the end) after https://www.aumasson.jp/siphash/siphash.pdf → [high, low] words. */
export function siphash13(key: IdentityKey, bytes: Uint8Array): [high: number, low: number] {
  const k0 = BigInt(key[0] >>> 0) | (BigInt(key[1] >>> 0) << 32n)
  const k1 = BigInt(key[2] >>> 0) | (BigInt(key[3] >>> 0) << 32n)
  let v0 = k0 ^ 0x736f6d6570736575n
  let v1 = k1 ^ 0x646f72616e646f6dn
  let v2 = k0 ^ 0x6c7967656e657261n
  let v3 = k1 ^ 0x7465646279746573n
  const round = () => {
    v0 = (v0 + v1) & MASK
    v1 = rotl(v1, 13n) ^ v0
    v0 = rotl(v0, 32n)
    v2 = (v2 + v3) & MASK
    v3 = rotl(v3, 16n) ^ v2
    v0 = (v0 + v3) & MASK
    v3 = rotl(v3, 21n) ^ v0
    v2 = (v2 + v1) & MASK
    v1 = rotl(v1, 17n) ^ v2
    v2 = rotl(v2, 32n)
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const whole = bytes.length - (bytes.length % 8)
  for (let i = 0; i < whole; i += 8) {
    const m = view.getBigUint64(i, true)
    v3 ^= m
    round()
    v0 ^= m
  }
  let last = BigInt(bytes.length & 0xff) << 56n
  for (let i = whole; i < bytes.length; i++) last |= BigInt(bytes[i]) << BigInt(8 * (i - whole))
  v3 ^= last
  round()
  v0 ^= last
  v2 ^= 0xffn
  round()
  round()
  round()
  const h = v0 ^ v1 ^ v2 ^ v3
  return [Number(h >> 32n), Number(h & 0xffff_ffffn)]
}
