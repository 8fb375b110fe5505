/** Takes values out of mappings that somebody wrote, JSON or YAML, and collects what is wrong with them. */
import { formatDuration, MINUTE, parseDuration } from '../../../schema/words/duration.js'
import { didYouMean } from '../../../schema/words/nearest.js'

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

export class Reader {
  readonly problems: Problem[] = []
  readonly complain: Complain = (path, reason) => {
    this.problems.push({ path, reason })
  }

  known(from: Mapping, keys: readonly string[], path: Path): void {
    for (const key of Object.keys(from)) {
      if (keys.includes(key)) continue
      this.complain([...path, key], `"${key}" is not known here.${didYouMean(key, keys, 'Known are')}`)
    }
  }

  text(value: unknown, path: Path, max: number): string {
    if (typeof value !== 'string') this.complain(path, 'must be a text')
    const text = shown(value).trim()
    if (text.length > max) this.complain(path, `has ${text.length} characters; ${max} is the limit`)
    return text
  }

  link(value: unknown, path: Path, max: number): string {
    const text = this.text(value, path, max)
    if (text !== '' && !isWebLink(text)) this.complain(path, 'must be a link that begins with https:// or http://')
    return text
  }

  texts(value: unknown, path: Path): string[] {
    const list = Array.isArray(value) ? value : [value]
    if (!list.every((v) => typeof v === 'string')) this.complain(path, 'must be a list of texts')
    return list.map(shown)
  }

  flag(value: unknown, path: Path): boolean {
    if (typeof value !== 'boolean') this.complain(path, 'must be true or false')
    return value === true
  }

  word(value: unknown, path: Path, words: readonly string[]): string | null {
    if (typeof value === 'string' && words.includes(value)) return value
    this.complain(path, `"${shown(value)}" is not known.${didYouMean(value, words, 'There are')}`)
    return null
  }

  /** A share may be written 5% too. */
  number(value: unknown, path: Path, limits: Limits): number {
    const percent = limits.share && typeof value === 'string' ? /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(value) : null
    // 99.9 / 100 is 0.9990000000000001
    const number = percent ? Number((Number(percent[1]) / 100).toPrecision(12)) : value
    if (typeof number === 'number' && Number.isFinite(number) && isWithin(number, limits)) return number
    this.complain(path, `must be ${numberInWords(limits)}, not ${JSON.stringify(value)}`)
    return 0
  }

  duration(value: unknown, path: Path, limits: { min: number; max: number }): number {
    const ms = typeof value === 'string' ? parseDuration(value) : value === 0 ? 0 : null
    if (ms === null) {
      this.complain(path, `${JSON.stringify(value)} is no duration; write it like 90s, 5m or 1h30m`)
      return MINUTE
    }
    if (ms < limits.min || ms > limits.max) {
      this.complain(path, `must be from ${formatDuration(limits.min)} to ${formatDuration(limits.max)}`)
    }
    return ms
  }

  /** Counts are kept by the minute, so windows are whole minutes. */
  window(value: unknown, path: Path, limits: { min: number; max: number }): number {
    const ms = this.duration(value, path, limits)
    if (ms % MINUTE !== 0) this.complain(path, 'must be whole minutes')
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

function numberInWords({ minimum, maximum, exclusiveMinimum, exclusiveMaximum, examples, share }: Limits): string {
  const example = Number(examples?.[0] ?? 0.05)
  const percent = share ? `${Number((example * 100).toPrecision(12))}%` : null
  if (exclusiveMinimum !== undefined && exclusiveMaximum !== undefined) {
    return `between ${exclusiveMinimum} and ${exclusiveMaximum}, like ${example}${percent ? ` or ${percent}` : ''}`
  }
  return `a number from ${minimum ?? 0} to ${maximum ?? 'any'}${percent ? `, or a percentage like ${percent}` : ''}`
}

function isWebLink(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}
