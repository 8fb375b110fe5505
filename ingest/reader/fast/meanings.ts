/**
 * What tokens mean that are kept from block to block. Each, and each distinct set of facts, is put through the functions
 * of the slow reader once; after that its number stands for it.
 */
import { perField } from '../../../schema/store/block.js'
import { DIMENSION_FIELDS, type DimensionField } from '../../../schema/words/fields.js'
import type { Line } from '../names.js'
import { normalise, type ReadSettings } from '../normalise.js'
import { SECURITY_FIELDS } from '../security.js'
import { lower } from '../values.js'
import { longer, type Coding } from './coding.js'
import { PLAIN_COLUMNS } from './fields.js'
import * as L from './layout.js'
import type { Scanner } from './scanner.js'
import { TEXT_COLUMNS } from './text-columns.js'

/** Kept dictionaries with a column of their own: whose, and what their tokens mean. */
export const KEPT_COLUMNS: readonly {
  field: DimensionField
  dictionary: number
  meaning: (value: unknown) => string | number | null
}[] = [{ field: 'host', dictionary: L.HOST, meaning: lower }, ...PLAIN_COLUMNS]

/** What follows from a set of facts: all that has no column of its own. */
export const FACT_FIELDS: readonly DimensionField[] = DIMENSION_FIELDS.filter(
  (field) => ![...KEPT_COLUMNS, ...TEXT_COLUMNS].some((column) => column.field === field),
)

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
  /** one more than the highest number */
  size = 1
  /** UTF-8, one after the other: value v is `text[ends[v - 1] … ends[v])`. Of many thousand values each of its own is far from the next. */
  text = new Uint8Array(256)
  ends = new Uint32Array(32)
  private readonly numbers = new Map<string, number>()

  numberOf(value: string | number | boolean | null): number {
    if (value === null) return 0
    const text = String(value)
    const known = this.numbers.get(text)
    if (known !== undefined) return known
    const bytes = Buffer.from(text, 'utf8')
    const start = this.ends[this.size - 1]
    const end = start + bytes.length
    if (end > this.text.length) this.text = longer(this.text, end * 2)
    if (this.size === this.ends.length) this.ends = longer(this.ends, this.size * 2)
    this.text.set(bytes, start)
    this.ends[this.size] = end
    this.numbers.set(text, this.size)
    return this.size++
  }
}

/**
 * Gives the values of tokens their codes: of each number of `used` the value is `numbers[number * stride + offset]`.
 * Returns the way from the scanner's numbers to codes. The first to ask the coding for anything.
 */
export function codeValues(
  coding: Coding,
  values: Values,
  used: Uint32Array,
  numbers: readonly number[],
  stride: number,
  offset: number,
): Uint16Array {
  const { size, text, ends } = values
  const codes = new Uint16Array(size)
  const map = new Uint16Array(used.length + 1)
  for (let i = 0; i < used.length; i++) {
    const value = numbers[used[i] * stride + offset]
    if (codes[value] === 0 && value > 0) codes[value] = coding.codeOfNew(text, ends[value - 1], ends[value])
    map[i + 1] = codes[value]
  }
  return map
}

export class Meanings {
  readonly values: { [field in DimensionField]: Values } = perField(DIMENSION_FIELDS, () => new Values())
  /** in the order of KEPT_COLUMNS, by number of the token: the number of the value */
  readonly columns: readonly number[][] = KEPT_COLUMNS.map(() => [0])
  /** by number of a set of facts, and field: the number of the value */
  readonly facts: number[] = FACT_FIELDS.map(() => 0)

  constructor(
    private readonly scanner: Scanner,
    private readonly settings: ReadSettings,
  ) {}

  /** Gives every token met since the last call its meaning. */
  learn(): void {
    const { scanner, columns, facts } = this
    KEPT_COLUMNS.forEach(({ field, dictionary, meaning }, i) => {
      const count = scanner.tokenCount(dictionary)
      for (let number = columns[i].length; number <= count; number++) {
        columns[i].push(this.values[field].numberOf(meaning(scanner.valueOf(scanner.token(dictionary, number)))))
      }
    })
    const count = scanner.tokenCount(L.FACTS)
    for (let number = facts.length / FACT_FIELDS.length; number <= count; number++)
      this.learnFacts(scanner.token(L.FACTS, number))
  }

  private learnFacts(token: number): void {
    const line = this.lineOf(token)
    const outcome = normalise(line, this.settings)
    if (outcome.kind !== 'record') throw new Error(`The scanner made a row that is no record: ${JSON.stringify(line)}`)
    for (const field of FACT_FIELDS) this.facts.push(this.values[field].numberOf(outcome.record[field]))
  }

  /** A line that has nothing but the facts of a set. */
  private lineOf(token: number): Line {
    const { scanner } = this
    const set = this.setOf(token)
    const line: { [name: string]: unknown } = {
      EdgeStartTimestamp: '2020-01-01T00:00:00Z',
      EdgeResponseStatus: set[L.FACT_EDGE_STATUS] - 1,
    }
    if (set[L.FACT_ORIGIN_STATUS] > 0) line.OriginResponseStatus = set[L.FACT_ORIGIN_STATUS] - 1
    if (set[L.FACT_PARENT] > 0) line.ParentRayID = 'a parent'
    for (const [name, place] of FACT_NAMES) if (set[place] > 0) line[name] = scanner.valueOf(set[place])
    if (set[L.FACT_SECURITY] > 0) {
      const security = this.setOf(set[L.FACT_SECURITY])
      SECURITY_FIELDS.forEach((name, i) => {
        if (security[i] > 0) line[name] = scanner.valueOf(security[i])
      })
    }
    return line
  }

  private setOf(token: number): Uint32Array {
    const [from, to] = this.scanner.tokenBytes(token)
    return this.scanner.words.subarray(from >> 2, to >> 2)
  }
}
