/**
 * What tokens mean. Each distinct token, and each distinct set of facts, is put through the functions of the slow
 * reader once; after that its number stands for it.
 */
import { DIMENSION_FIELDS, type DimensionField } from '../../../schema/fields.js'
import { perField } from '../../../schema/block.js'
import { normalise, type Line, type ReadSettings } from '../normalise.js'
import { SECURITY_FIELDS } from '../security.js'
import { asn, lower, parentRay, text, upper } from '../values.js'
import * as L from './layout.js'
import type { Scanner } from './scanner.js'

type Meaning = (value: unknown) => string | number | null

/** Dictionaries with a column of their own: whose column, and what their tokens mean. */
export const COLUMN_MEANINGS: readonly { field: DimensionField; dictionary: number; meaning: Meaning }[] = [
  { field: 'zone', dictionary: L.ZONE, meaning: lower },
  { field: 'host', dictionary: L.HOST, meaning: lower },
  { field: 'method', dictionary: L.METHOD, meaning: text },
  { field: 'path', dictionary: L.PATH, meaning: text },
  { field: 'query', dictionary: L.QUERY, meaning: text },
  { field: 'country', dictionary: L.COUNTRY, meaning: upper },
  { field: 'colo', dictionary: L.COLO, meaning: upper },
  { field: 'asn', dictionary: L.ASN, meaning: asn },
  { field: 'clientIp', dictionary: L.CLIENT_IP, meaning: text },
  { field: 'userAgent', dictionary: L.USER_AGENT, meaning: text },
  { field: 'protocol', dictionary: L.PROTOCOL, meaning: text },
  { field: 'edgePathingStatus', dictionary: L.PATHING_STATUS, meaning: text },
  { field: 'originIp', dictionary: L.ORIGIN_IP, meaning: text },
  { field: 'parentRayId', dictionary: L.PARENT_RAY, meaning: parentRay },
]

/** What follows from a set of facts. */
export const FACT_FIELDS = DIMENSION_FIELDS.filter((field) => !COLUMN_MEANINGS.some((column) => column.field === field))

/** Where the names behind the facts and the security values stand in a set. */
const FACT_NAMES: readonly [name: string, place: number, dictionary: number][] = [
  ['CacheCacheStatus', L.FACT_CACHE_STATUS, L.CACHE_STATUS],
  ['ClientRequestSource', L.FACT_REQUEST_SOURCE, L.REQUEST_SOURCE],
  ['EdgePathingOp', L.FACT_PATHING_OP, L.PATHING_OP],
  ['EdgePathingSrc', L.FACT_PATHING_SRC, L.PATHING_SRC],
  ['WorkerStatus', L.FACT_WORKER_STATUS, L.WORKER_STATUS],
  ['WorkerSubrequest', L.FACT_WORKER_SUBREQUEST, L.WORKER_SUBREQUEST],
]

/** The distinct values of one field, numbered from 1; 0 stands for absent. */
export class Values {
  readonly texts: string[] = ['']
  private readonly numbers = new Map<string, number>()

  numberOf(value: string | number | boolean | null): number {
    if (value === null) return 0
    const text = String(value)
    let number = this.numbers.get(text)
    if (number === undefined) {
      number = this.texts.length
      this.texts.push(text)
      this.numbers.set(text, number)
    }
    return number
  }
}

export class Meanings {
  readonly values: { [field in DimensionField]: Values } = perField(DIMENSION_FIELDS, () => new Values())
  /** by dictionary, by entry: the number of the value */
  readonly columns: number[][] = COLUMN_MEANINGS.map(() => [0])
  /** by entry of a set of facts and field: the number of the value */
  readonly facts: number[] = FACT_FIELDS.map(() => 0)
  private readonly scanner: Scanner
  private readonly settings: ReadSettings

  constructor(scanner: Scanner, settings: ReadSettings) {
    this.scanner = scanner
    this.settings = settings
  }

  /** Gives every token met since the last call its meaning. */
  learn(): void {
    COLUMN_MEANINGS.forEach(({ field, dictionary, meaning }, i) => {
      const values = this.values[field]
      const numbers = this.columns[i]
      const count = this.scanner.entryCount(dictionary)
      for (let entry = numbers.length; entry <= count; entry++) numbers.push(values.numberOf(meaning(this.token(dictionary, entry))))
    })
    const count = this.scanner.entryCount(L.FACTS)
    for (let entry = this.facts.length / FACT_FIELDS.length; entry <= count; entry++) this.learnFacts(entry)
  }

  private learnFacts(entry: number): void {
    const outcome = normalise(this.lineOf(entry), this.settings)
    if (outcome.kind !== 'record') throw new Error(`The scanner made a row that is no record: ${JSON.stringify(this.lineOf(entry))}`)
    for (const field of FACT_FIELDS) this.facts.push(this.values[field].numberOf(outcome.record[field]))
  }

  /** A line that has nothing but the facts. */
  private lineOf(entry: number): Line {
    const set = this.set(L.FACTS, entry)
    const line: { [name: string]: unknown } = { EdgeStartTimestamp: '2020-01-01T00:00:00Z', EdgeResponseStatus: set[L.FACT_EDGE_STATUS] - 1 }
    if (set[L.FACT_ORIGIN_STATUS] > 0) line.OriginResponseStatus = set[L.FACT_ORIGIN_STATUS] - 1
    if (set[L.FACT_PARENT] > 0) line.ParentRayID = 'a parent'
    for (const [name, place, dictionary] of FACT_NAMES) if (set[place] > 0) line[name] = this.token(dictionary, set[place])
    if (set[L.FACT_SECURITY] > 0) {
      const security = this.set(L.SECURITY, set[L.FACT_SECURITY])
      SECURITY_FIELDS.forEach((name, i) => {
        if (security[i] > 0) line[name] = this.token(L.SECURITY_PARTS + i, security[i])
      })
    }
    return line
  }

  private set(dictionary: number, entry: number): Uint32Array {
    const [from, to] = this.scanner.entry(dictionary, entry)
    return this.scanner.words.subarray(from >> 2, to >> 2)
  }

  /** The JSON value of an entry. */
  private token(dictionary: number, entry: number): unknown {
    const [from, to] = this.scanner.entry(dictionary, entry)
    const token = this.scanner.bytes.toString('utf8', from, to)
    return token.startsWith('"') && !token.includes('\\') ? token.slice(1, -1) : JSON.parse(token)
  }
}
