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
const SHORTEST_IPV4 = 7
/** Inflated into one piece of the right size: Node's own are of 16 KiB, which a few short texts would keep for as long as they are kept. */
const SPARE = 64

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

/** The texts of a blob. Of a hundred thousand addresses a page shows ten: texts are made when they are asked for. */
export class Texts {
  private readonly body: Buffer
  private readonly lengths: Uint32Array
  private readonly addresses: Uint32Array
  private readonly textBytes: number
  /** where each text ends in `body`, and how many addresses come before it; the latter only where there are some */
  private readonly bodyEnds: Uint32Array
  private readonly addressesBefore: Uint32Array | null
  private together: { text: Buffer; ends: Uint32Array } | null = null

  constructor(bytes: Bytes) {
    const [, lengthBytes, addressCount, textBytes] = view32(bytes, 0, 4)
    const packed = bytes.subarray(HEAD + addressCount * 4)
    // an address has seven characters or more, and none of them is in there
    const most = lengthBytes + textBytes - addressCount * SHORTEST_IPV4
    this.body =
      bytes[0] === 1
        ? inflateRawSync(packed, { chunkSize: most + SPARE })
        : Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength)
    this.addresses = view32(bytes, HEAD, addressCount)
    this.lengths = decodeIntegers(this.body.subarray(0, lengthBytes))
    this.textBytes = textBytes
    const count = this.lengths.length
    this.bodyEnds = new Uint32Array(count + 1)
    this.addressesBefore = addressCount === 0 ? null : new Uint32Array(count)
    let end = lengthBytes
    let before = 0
    this.bodyEnds[0] = end
    for (let i = 0; i < count; i++) {
      const length = this.lengths[i]
      this.bodyEnds[i + 1] = end += length
      if (this.addressesBefore === null) continue
      this.addressesBefore[i] = before
      if (length === 0) before++
    }
  }

  get count(): number {
    return this.lengths.length
  }

  at(index: number): string {
    if (this.addressesBefore !== null && this.lengths[index] === 0) {
      const end = writeIpv4(this.addresses[this.addressesBefore[index]], oneAddress, 0)
      return oneAddress.toString('latin1', 0, end)
    }
    return this.body.toString('utf8', this.bodyEnds[index], this.bodyEnds[index + 1])
  }

  /** rough memory in bytes, all of them asked for together */
  get weight(): number {
    const arrays = this.addressesBefore === null ? 12 : 16
    const written = this.addressesBefore === null ? 0 : this.textBytes + this.addresses.byteLength
    return this.body.byteLength + written + this.count * arrays + 500
  }

  /** All of them, one behind the other; `ends[i]` is where the text before `i` ends. */
  all(): { text: Buffer; ends: Uint32Array } {
    return (this.together ??= this.joined())
  }

  private joined(): { text: Buffer; ends: Uint32Array } {
    const { lengths, body, bodyEnds, addressesBefore } = this
    const ends = new Uint32Array(lengths.length + 1)
    if (addressesBefore === null) {
      for (let i = 0; i < lengths.length; i++) ends[i + 1] = ends[i] + lengths[i]
      return { text: body.subarray(bodyEnds[0], bodyEnds[0] + this.textBytes), ends }
    }
    const text = Buffer.allocUnsafe(this.textBytes + LONGEST_IPV4)
    for (let i = 0; i < lengths.length; i++) {
      const at = ends[i]
      if (lengths[i] === 0) {
        ends[i + 1] = writeIpv4(this.addresses[addressesBefore[i]], text, at)
        continue
      }
      ends[i + 1] = at + lengths[i]
      for (let from = bodyEnds[i], j = at; from < bodyEnds[i + 1]; from++, j++) text[j] = body[from]
    }
    return { text: text.subarray(0, this.textBytes), ends }
  }
}

const oneAddress = Buffer.alloc(LONGEST_IPV4)
