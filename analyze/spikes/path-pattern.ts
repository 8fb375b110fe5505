/**
 * A path with ids in it is one path: `/orders/8812/items` and `/orders/77/items` are `/orders/:id/items`.
 * Some ids show by themselves (`pathPattern`), others only by the company they keep: `/blog/size-guide` is a page,
 * until `/blog` turns out to have two hundred of them (`pathPatterns`).
 */

const ID = ':id'

/** Reads a path of the traffic it was learned from as its pattern. */
export type PathReader = (path: string) => string

/** `/orders/:id` as a filter has it: paths that go on behind the id are meant as well, since `*` stands for anything. */
export const asFilterValue = (pattern: string): string => pattern.replaceAll(ID, '*')

/** Spikes of a site have its paths in common; so many are remembered. */
const MOST_READ = 20_000
const patterns = new Map<string, string>()

/** The path with the segments that look like ids written `:id`; the ending of a file name stays, so that images stay images. */
export const pathPattern: PathReader = (path) => {
  let pattern = patterns.get(path)
  if (pattern === undefined) {
    pattern = path.split('/').map(segmentPattern).join('/')
    if (patterns.size >= MOST_READ) patterns.clear()
    patterns.set(path, pattern)
  }
  return pattern
}

/** `/2026/11` and `/2026/11/08`: a date is a place to look in, not an id. */
function isDate(segments: readonly string[], i: number): boolean {
  const isYear = (at: number) =>
    /^(?:19|20)\d\d$/.test(segments[at] ?? '') && /^(?:0[1-9]|1[0-2])$/.test(segments[at + 1] ?? '')
  return isYear(i) || isYear(i - 1) || (isYear(i - 2) && /^[0-3]\d$/.test(segments[i]))
}

function segmentPattern(segment: string, i: number, segments: readonly string[]): string {
  if (segment === '' || isDate(segments, i)) return segment
  const [name, ending] = cutEnding(segment)
  if (isId(name)) return ID + ending
  const parts = segment.split('.')
  // app.3f2a9c1be07d.js: the hash is one part of the name
  return parts.length > 2 && parts.some(isHash) ? parts.map((part) => (isHash(part) ? ID : part)).join('.') : segment
}

/** `p1000.webp` → `p1000`, `.webp`; an ending holds a letter, so that versions and amounts stay whole. */
function cutEnding(segment: string): [name: string, ending: string] {
  const ending = /^.+?(\.(?=[^.]*[a-z])[a-z0-9]{1,5})$/i.exec(segment)?.[1] ?? ''
  return [segment.slice(0, segment.length - ending.length), ending]
}

/** Cloudflare logs paths percent-encoded; a broken escape stays as it is. */
function readable(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** UUIDs, and hexadecimal of eight or more with a digit and a letter in it. */
function isHash(text: string): boolean {
  return (
    /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text) ||
    (/^[0-9a-f]{8,}$/i.test(text) && /\d/.test(text) && /[a-f]/i.test(text))
  )
}

/** Digits, hashes, words that end in a number of three or more digits, and long tokens of mixed letters and digits. */
function isId(encoded: string): boolean {
  const name = readable(encoded)
  if (/^\d+$/.test(name) || isHash(name)) return true
  if (!/^[\p{L}\p{M}\p{N}_~-]+$/u.test(name) || /^v\d/i.test(name)) return false
  if (/[_-]\d{3,}$/.test(name)) return true
  // a product or session key: at least two digits among the letters, and no word of a language looks like that
  const digits = name.replaceAll(/\D/g, '').length
  return name.length >= 8 && digits >= 2 && digits / name.length >= 0.15
}

interface Branch {
  weight: number
  children: Map<string, Branch>
  /** children that are ids, and how they are written */
  ids: Map<string, string>
}

/** Names with a number in them are ids where so many stand beside each other, none of them half of the traffic. */
const NUMBERED_SIBLINGS = 6
/** Names made of several words: articles, products. Fewer are needed where most siblings are ids already. */
const WORDED_SIBLINGS = 24
const WORDED_SIBLINGS_OF_IDS = 8

