/**
 * What Parquet's types mean, as JSON has them: times as ISO 8601 (digits below the millisecond are cut), whole numbers with all
 * their digits, decimals exactly, bytes as text if they are that. Types: https://github.com/apache/parquet-format
 */
import type { ParquetParsers } from 'hyparquet'

const text = new TextDecoder('utf-8', { ignoreBOM: true })
const strictText = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true })

function isoAt(ms: bigint, raw: bigint): string {
  const date = new Date(Number(ms))
  // what is no time is refused by whoever reads the line, with its digits
  return Number.isNaN(date.getTime()) ? String(raw) : date.toISOString()
}

export const PARSERS: ParquetParsers = {
  timestampFromMilliseconds: (millis) => of(millis, (n) => isoAt(n, n)),
  timestampFromMicroseconds: (micros) => of(micros, (n) => isoAt(n / 1_000n, n)),
  timestampFromNanoseconds: (nanos) => of(nanos, (n) => isoAt(n / 1_000_000n, n)),
  dateFromDays: (days) => of(days, (n) => isoAt(BigInt(n) * 86_400_000n, BigInt(n)).slice(0, 10)),
  stringFromBytes: (bytes) => of(bytes, (b) => text.decode(b)),
  jsonFromBytes: (bytes) => of(bytes, (b) => new Json(text.decode(b))),
  geometryFromBytes: () => null,
  geographyFromBytes: () => null,
  uuidFromBytes: (bytes) =>
    of(bytes, (b) =>
      Buffer.from(b)
        .toString('hex')
        .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
    ),
}

/** A value that is JSON already, and stands as it is: read and written anew, its numbers would lose digits. */
class Json {
  readonly text: string
  constructor(given: string) {
    let isJson = true
    try {
      JSON.parse(given)
    } catch {
      isJson = false
    }
    // between values a line feed is white space like any other
    this.text = isJson ? given.replaceAll(/[\r\n]/g, ' ') : JSON.stringify(given)
  }
}

/** Absent stays absent. */
function of<T, R>(value: T | null | undefined, say: (value: T) => R): R | null {
  return value === null || value === undefined ? null : say(value)
}

/** An unscaled number as its column has it, to its digits with the point where it belongs. */
export function decimalText(value: unknown, scale: number): string | null {
  if (value === null || value === undefined) return null
  const unscaled = value instanceof Uint8Array ? signed(value) : BigInt(value as number | bigint)
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0')
  const sign = unscaled < 0n ? '-' : ''
  return scale > 0 ? `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}` : `${sign}${digits}`
}

/** Two's complement, big-endian. */
function signed(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${Buffer.from(bytes).toString('hex')}`))
}

/** A value of a row as JSON. */
export function jsonOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value)
    case 'number':
      return Number.isFinite(value) ? String(value) : 'null'
    case 'bigint':
      return String(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      if (value === null) return 'null'
      if (value instanceof Uint8Array) return JSON.stringify(textOf(value))
      if (value instanceof Json) return value.text
      if (Array.isArray(value)) return `[${value.map(jsonOf).join(',')}]`
      return `{${Object.entries(value)
        .map(([key, one]) => `${JSON.stringify(key)}:${jsonOf(one)}`)
        .join(',')}}`
    default:
      return 'null'
  }
}

/** Texts of a fixed length are filled up with zeros. */
function textOf(bytes: Uint8Array): string {
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === 0) end--
  try {
    return strictText.decode(bytes.subarray(0, end))
  } catch {
    return Buffer.from(bytes).toString('hex')
  }
}
