/**
 * The texts of a dictionary. IPv4 addresses, of which there are many and which don't compress, rest as four bytes; the
 * others are deflated together.
 *
 * Blob: kind u8 (0 plain, 1 deflated), 3 unused, lengths' bytes u32, number of addresses u32, text's bytes u32 |
 * addresses u32 … | lengths (0: an address) and text.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Values } from '../../store/values.js'
import { bytesOf, view32, type Bytes } from './bytes.js'
import { decodeIntegers, encodeIntegers } from './integers.js'
import { parseIpv4, writeIpv4 } from './ipv4.js'

const HEAD = 16
/** Below this deflating gains little and costs a call. */
const DEFLATE_FROM_BYTES = 512
/** Level 1: later levels gain little on such text, and the writer is in a hurry. */
const DEFLATE = { level: 1 }
const LONGEST_IPV4 = 15

/** None of them may be empty. */
export function encodeTexts({ text, ends }: Pick<Values, 'text' | 'ends'>): Uint8Array {
  const count = ends.length - 1
  const lengths = new Uint32Array(count)
  const addresses = new Uint32Array(count)
  const a = findAddresses(text, ends, lengths, addresses)
  const packedLengths = encodeIntegers(lengths)
  const addressBytes = bytesOf(addresses.subarray(0, a))
  const plain = Buffer.concat([
    packedLengths,
    a === 0 ? text.subarray(0, ends[count]) : textsWithLength(text, ends, lengths),
  ])
  const deflated = plain.byteLength >= DEFLATE_FROM_BYTES ? deflateRawSync(plain, DEFLATE) : null
  const smaller = deflated !== null && deflated.byteLength < plain.byteLength * 0.9
  const body = smaller ? deflated : plain
  const out = new Uint8Array(HEAD + addressBytes.byteLength + body.byteLength)
  out[0] = smaller ? 1 : 0
  new Uint32Array(out.buffer, 0, 4).set([packedLengths.byteLength, a, text.byteLength], 1)
  out.set(addressBytes, HEAD)
  out.set(body, HEAD + addressBytes.byteLength)
  return out
}

/** Addresses go into `addresses`, the lengths of the other texts into `lengths`; says how many addresses there are. */
function findAddresses(text: Uint8Array, ends: Uint32Array, lengths: Uint32Array, addresses: Uint32Array): number {
  let a = 0
  for (let v = 1; v < ends.length; v++) {
    const address = parseIpv4(text, ends[v - 1], ends[v])
    if (address >= 0) addresses[a++] = address
    else lengths[v - 1] = ends[v] - ends[v - 1]
  }
  return a
}

function textsWithLength(text: Uint8Array, ends: Uint32Array, lengths: Uint32Array): Uint8Array {
  const out = new Uint8Array(text.byteLength)
  let end = 0
  for (let v = 0; v < lengths.length; v++) {
    for (let i = ends[v], to = i + lengths[v]; i < to; i++) out[end++] = text[i]
  }
  return out.subarray(0, end)
}

export function decodeTexts(bytes: Bytes): { text: Buffer; ends: Uint32Array } {
  const [, lengthBytes, addressCount, textBytes] = view32(bytes, 0, 4)
  const addresses = view32(bytes, HEAD, addressCount)
  let body: Uint8Array = bytes.subarray(HEAD + addressCount * 4)
  if (bytes[0] === 1) body = inflateRawSync(body)
  const lengths = decodeIntegers(body.subarray(0, lengthBytes))
  const ends = new Uint32Array(lengths.length + 1)
  if (addressCount === 0) {
    for (let v = 1; v < ends.length; v++) ends[v] = ends[v - 1] + lengths[v - 1]
    return { text: Buffer.from(body.buffer as ArrayBuffer, body.byteOffset + lengthBytes, textBytes), ends }
  }
  const text = Buffer.allocUnsafe(textBytes + LONGEST_IPV4)
  let from = lengthBytes
  let a = 0
  for (let v = 1; v < ends.length; v++) {
    const length = lengths[v - 1]
    const at = ends[v - 1]
    if (length === 0) ends[v] = writeIpv4(addresses[a++], text, at)
    else {
      ends[v] = at + length
      for (let i = 0; i < length; i++) text[at + i] = body[from++]
    }
  }
  return { text: text.subarray(0, textBytes), ends }
}
