/** Takes values out of mappings that somebody wrote, JSON or YAML, and collects what is wrong with them. */
import { formatDuration, MINUTE, parseDuration } from '../../../schema/words/duration.js'
import { nearest } from '../../../schema/words/nearest.js'
import type { Found, Mistake, Path } from './mistakes/mistake.js'

export interface Problem {
  path: Path
  mistake: Mistake
}
export type Complain = (path: Path, mistake: Mistake) => void

export type Mapping = { [key: string]: unknown }

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value as a message can show it. Not every object can be made a text: YAML makes some without a prototype. */
export function foundIn(value: unknown): Found {
  if (typeof value !== 'object' || value === null) return { as: 'text', text: String(value) }
  return { as: Array.isArray(value) ? 'list' : 'mapping' }
}

/** A value as the text it was meant to be; '' where it can be none. */
export function textOf(value: unknown): string {
  const found = foundIn(value)
  return found.as === 'text' ? found.text : ''
}

/** A word that is not known: what was meant by it, or what there is. */
export function unknownAmong(
  word: unknown,
  known: readonly string[],
): { near: string | null; known: readonly string[] } {
  return { near: typeof word === 'string' ? nearest(word, known) : null, known }
}

export class Reader {
  readonly problems: Problem[] = []
  readonly complain: Complain = (path, mistake) => {
    this.problems.push({ path, mistake })
  }

  known(from: Mapping, keys: readonly string[], path: Path): void {
    for (const key of Object.keys(from)) {
      if (keys.includes(key)) continue
      this.complain([...path, key], { what: 'unknown-key', key, ...unknownAmong(key, keys) })
    }
  }

  text(value: unknown, path: Path, max: number): string {
    if (typeof value !== 'string') this.complain(path, { what: 'no-text' })
    const text = textOf(value).trim()
    if (text.length > max) this.complain(path, { what: 'too-long', length: text.length, most: max })
    return text
  }

  link(value: unknown, path: Path, max: number): string {
    const text = this.text(value, path, max)
    if (text !== '' && !isWebLink(text)) this.complain(path, { what: 'no-link' })
    return text
  }

  texts(value: unknown, path: Path): string[] {
    const list = Array.isArray(value) ? value : [value]
    if (!list.every((v) => typeof v === 'string')) this.complain(path, { what: 'no-texts' })
    return list.map(textOf)
  }

  flag(value: unknown, path: Path): boolean {
    if (typeof value !== 'boolean') this.complain(path, { what: 'no-flag' })
    return value === true
  }

  word(value: unknown, path: Path, words: readonly string[]): string | null {
    if (typeof value === 'string' && words.includes(value)) return value
    this.complain(path, { what: 'unknown-word', found: foundIn(value), ...unknownAmong(value, words) })
    return null
  }

  /** A share may be written 5% too. */
  number(value: unknown, path: Path, limits: Limits): number {
    const percent = limits.share && typeof value === 'string' ? /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(value) : null
    // 99.9 / 100 is 0.9990000000000001
    const number = percent ? Number((Number(percent[1]) / 100).toPrecision(12)) : value
    if (typeof number === 'number' && Number.isFinite(number) && isWithin(number, limits)) return number
    this.complain(path, { what: 'no-number', found: asJson(value), ...wanted(limits) })
    return 0
  }

  duration(value: unknown, path: Path, limits: { min: number; max: number }): number {
    const ms = typeof value === 'string' ? parseDuration(value) : value === 0 ? 0 : null
    if (ms === null) {
      this.complain(path, { what: 'no-duration', found: asJson(value) })
      return MINUTE
    }
    if (ms < limits.min || ms > limits.max) {
      const [least, most] = [formatDuration(limits.min), formatDuration(limits.max)]
      this.complain(path, { what: 'duration-out-of-range', least, most })
    }
    return ms
  }

  /** Counts are kept by the minute, so windows are whole minutes. */
  window(value: unknown, path: Path, limits: { min: number; max: number }): number {
    const ms = this.duration(value, path, limits)
    if (ms % MINUTE !== 0) this.complain(path, { what: 'no-whole-minutes' })
    return ms
  }
}

interface Limits {
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  examples?: unknown[]
  share?: boolean
}

function isWithin(n: number, { minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Limits): boolean {
  return (
    n >= (minimum ?? -Infinity) &&
    n <= (maximum ?? Infinity) &&
    n > (exclusiveMinimum ?? -Infinity) &&
    n < (exclusiveMaximum ?? Infinity)
  )
}

/** What a number was to be, so that a message can say it. */
function wanted({ minimum, maximum, exclusiveMinimum, exclusiveMaximum, examples, share }: Limits) {
  const example = Number(examples?.[0] ?? 0.05)
  const isBetween = exclusiveMinimum !== undefined && exclusiveMaximum !== undefined
  return {
    from: (isBetween ? exclusiveMinimum : minimum) ?? null,
    to: (isBetween ? exclusiveMaximum : maximum) ?? null,
    between: isBetween ? { example } : null,
    percent: share ? `${Number((example * 100).toPrecision(12))}%` : null,
  }
}

const asJson = (value: unknown): string => String(JSON.stringify(value))

function isWebLink(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}
