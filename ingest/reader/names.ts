/**
 * Cloudflare's names however a tool spells them: `EdgeResponseStatus`, `edgeresponsestatus`, `edge_response_status`,
 * `edgeResponseStatus`; and names of one's own, where somebody says what they mean.
 */
import { FIELDS } from '../../schema/words/fields.js'
import { SECURITY_FIELDS } from './security.js'

/** Every name of Cloudflare's that is read. */
export const KNOWN_NAMES: readonly string[] = [
  ...new Set([...FIELDS.flatMap((f) => f.from), ...SECURITY_FIELDS, 'WorkerSubrequest', 'Subrequests']),
]

/** Bytes; what is longer is no name of a field. */
export const LONGEST_NAME = 256

/** Their name by Cloudflare's: `{ EdgeResponseStatus: 'status' }`. With dots it is a path into nested objects. */
export type FieldMapping = { readonly [cloudflareName: string]: string }

export type Line = { readonly [name: string]: unknown }

/** A name without the case of its ASCII letters, `_`, `-` and spaces. */
export function folded(name: string): string {
  return name.replaceAll(/[_\- ]/g, '').replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/** of the nested records before 2018, see nested.ts */
const NESTED_TIMES = new Set(['startTimestamp', 'endTimestamp', 'timestamp'])

/** Keys remembered per mapping; other datasets and hostile input bring ever new ones. */
const MAX_REMEMBERED = 4_096

export class Names {
  /** folded spelling → Cloudflare's name */
  readonly spellings: ReadonlyMap<string, string>
  /** names that somebody mapped, by Cloudflare's name */
  private readonly mapped: ReadonlySet<string>
  /** mapped names that are found inside nested objects */
  private readonly paths: readonly (readonly [name: string, path: readonly string[]])[]
  private readonly timePaths: ReadonlySet<string>
  private readonly remembered = new Map<string, string | null>()

  constructor(readonly mapping: FieldMapping) {
    const spellings = new Map(KNOWN_NAMES.map((name) => [folded(name), name]))
    const plain = Object.entries(mapping).filter(([, theirs]) => !theirs.includes('.'))
    for (const [name, theirs] of plain) spellings.set(folded(theirs), name)
    this.spellings = spellings
    this.mapped = new Set(plain.map(([, theirs]) => folded(theirs)))
    this.paths = Object.entries(mapping)
      .filter(([, theirs]) => theirs.includes('.'))
      .map(([name, theirs]) => [name, theirs.split('.')])
    const times = this.paths.filter(([name]) => name.endsWith('Timestamp'))
    this.timePaths = new Set(times.map(([, path]) => path[path.length - 1]))
  }

  /** Are there names of one's own? */
  get hasMapping(): boolean {
    return this.mapped.size > 0 || this.hasPaths
  }

  /** Are there names that only a look into nested objects can find? */
  get hasPaths(): boolean {
    return this.paths.length > 0
  }

  /** Cloudflare's name for a key, or null where it is none of those that are read. */
  nameOf(key: string): string | null {
    if (key.length > LONGEST_NAME) return null
    const known = this.remembered.get(key)
    if (known !== undefined) return known
    // the scanner counts bytes
    const name = Buffer.byteLength(key) > LONGEST_NAME ? null : (this.spellings.get(folded(key)) ?? null)
    if (this.remembered.size >= MAX_REMEMBERED) this.remembered.clear()
    this.remembered.set(key, name)
    return name
  }

  /**
   * The line under Cloudflare's names. Where two keys mean one field, a mapped one comes first, then Cloudflare's own
   * spelling, then whichever stands first.
   */
  of(line: Line): Line {
    let renamed: { [name: string]: unknown } | null = null
    for (const key of Object.keys(line)) {
      const name = this.nameOf(key)
      if (name === null || name === key) continue
      renamed ??= withoutMapped(line, this)
      if (this.isMapped(key) || !(name in renamed)) renamed[name] = line[key]
    }
    for (const [name, path] of this.paths) {
      const value = line[path.join('.')] ?? valueAt(line, path)
      if (value === undefined) continue
      renamed ??= { ...line }
      renamed[name] = value
    }
    return renamed ?? line
  }

  /** Does a value under this key say when something was, perhaps in nanoseconds? */
  isTime(key: string): boolean {
    const name = this.nameOf(key)
    return (
      name === 'EdgeStartTimestamp' || name === 'EdgeEndTimestamp' || NESTED_TIMES.has(key) || this.timePaths.has(key)
    )
  }

  isMapped(key: string): boolean {
    return this.mapped.size > 0 && this.mapped.has(folded(key))
  }
}

/** A copy without the keys that were mapped to another name than their own. */
function withoutMapped(line: Line, names: Names): { [name: string]: unknown } {
  return Object.fromEntries(Object.entries(line).filter(([key]) => names.nameOf(key) === key || !names.isMapped(key)))
}

function valueAt(line: Line, path: readonly string[]): unknown {
  let value: unknown = line
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Line)[step]
  }
  return value
}

/** What `EdgeResponseStatus=status` and the like say; or, where one says nothing, what is wrong with it. */
export function mappingOf(texts: readonly string[]): FieldMapping | string {
  const mapping: { [name: string]: string } = {}
  for (const text of texts) {
    const at = text.indexOf('=')
    const [field, theirs] = at < 0 ? [text.trim(), ''] : [text.slice(0, at).trim(), text.slice(at + 1).trim()]
    if (field === '' || theirs === '' || Buffer.byteLength(theirs) > LONGEST_NAME)
      return `"${text}" is no mapping. Write Cloudflare's name, = and the name in your lines: EdgeResponseStatus=status`
    const name = namesOf({}).nameOf(field)
    if (name === null) return `"${field}" is no field that is read here. Those are: ${KNOWN_NAMES.join(', ')}`
    mapping[name] = theirs
  }
  return mapping
}

const known = new Map<string, Names>()
const MAX_KNOWN = 64

/** One for each mapping. */
export function namesOf(mapping: FieldMapping): Names {
  const key = JSON.stringify(Object.entries(mapping))
  let names = known.get(key)
  if (!names) {
    if (known.size >= MAX_KNOWN) known.clear()
    names = new Names(mapping)
    known.set(key, names)
  }
  return names
}
