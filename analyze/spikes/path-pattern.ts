/** A path with ids in it is one path: `/orders/8812/items` and `/orders/77/items` are `/orders/:id/items`. */

const ID = ':id'

/** Digits, hex of 8 or more with a digit, UUIDs, and long tokens of mixed letters and digits. */
function isId(segment: string): boolean {
  const bare = segment.replace(/\.[a-z0-9]{1,5}$/i, '')
  if (/^\d+$/.test(bare)) return true
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(bare)) return true
  if (/^[0-9a-f]{8,}$/i.test(bare) && /\d/.test(bare)) return true
  // a product or session key: at least two digits among the letters, and no word of a language looks like that
  const digits = bare.replaceAll(/\D/g, '').length
  return bare.length >= 8 && /^[A-Za-z0-9_~-]+$/.test(bare) && digits >= 2 && /[A-Za-z]/.test(bare) && digits / bare.length >= 0.15 && !/^v\d/.test(bare)
}

/** The path with its id segments written `:id`; the ending of a file name stays, so that images stay images. */
export function pathPattern(path: string): string {
  return path
    .split('/')
    .map((segment) => {
      if (!isId(segment)) return segment
      const dot = segment.lastIndexOf('.')
      return dot > 0 ? ID + segment.slice(dot) : ID
    })
    .join('/')
}
