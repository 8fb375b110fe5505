/**
 * What tokens mean. Each distinct token, and each distinct set of facts, is put through the functions of the slow
 * reader once; after that its number stands for it.
 */
import { perField } from '../../../schema/block.js'
import { DIMENSION_FIELDS, type DimensionField } from '../../../schema/fields.js'
import { normalise, type Line, type ReadSettings } from '../normalise.js'
import { SECURITY_FIELDS } from '../security.js'
import { asn, lower, parentRay, text, upper } from '../values.js'
import * as L from './layout.js'
import type { Scanner } from './scanner.js'
import { PlainTexts } from './texts.js'

interface ColumnMeaning {
  field: DimensionField
  dictionary: number
  meaning: (value: unknown) => string | number | null
  /** a plain token means its own text */
  verbatim: boolean
}

const changed = (field: DimensionField, dictionary: number, meaning: ColumnMeaning['meaning']): ColumnMeaning => ({ field, dictionary, meaning, verbatim: false })
const verbatim = (field: DimensionField, dictionary: number, meaning = text): ColumnMeaning => ({ field, dictionary, meaning, verbatim: true })

/** Dictionaries with a column of their own: whose column, and what their tokens mean. */
export const COLUMN_MEANINGS: readonly ColumnMeaning[] = [
  changed('zone', L.ZONE, lower),
  changed('host', L.HOST, lower),
  verbatim('method', L.METHOD),
  verbatim('path', L.PATH),
  verbatim('query', L.QUERY),
  changed('country', L.COUNTRY, upper),
  changed('colo', L.COLO, upper),
  changed('asn', L.ASN, asn),
  verbatim('clientIp', L.CLIENT_IP),
  verbatim('userAgent', L.USER_AGENT),
  verbatim('protocol', L.PROTOCOL),
  verbatim('edgePathingStatus', L.PATHING_STATUS),
  verbatim('originIp', L.ORIGIN_IP),
  // the scanner takes zeros for absent
  verbatim('parentRayId', L.PARENT_RAY, parentRay),
]

/** What follows from a set of facts. */
export const FACT_FIELDS = DIMENSION_FIELDS.filter((field) => !COLUMN_MEANINGS.some((column) => column.field === field))

/** Where the names behind the facts stand in a set. */
const FACT_NAMES: readonly [name: string, place: number][] = [
  ['CacheCacheStatus', L.FACT_CACHE_STATUS],
  ['ClientRequestSource', L.FACT_REQUEST_SOURCE],
  ['EdgePathingOp', L.FACT_PATHING_OP],
  ['EdgePathingSrc', L.FACT_PATHING_SRC],
  ['WorkerStatus', L.FACT_WORKER_STATUS],
  ['WorkerSubrequest', L.FACT_WORKER_SUBREQUEST],
]

/** The distinct values of one field, numbered from 1; 0 stands for absent. */
export class Values {
  readonly texts: string[] = ['']
  /** room for a code each, for whoever makes a block */
  readonly codes: number[] = [0]
  /** made when first asked for: most fields never need it */
  private numbers: Map<string, number> | undefined

  numberOf(value: string | number | boolean | null): number {
    if (value === null) return 0
    const text = String(value)
    this.numbers ??= new Map(this.texts.map((known, number) => [known, number]))
    return this.numbers.get(text) ?? this.append(text)
  }

  /** Of a text that no other token of this field has. */
  numberOfToken(text: string): number {
    return this.numbers ? this.numberOf(text) : this.append(text)
  }

  private append(text: string): number {
    const number = this.texts.length
    this.texts.push(text)
    this.codes.push(0)
    this.numbers?.set(text, number)
    return number
  }
}

/** The values of a dictionary's tokens. */
export class ColumnValues {
  /** by number of the token */
  readonly numbers: number[] = [0]
  /** no two tokens mean the same, and none means nothing */
  distinct = true

  add(number: number, isNew: boolean): void {
    this.numbers.push(number)
    if (!isNew) this.distinct = false
  }
}

export class Meanings {
  readonly values: { [field in DimensionField]: Values } = perField(DIMENSION_FIELDS, () => new Values())
  /** in the order of COLUMN_MEANINGS */
  readonly columns: readonly ColumnValues[] = COLUMN_MEANINGS.map(() => new ColumnValues())
  /** by number of a set of facts, and field: the number of the value */
  readonly facts: number[] = FACT_FIELDS.map(() => 0)
  private readonly plain: PlainTexts

  constructor(private readonly scanner: Scanner, private readonly settings: ReadSettings) {
    this.plain = new PlainTexts(scanner)
  }

  /** Gives every token met since the last call its meaning. */
  learn(): void {
    COLUMN_MEANINGS.forEach((column, i) => this.learnColumn(column, this.columns[i]))
    const count = this.scanner.tokenCount(L.FACTS)
    for (let number = this.facts.length / FACT_FIELDS.length; number <= count; number++) this.learnFacts(number)
    this.plain.done()
  }

  private learnColumn({ field, dictionary, meaning, verbatim: asIs }: ColumnMeaning, column: ColumnValues): void {
    const { scanner, plain } = this
    const values = this.values[field]
    const count = scanner.tokenCount(dictionary)
    for (let number = column.numbers.length; number <= count; number++) {
      const token = scanner.token(dictionary, number)
      const known = values.texts.length
      const value = asIs && scanner.isPlain(token) ? values.numberOfToken(plain.of(token)) : values.numberOf(meaning(this.valueOf(token)))
      column.add(value, value === known)
    }
  }

  private learnFacts(number: number): void {
    const line = this.lineOf(this.scanner.token(L.FACTS, number))
    const outcome = normalise(line, this.settings)
    if (outcome.kind !== 'record') throw new Error(`The scanner made a row that is no record: ${JSON.stringify(line)}`)
    for (const field of FACT_FIELDS) this.facts.push(this.values[field].numberOf(outcome.record[field]))
  }

  /** A line that has nothing but the facts of a set. */
  private lineOf(token: number): Line {
    const set = this.setOf(token)
    const line: { [name: string]: unknown } = { EdgeStartTimestamp: '2020-01-01T00:00:00Z', EdgeResponseStatus: set[L.FACT_EDGE_STATUS] - 1 }
    if (set[L.FACT_ORIGIN_STATUS] > 0) line.OriginResponseStatus = set[L.FACT_ORIGIN_STATUS] - 1
    if (set[L.FACT_PARENT] > 0) line.ParentRayID = 'a parent'
    for (const [name, place] of FACT_NAMES) if (set[place] > 0) line[name] = this.valueOf(set[place])
    if (set[L.FACT_SECURITY] > 0) {
      const security = this.setOf(set[L.FACT_SECURITY])
      SECURITY_FIELDS.forEach((name, i) => {
        if (security[i] > 0) line[name] = this.valueOf(security[i])
      })
    }
    return line
  }

  private setOf(token: number): Uint32Array {
    const [from, to] = this.scanner.tokenBytes(token)
    return this.scanner.words.subarray(from >> 2, to >> 2)
  }

  /** The JSON value of a token. */
  private valueOf(token: number): unknown {
    const [from, to] = this.scanner.tokenBytes(token)
    const json = this.scanner.bytes.toString('utf8', from, to)
    return this.scanner.isPlain(token) ? json.slice(1, -1) : JSON.parse(json)
  }
}
