/** IPv4 addresses as four bytes, where the text is exactly what those bytes print as. */

const DOT = 46
const ZERO = 48

/** The address in text[from … to) as a number, or −1 if it is none: no leading zeros, no port, nothing around it. */
export function parseIpv4(text: Uint8Array, from: number, to: number): number {
  if (to - from < 7 || to - from > 15) return -1
  let address = 0
  let part = -1
  let parts = 0
  for (let i = from; i <= to; i++) {
    const byte = i === to ? DOT : text[i]
    if (byte === DOT) {
      if (part === -1 || part > 255 || parts === 4) return -1
      address = address * 256 + part
      parts++
      part = -1
    } else if (byte >= ZERO && byte < ZERO + 10 && part !== 0) part = (part === -1 ? 0 : part * 10) + byte - ZERO
    else return -1
  }
  return parts === 4 ? address : -1
}

/** Writes the text of an address at `at`; gives the end. */
export function writeIpv4(address: number, out: Uint8Array, at: number): number {
  for (let shift = 24; shift >= 0; shift -= 8) {
    const part = (address >>> shift) & 255
    if (part >= 100) out[at++] = ZERO + Math.floor(part / 100)
    if (part >= 10) out[at++] = ZERO + (Math.floor(part / 10) % 10)
    out[at++] = ZERO + (part % 10)
    if (shift > 0) out[at++] = DOT
  }
  return at
}
