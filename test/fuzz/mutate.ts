/** Changes bytes as accidents and enemies do; the same seed makes the same changes. */

export type Random = (below: number) => number

/** Mulberry32: whole numbers from 0 up to but not at `below`. */
export function random(seed: number): Random {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

export const oneOf = <T>(of: readonly T[], below: Random): T => of[below(of.length)]

/** Pieces that mean something to those who read logs, addresses, YAML and containers. */
const MEANINGFUL = [
  '"', '\\', '{', '}', '[', ']', ',', ':', '\n', '\r\n', '\u0000', '\ufeff', '\ud83d\ude00', '\\ud83d', '\\u0000', 'null', 'true', '-0',
  '1e999', '0.1', '99999999999999999999', '""', '{}', '[]', '"RayID":', '"EdgeStartTimestamp":', '"EdgeResponseStatus":0', '__proto__',
  'constructor', '&', '=', '%', '%00', '%zz', '..', '*', '!', '&a', '*a', '<<: *a', '- ', '  ', '\t', '#', '--', 'PK\u0003\u0004', '\u001f\u008b',
  'Infinity', 'NaN', '2026-02-30T25:61:00Z', '1779235200', '-1', 'é', '路', '\u202e', "'", '|', '>', '?', '@', '`',
].map((text) => Buffer.from(text)) // prettier-ignore

/** Bytes with up to `most` changes. */
export function mutate(bytes: Uint8Array, below: Random, most = 4): Buffer {
  let out = Buffer.from(bytes)
  for (let n = 1 + below(most); n > 0; n--) {
    const at = below(out.length + 1)
    const length = below(4) === 0 ? below(200) : below(8)
    switch (below(7)) {
      case 0:
        if (out.length > 0) out[at % out.length] ^= 1 << below(8)
        break
      case 1:
        out = Buffer.concat([out.subarray(0, at), oneOf(MEANINGFUL, below), out.subarray(at)])
        break
      case 2:
        out = Buffer.concat([out.subarray(0, at), out.subarray(at + length)])
        break
      case 3: {
        const from = below(out.length + 1)
        out = Buffer.concat([out.subarray(0, at), out.subarray(from, from + length), out.subarray(at)])
        break
      }
      case 4:
        out = Buffer.concat([out.subarray(0, at), oneOf(MEANINGFUL, below), out.subarray(at + length)])
        break
      case 5:
        if (out.length > 0) out[at % out.length] = below(256)
        break
      default:
        if (below(8) === 0) out = out.subarray(0, at)
    }
  }
  return out
}
