/** A line whose names are not Cloudflare's: which of them may be meant, to show the mapping that one could give. */
import { ALL_FIELDS } from '../schema/words/fields.js'
import { folded, namesOf, type Line } from './reader/names.js'
import { parseTimestamp } from './reader/timestamp.js'
import { cellsOf, COLUMNS_OF_HEADER, DELIMITERS } from './shape/csv-header.js'

interface Guess {
  field: string
  name: RegExp
  is: (value: unknown) => boolean
}

const isText = (value: unknown) => typeof value === 'string' && value !== ''
const isStatus = (value: unknown) => /^[1-5]\d\d$/.test(String(value))
const isTime = (value: unknown) => parseTimestamp(value) !== null

/** The first that fits a name is taken, and each name once. What must be there comes first. */
const GUESSES: readonly Guess[] = [
  {
    field: 'EdgeStartTimestamp',
    name: /start|^(ts|t|time|timestamp|datetime|date|when|at|eventtime|requesttime)$/,
    is: isTime,
  },
  { field: 'EdgeEndTimestamp', name: /end/, is: isTime },
  { field: 'EdgeStartTimestamp', name: /time|date|stamp/, is: isTime },
  {
    field: 'OriginResponseStatus',
    name: /(origin|upstream|backend).*(status|code)/,
    is: (value) => /^\d{1,3}$/.test(String(value)),
  },
  {
    field: 'EdgeResponseStatus',
    name: /edge.*(status|code)|^(status|code|s|sc|statuscode|responsestatus|responsecode|httpstatus)$/,
    is: isStatus,
  },
  { field: 'EdgeResponseStatus', name: /status|code/, is: isStatus },
  {
    field: 'RayID',
    name: /ray|^(id|rid|requestid|reqid)$/,
    is: (value) => isText(value) && /^[0-9a-f]{16}/i.test(String(value)),
  },
  { field: 'ClientRequestHost', name: /host|domain|authority/, is: isText },
  { field: 'ClientRequestURI', name: /uri|url/, is: isText },
  { field: 'ClientRequestPath', name: /path/, is: isText },
  { field: 'ClientRequestMethod', name: /method|verb/, is: (value) => /^[A-Z]{3,10}$/.test(String(value)) },
  { field: 'ClientIP', name: /^(ip|cip)$|(client|remote|visitor).*(ip|addr)/, is: isText },
  { field: 'ClientCountry', name: /country/, is: isText },
  { field: 'ClientRequestUserAgent', name: /^ua$|agent/, is: isText },
  { field: 'CacheCacheStatus', name: /cache/, is: isText },
  { field: 'EdgeColoCode', name: /colo/, is: isText },
]

export interface RenamedLine {
  /** Cloudflare's name and the line's own */
  mapping: [field: string, theirs: string][]
  /** do time and status have a name in it, so that it would be read? */
  isEnough: boolean
  keys: string[]
}

/** Null: the text is no JSON object. */
export function renamedIn(text: string): RenamedLine | null {
  const line = objectOf(text)
  if (line === null) return null
  const names = namesOf({})
  const fields = new Set(Object.keys(names.of(line)))
  const values = Object.entries(flat(line)).filter(([key]) => names.nameOf(key) === null)
  const mapping: [string, string][] = []
  for (const { field, name, is } of GUESSES) {
    if (fields.has(field) || mapping.some(([mapped]) => mapped === field)) continue
    const fits = ([key, value]: [string, unknown]) =>
      name.test(folded(key.split('.').at(-1) as string)) && is(value) && !mapping.some(([, theirs]) => theirs === key)
    const found = values.find(fits)
    if (found) mapping.push([field, found[0]])
  }
  const has = (field: string) => fields.has(field) || mapping.some(([mapped]) => mapped === field)
  return {
    mapping,
    isEnough: has('EdgeResponseStatus') && (has('EdgeStartTimestamp') || has('EdgeEndTimestamp')),
    keys: Object.keys(line),
  }
}

/** The same of a CSV whose header has names of its own; null: it is none. */
export function renamedColumns(text: string): RenamedLine | null {
  const [header, row = ''] = text.split(/\r?\n/, 2)
  if (!/^["\w@]/.test(header)) return null
  for (const delimiter of DELIMITERS) {
    const [keys, values] = [header, row].map((line) => cellsOf(line, delimiter, COLUMNS_OF_HEADER))
    if (keys.length < 2 || !keys.every((key) => /^[\w@.: -]{1,64}$/.test(key) && !/^\d+$/.test(key))) continue
    const found = renamedIn(JSON.stringify(Object.fromEntries(keys.map((key, i) => [key, values[i] ?? '']))))
    if (found && found.mapping.length > 0) return found
  }
  return null
}

const OWN_NAMES = new Set<string>(ALL_FIELDS.map(({ name }) => name))
/** So many names and no other are no coincidence. */
const LEAST_OWN = 3

/**
 * Are these the names of records as Faultline exports them? Their time is `time`; what told them apart when they came (the URI with its
 * query, the address as received) is not among them.
 */
export function isOwnExport(keys: readonly string[]): boolean {
  return keys.length >= LEAST_OWN && keys.includes('time') && keys.every((key) => OWN_NAMES.has(key))
}

function objectOf(text: string): Line | null {
  for (const part of [text, text.split('\n', 1)[0]]) {
    try {
      const parsed: unknown = JSON.parse(part)
      if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Line
    } catch {
      // perhaps only its first line is JSON
    }
  }
  return null
}

/** Nested objects, two deep, as paths. */
function flat(line: Line, before = '', depth = 0): Line {
  const out: { [name: string]: unknown } = {}
  for (const [key, value] of Object.entries(line)) {
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && depth < 2)
      Object.assign(out, flat(value as Line, `${before}${key}.`, depth + 1))
    else out[before + key] = value
  }
  return out
}
