/** What a bracket begins: a list of values, a tuple (`["tag",1700000000,{…}]`) or a word in brackets (`[INFO] …`). */

export type ListBeginning = 'list' | 'tuple' | 'no-list'

/** Characters that tell: white space, then what begins the first value. */
export const TELLING_BYTES = 160

/** One object, as a list of its names and values: OpenTelemetry, CloudWatch Insights. */
export const KEYS_AND_VALUES = /^\[\s*\{\s*"(?:key|field|Key|Field|Name)"\s*:\s*"[^"]*"\s*,\s*"[vV]alue"/

const LIST = /^\[[\s\ufeff]*(?:$|[{[\],\ufeff]|\u00ef|"\s*(?:\\[nrt])*\s*[{[]|null\b)/
const TUPLE = /^\[\s*(?:"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\s*[,\]]|(?:true|false)\b)/

/** Can more of the text change what it is? */
export function isUndecided(text: string): boolean {
  if (text.length >= TELLING_BYTES) return false
  if (!/^\[\s*\{/.test(text)) return /^\[\s*[^\s{[\]]{0,30}$/.test(text)
  const key = /^\[\s*\{\s*"([^"]*)"/.exec(text)?.[1]
  return key === undefined ? !/^\[\s*\{\s*[^"\s]/.test(text) : /^(key|field|name)$/i.test(key)
}

/** `text`: from the bracket on. */
export function listBeginning(text: string): ListBeginning {
  const start = text.slice(0, TELLING_BYTES)
  if (KEYS_AND_VALUES.test(text)) return 'tuple'
  if (LIST.test(start)) return 'list'
  return TUPLE.test(start) ? 'tuple' : 'no-list'
}