/** Learns which segments are ids from the paths of a site, given as often as they were asked for. */
export function pathPatterns(paths: Iterable<string>): PathReader {
  const counts = new Map<string, number>()
  for (const path of paths) counts.set(path, (counts.get(path) ?? 0) + 1)
  const root = newBranch()
  for (const [path, weight] of counts) grow(root, pathPattern(path).split('/').slice(1), weight)
  findIds(root, 0)
  const known = new Map<string, string>()
  return (path) => {
    let pattern = known.get(path)
    if (pattern === undefined) known.set(path, (pattern = read(root, pathPattern(path))))
    return pattern
  }
}

const newBranch = (): Branch => ({ weight: 0, children: new Map(), ids: new Map() })

function grow(branch: Branch, segments: readonly string[], weight: number): void {
  branch.weight += weight
  if (segments.length === 0) return
  const [name, ...rest] = segments
  let child = branch.children.get(name)
  if (!child) branch.children.set(name, (child = newBranch()))
  grow(child, rest, weight)
}

function findIds(branch: Branch, depth: number): void {
  for (const name of idsAmong(branch, depth)) {
    const written = ID + cutEnding(name)[1]
    branch.ids.set(name, written)
    const one = branch.children.get(name) as Branch
    branch.children.delete(name)
    const all = branch.children.get(written)
    if (all) merge(all, one)
    else branch.children.set(written, one)
  }
  for (const child of branch.children.values()) findIds(child, depth + 1)
}

function idsAmong({ children, weight }: Branch, depth: number): string[] {
  const names = [...children.keys()].filter((name) => name !== '' && !name.includes(ID))
  const numbered = names.filter(
    (name) => /\d/.test(readable(name)) && !/^(?:v\d+(?:\.\d+)?|\d{2}|(?:19|20)\d\d)$/i.test(name),
  )
  const most = (some: string[]) => Math.max(0, ...some.map((name) => children.get(name)?.weight ?? 0))
  const sum = (some: string[]) => some.reduce((total, name) => total + (children.get(name)?.weight ?? 0), 0)
  const ids = numbered.length >= NUMBERED_SIBLINGS && most(numbered) <= 0.5 * sum(numbered) ? numbered : []
  // the root of a site has its sections there, and what scanners try
  if (depth === 0) return ids
  const worded = names.filter((name) => /[-_ ]|[^\p{ASCII}]/u.test(readable(cutEnding(name)[0])))
  const amongIds = weight - sum(names) + sum(ids) >= weight / 2
  const enough =
    worded.length >= (amongIds ? WORDED_SIBLINGS_OF_IDS : WORDED_SIBLINGS) &&
    worded.length >= 0.6 * (names.length - ids.length)
  return enough && most(worded) <= 0.2 * weight ? [...new Set([...ids, ...worded])] : ids
}

function merge(into: Branch, from: Branch): void {
  into.weight += from.weight
  for (const [name, child] of from.children) {
    const known = into.children.get(name)
    if (known) merge(known, child)
    else into.children.set(name, child)
  }
}

function read(root: Branch, pattern: string): string {
  let branch: Branch | undefined = root
  const written = pattern
    .split('/')
    .slice(1)
    .map((segment) => {
      const name: string = branch?.ids.get(segment) ?? segment
      branch = branch?.children.get(name)
      return name
    })
  return pattern.startsWith('/') ? `/${written.join('/')}` : pattern
}

/** `/a/:id/c` → `/a`, `/a/:id`: what a path stands under, the root left out. */
export function pathsAbove(pattern: string): string[] {
  const segments = pattern.split('/').slice(1)
  return segments
    .slice(0, -1)
    .flatMap((_, i) => (i === 0 && segments[0] === '' ? [] : [`/${segments.slice(0, i + 1).join('/')}`]))
}
