import { fakeHex, mix } from '../random.js'

/** What fills the `:id` of a route's path. Values are already percent-encoded, as Cloudflare logs them. */
export type IdKind = 'number' | 'hex' | 'uuid' | 'digest' | 'product' | 'article' | 'image'

/** A fixed list of values, rendered once. */
export interface IdPool {
  readonly size: number
  readonly bytes: readonly Uint8Array[]
  readonly text: (index: number) => string
}

const things = [
  'jacket',
  'lamp',
  'teapot',
  'backpack',
  'chair',
  'notebook',
  'bicycle',
  'blanket',
  'keyboard',
  'mug',
  'café-table',
  'théière',
  'Stehlampe',
  '保温杯',
  '背包',
  'мяч',
]
const looks = [
  'blue',
  'oak',
  'linen',
  'vintage',
  'compact',
  'travel',
  'ceramic',
  'folding',
  'winter',
  'été',
  'kinder',
  '轻便',
]
const topics = [
  'shipping-times',
  'size-guide',
  'returns',
  'care-instructions',
  'spring-collection',
  'meet-the-makers',
  'gift-ideas',
  'repair-service',
  'première-édition',
  'größentabelle',
  '尺码指南',
  'новости',
]

const makers: Record<IdKind, { size: number; make: (i: number) => string }> = {
  number: { size: 8192, make: (i) => String(100_000 + ((mix(i + 17) >>> 0) % 9_900_000)) },
  hex: { size: 2048, make: (i) => `66${fakeHex(`object ${i}`, 22)}` },
  uuid: { size: 4096, make: uuid },
  digest: { size: 512, make: (i) => fakeHex(`asset ${i}`, 16) },
  product: {
    size: 1024,
    make: (i) => encodeURIComponent(`${looks[i % looks.length]}-${things[(i * 7) % things.length]}-${1000 + i}`),
  },
  article: {
    size: 240,
    make: (i) => encodeURIComponent(`${topics[i % topics.length]}-${1 + Math.floor(i / topics.length)}`),
  },
  image: { size: 1024, make: (i) => `p${1000 + i}-${['s', 'm', 'l', 'xl'][i % 4]}` },
}

function uuid(i: number): string {
  const hex = fakeHex(`uuid ${i}`, 32)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`
}

const pools = new Map<IdKind, IdPool>()

export function idPool(kind: IdKind): IdPool {
  const known = pools.get(kind)
  if (known) return known
  const { size, make } = makers[kind]
  const texts = Array.from({ length: size }, (_, i) => make(i))
  const pool: IdPool = { size, bytes: texts.map((text) => Buffer.from(text)), text: (index) => texts[index] }
  pools.set(kind, pool)
  return pool
}
