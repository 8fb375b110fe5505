/** Takes values out of mappings that somebody wrote, JSON or YAML, and collects what is wrong with them. */
import { DAY, formatDuration, MINUTE, parseDuration } from './duration.js'
import { nearest } from './nearest.js'

export type Path = (string | number)[]
export interface Problem {
  path: Path
  reason: string
}
export type Complain = (path: Path, reason: string) => void

export type Mapping = { [key: string]: unknown }

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value in a message, or as the text it was meant to be. Not every object can be made one: YAML makes some without a prototype. */
export function shown(value: unknown): string {
  return typeof value === 'object' && value !== null ? (Array.isArray(value) ? 'a list' : 'a mapping') : String(value)
}

const MAX_WINDOW_MS = 30 * DAY

export class Reader {
  readonly problems: Problem[] = []
  readonly complain: Complain = (path, reason) => {
    this.problems.push({ path, reason })
  }

  known(from: Mapping, keys: readonly string[], path: Path): void {
    for (const key of Object.keys(from)) {
      if (keys.includes(key)) continue
      const near = nearest(key, keys)
      this.complain(
        [...path, key],
        `"${key}" is not known here.${near ? ` Did you mean "${near}"?` : ` Known are ${keys.join(', ')}.`}`,
      )
    }
  }

  text(from: Mapping, key: string, path: Path, { required = false, max }: { required?: boolean; max: number }): string {
    const value = from[key]
    if (value === undefined || value === null || value === '') {
      if (required) this.complain([...path, key], 'is missing')
      return ''
    }
    if (typeof value !== 'string') this.complain([...path, key], 'must be a text')
    const text = shown(value).trim()
    if (text.length > max) this.complain([...path, key], `has ${text.length} characters; ${max} is the limit`)
    return text
  }

  texts(from: Mapping, key: string, path: Path): string[] {
    const value = from[key]
    if (value === undefined || value === null) return []
    const list = Array.isArray(value) ? value : [value]
    if (!list.every((v) => typeof v === 'string')) this.complain([...path, key], 'must be a list of texts')
    return list.map(shown)
  }

  flag(from: Mapping, key: string, path: Path, fallback: boolean): boolean {
    const value = from[key] ?? fallback
    if (typeof value !== 'boolean') this.complain([...path, key], 'must be true or false')
    return value === true
  }

  word(from: Mapping, key: string, path: Path, words: readonly string[], fallback: string | null): string | null {
    const value = from[key] ?? fallback
    if (value === null) this.complain([...path, key], `is missing: one of ${words.join(', ')}`)
    else if (typeof value !== 'string' || !words.includes(value)) {
      const near = typeof value === 'string' ? nearest(value, words) : null
      this.complain(
        [...path, key],
        `"${shown(value)}" is not known.${near ? ` Did you mean "${near}"?` : ` There are ${words.join(', ')}.`}`,
      )
      return null
    }
    return value
  }

  /** A share may be written 5% too. */
  number(
    from: Mapping,
    key: string,
    path: Path,
    limits: { fallback?: number; min: number; max: number; share?: boolean },
  ): number {
    const value = from[key] ?? limits.fallback
    if (value === undefined) {
      this.complain([...path, key], 'is missing')
      return 0
    }
    const percent = limits.share && typeof value === 'string' ? /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(value) : null
    // 99.9 / 100 is 0.9990000000000001
    const number = percent ? Number((Number(percent[1]) / 100).toPrecision(12)) : value
    if (typeof number !== 'number' || !Number.isFinite(number) || number < limits.min || number > limits.max) {
      this.complain(
        [...path, key],
        `must be a number from ${limits.min} to ${limits.max}${limits.share ? ', or a percentage like 5%' : ''}, not ${JSON.stringify(value)}`,
      )
      return 0
    }
    return number
  }

  duration(
    from: Mapping,
    key: string,
    path: Path,
    limits: { fallback: number | null; min: number; max: number },
  ): number {
    const value = from[key]
    if (value === undefined || value === null) {
      if (limits.fallback === null) this.complain([...path, key], 'is missing: a duration like 5m')
      return limits.fallback ?? MINUTE
    }
    const ms = typeof value === 'string' ? parseDuration(value) : value === 0 ? 0 : null
    if (ms === null) {
      this.complain([...path, key], `${JSON.stringify(value)} is no duration; write it like 90s, 5m or 1h30m`)
      return MINUTE
    }
    if (ms < limits.min || ms > limits.max) {
      this.complain([...path, key], `must be from ${formatDuration(limits.min)} to ${formatDuration(limits.max)}`)
    }
    return ms
  }

  /** Counts are kept by the minute, so windows are whole minutes. */
  window(from: Mapping, key: string, path: Path, max = MAX_WINDOW_MS): number {
    const ms = this.duration(from, key, path, { fallback: null, min: MINUTE, max })
    if (ms % MINUTE !== 0) this.complain([...path, key], 'must be whole minutes')
    return ms
  }
}
