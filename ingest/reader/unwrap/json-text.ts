/**
 * Where values stand in JSON text. What is inside a wrapper is taken as the bytes that it was, so that a record is the same
 * record whatever it was wrapped in; only JSON.parse says in the end whether it is JSON.
 */

export interface Span {
  from: number
  to: number
}

const QUOTE = 34
const COMMA = 44
const COLON = 58
const OPEN_LIST = 91
const BACKSLASH = 92
const CLOSE_LIST = 93
const OPEN = 123
const CLOSE = 125
const MARK = 0xfeff

/** White space, and what stands for it between values: control characters, ends of lines that are characters of their own. */
export const isSpace = (c: number) => c <= 32 || c === MARK || c === 0x2028 || c === 0x2029

export function skipSpace(text: string, at: number): number {
  while (at < text.length && isSpace(text.charCodeAt(at))) at++
  return at
}

/** Behind the string that begins at `at`, or -1 where it does not end. */
export function stringEnd(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === BACKSLASH) i++
    else if (c === QUOTE) return i + 1
  }
  return -1
}

/** Behind the value that begins at `at`, or -1 where it does not end. */
export function valueEnd(text: string, at: number): number {
  const first = text.charCodeAt(at)
  if (first === QUOTE) return stringEnd(text, at)
  if (first !== OPEN && first !== OPEN_LIST) {
    let i = at
    while (i < text.length) {
      const c = text.charCodeAt(i)
      if (c === COMMA || c === CLOSE || c === CLOSE_LIST || isSpace(c)) break
      i++
    }
    return i
  }
  let depth = 0
  for (let i = at; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === QUOTE) {
      i = stringEnd(text, i) - 1
      if (i < 0) return -1
    } else if (c === OPEN || c === OPEN_LIST) depth++
    else if ((c === CLOSE || c === CLOSE_LIST) && --depth === 0) return i + 1
  }
  return -1
}

/** The elements of the list that begins at `at`. An element that does not end reaches to the end of the text. */
export function elementsAt(text: string, at: number): Span[] {
  const spans: Span[] = []
  for (let i = skipSpace(text, at + 1); i < text.length;) {
    const c = text.charCodeAt(i)
    if (c === CLOSE_LIST) break
    if (c === COMMA) {
      i = skipSpace(text, i + 1)
      continue
    }
    const end = valueEnd(text, i)
    const to = end <= i ? text.length : end
    spans.push({ from: i, to })
    i = skipSpace(text, to)
  }
  return spans
}

/** The members of the object that begins at `at`, the last of each name. */
export function membersAt(text: string, at: number): Map<string, Span> {
  const members = new Map<string, Span>()
  for (let i = skipSpace(text, at + 1); i < text.length;) {
    const c = text.charCodeAt(i)
    if (c === COMMA) {
      i = skipSpace(text, i + 1)
      continue
    }
    if (c !== QUOTE) break
    const keyEnd = stringEnd(text, i)
    const colon = keyEnd < 0 ? -1 : skipSpace(text, keyEnd)
    if (colon < 0 || text.charCodeAt(colon) !== COLON) break
    const from = skipSpace(text, colon + 1)
    const to = valueEnd(text, from)
    if (to <= from) break
    members.set(stringAt(text, i, keyEnd), { from, to })
    i = skipSpace(text, to)
  }
  return members
}

/** The text of a string between its quotes; as it stands where its escapes are none. */
export function stringAt(text: string, from: number, to: number): string {
  const plain = text.slice(from + 1, to - 1)
  if (!plain.includes('\\')) return plain
  try {
    return JSON.parse(text.slice(from, to)) as string
  } catch {
    return plain
  }
}

/** Where text stops being JSON, from 0, and what stands there; null for one JSON value and nothing else. */
export function firstError(text: string): { at: number; found: string } | null {
  const at = new Checker(text).check()
  return at === null ? null : { at, found: foundAt(text, at) }
}

/** Characters shown of what stands where something else was expected. */
const SHOWN = 16

function foundAt(text: string, at: number): string {
  if (at >= text.length) return ''
  const word = /^[\p{L}\p{N}_.+-]+/u.exec(text.slice(at, at + SHOWN))?.[0]
  return word ?? String.fromCodePoint(text.codePointAt(at) as number)
}

/** Deeper than any log; a check must end in its own words, not in a stack that overflows. */
const MAX_DEPTH = 500

const TOKEN = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y

class Checker {
  private at = 0

  constructor(private readonly text: string) {}

  check(): number | null {
    const ok = this.value(0) && this.space() === this.text.length
    return ok ? null : this.at
  }

  private space(): number {
    const { text } = this
    for (let c = text.charCodeAt(this.at); c === 32 || c === 10 || c === 13 || c === 9; c = text.charCodeAt(this.at))
      this.at++
    return this.at
  }

  private take(character: string): boolean {
    if (this.text[this.at] !== character) return false
    this.at++
    return true
  }

  private value(depth: number): boolean {
    this.space()
    const c = this.text[this.at]
    if (depth > MAX_DEPTH || c === undefined) return false
    if (c === '"') return this.string()
    if (c === '{') return this.list('}', () => this.member(depth))
    if (c === '[') return this.list(']', () => this.value(depth + 1))
    TOKEN.lastIndex = this.at
    const match = TOKEN.exec(this.text)
    if (match) this.at += match[0].length
    return match !== null
  }

  private member(depth: number): boolean {
    this.space()
    if (this.text[this.at] !== '"' || !this.string()) return false
    this.space()
    return this.take(':') && this.value(depth + 1)
  }

  private list(close: string, item: () => boolean): boolean {
    this.at++
    this.space()
    if (this.take(close)) return true
    for (;;) {
      if (!item()) return false
      this.space()
      if (this.take(close)) return true
      const comma = this.at
      if (!this.take(',')) return false
      this.space()
      if (this.text[this.at] === close) {
        // the comma is what is too much
        this.at = comma
        return false
      }
    }
  }

  private string(): boolean {
    for (let i = this.at + 1; i < this.text.length; i++) {
      const c = this.text.charCodeAt(i)
      if (c === QUOTE) {
        this.at = i + 1
        return true
      }
      if (c >= 32 && c !== BACKSLASH) continue
      ESCAPE.lastIndex = i
      if (!ESCAPE.test(this.text)) {
        this.at = i
        return false
      }
      i = ESCAPE.lastIndex - 1
    }
    this.at = this.text.length
    return false
  }
}
