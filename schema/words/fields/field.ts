/** What an entry of the field catalogue says. */
import type { Translated } from '../languages.js'

/** How a field rests in a block and on disk. */
export type FieldRole =
  /** when, which request: stored for every record in columns of their own */
  | 'key'
  /** few or many repeating values: dictionary-coded, can be grouped and (if `filter` is set) filtered by */
  | 'dimension'
  /** a number to add up or to take percentiles of */
  | 'measure'

export type FieldType = 'time' | 'string' | 'integer' | 'number' | 'boolean'

/** How a value is read out of a log line (ingest/reader/readings.ts has a function for each). */
export type Reading =
  | 'text'
  | 'lower'
  | 'upper'
  | 'status'
  | 'amount'
  | 'wholeAmount'
  | 'asn'
  | 'requestSource'
  | 'parentRay'
  | 'mediaType'
  | 'botDecision'

/** What a field is called in one language. */
export interface Label {
  /** over a value: Data centre */
  readonly one: string
  /** over a table of its values; default: as `one` */
  readonly many?: string
  /** in a record, under the heading of its group; default: as `one` */
  readonly short?: string
  /** within a sentence; default: `one` with a small letter */
  readonly inText?: string
}

export interface Field {
  /** name in code and in JSON answers */
  readonly name: string
  /** name in SQL */
  readonly column: string
  readonly role: FieldRole
  readonly type: FieldType
  /** the only values there are */
  readonly oneOf?: readonly string[]
  /** true: no record is without it */
  readonly always?: true
  /** Cloudflare's names, the current one first; the first that carries a value wins. Empty: derived by us. */
  readonly from: readonly string[]
  /** how the value is read; absent where more than its own names decide it (ingest/reader/normalise.ts) */
  readonly read?: Reading
  /** query parameter and dimension name in the API; absent where a field can not be filtered by */
  readonly filter?: string
  /** true: says what became of a request, not who asked for what: those chosen by it have no others to be a part of */
  readonly outcome?: true
  /** false: left out unless the operator asks for it, since it can hold secrets */
  readonly byDefault?: false
  /** true: the status catalogue may take it for evidence */
  readonly evidence?: true
  /** true: empty in most records even where it is exported, so that its emptiness proves nothing */
  readonly oftenEmpty?: true
  /** the names that a Logpush job should export for it; default: the first of `from` */
  readonly asks?: readonly string[]
  readonly meaning: string
  /** what nobody can tell when an export lacks the field; shown in a batch's report */
  readonly spoils?: Translated<string>
  readonly labels: Translated<Label>
  /** what values of our own making are called */
  readonly values?: { readonly [value: string]: Translated<string> }
}

export function field<const F extends Field>(f: F): F {
  return f
}
