/** Hashes of RayIDs, for the fingerprints by which a RayID is found and a duplicate is suspected. */

/** Two words of hash per row, [h1, h2, …]: of the RayID or, where there is none, of the identity. */
export function rayHashes(rows: {
  rows: number
  ray: Uint32Array
  identity: Uint32Array
  oddRays: Map<number, string>
}): Uint32Array {
  const { ray, identity } = rows
  const out = new Uint32Array(rows.rows * 2)
  for (let i = 0; i < rows.rows * 2; i += 2) {
    const none = ray[i] === 0 && ray[i + 1] === 0
    const high = none ? identity[i] : ray[i]
    const low = none ? identity[i + 1] : ray[i + 1]
    out[i] = mix(high ^ mix(low ^ 0x9e3779b9))
    out[i + 1] = mix(low ^ mix(high ^ 0x7f4a7c15))
  }
  for (const [row, text] of rows.oddRays) out.set(textHash(text), row * 2)
  return out
}

/** The same, made when first asked for and kept. */
export function keptRayHashes(rows: Parameters<typeof rayHashes>[0]): () => Uint32Array {
  let hashes: Uint32Array | undefined
  return () => (hashes ??= rayHashes(rows))
}

export function rayHash(high: number, low: number): [h1: number, h2: number] {
  return [mix(high ^ mix(low ^ 0x9e3779b9)), mix(low ^ mix(high ^ 0x7f4a7c15))]
}

export function textHash(text: string): [h1: number, h2: number] {
  let a = 0x811c9dc5
  let b = 0x2f0b4c47
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 0x01000193)
    b = Math.imul(b ^ text.charCodeAt(i), 0x5bd1e995)
    b ^= b >>> 15
  }
  return [mix(a), mix(b)]
}

/** The finaliser of MurmurHash3: spreads every input bit over all 32 (public domain, Austin Appleby). */
export function mix(h: number): number {
  h ^= h >>> 16
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
