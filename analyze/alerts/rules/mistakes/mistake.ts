/** What is wrong with a rule that somebody wrote: as data, with the place. The words are in languages/. */
import type { ErrorCode } from 'yaml'
import type { Reads } from '../../../../schema/api/rule-fields.js'
import type { Translated } from '../../../../schema/words/languages.js'
import type { FilterProblem } from '../../../http/filter-values.js'

/** Keys and indices from the outside in. */
export type Path = (string | number)[]

/** What stood there, as a message can show it. */
export type Found = { as: 'text'; text: string } | { as: 'list' | 'mapping' }

/** A word that is not known: the one that was meant (null: none is near), or all that there are. */
interface Unknown {
  near: string | null
  known: readonly string[]
}

/** `found`: as JSON writes it. `example`s: as one would write them in YAML. */
export type Mistake =
  | FilterProblem
  /** of one kind of rule, which brings its words with it, as it does for all else */
  | { what: 'of-kind'; code: string; says: Translated<string> }
  // the rule
  | { what: 'no-rule'; name: 'name' | 'alert' }
  | { what: 'promql' }
  | { what: 'no-expr' }
  | { what: 'missing'; reads: Reads; description: string; words: readonly string[]; example: string | null }
  | ({ what: 'unknown-key'; key: string } & Unknown)
  // a field
  | { what: 'no-text' }
  | { what: 'too-long'; length: number; most: number }
  | { what: 'no-link' }
  | { what: 'no-texts' }
  | { what: 'no-flag' }
  | ({ what: 'unknown-word'; found: Found } & Unknown)
  | {
      what: 'no-number'
      found: string
      /** null: no limit */
      from: number | null
      to: number | null
      /** null: the limits belong to it */
      between: { example: number } | null
      /** null: it is no share, which may be written in percent */
      percent: string | null
    }
  | { what: 'no-duration'; found: string }
  | { what: 'duration-out-of-range'; least: string; most: string }
  | { what: 'no-whole-minutes' }
  | { what: 'too-many-dimensions'; most: number }
  | ({ what: 'no-dimension'; found: Found } & Unknown)
  | { what: 'no-labels' }
  | { what: 'no-label-name' }
  | { what: 'label-of-rule'; name: 'alertname' | 'severity' }
  | { what: 'no-list'; least: number; most: number; example: string }
  | { what: 'recover-over'; above: number }
  // filters
  | { what: 'no-where' }
  | { what: 'no-values' }
  | ({ what: 'no-filter'; name: string } & Unknown)
  | { what: 'empty-list' }
  | { what: 'too-many-values'; count: number; most: number }
  | { what: 'no-audience'; found: string }
  | { what: 'visitor-in-errors' }
  | { what: 'no-errors' }
  // a file of rules
  | { what: 'file-unreadable'; path: string; error: { code: string; message: string } }
  | { what: 'file-too-large'; kilobytes: number }
  | { what: 'no-yaml'; code: ErrorCode; message: string }
  | { what: 'bad-aliases'; isTooMany: boolean; message: string }
  | { what: 'no-groups' }
  | { what: 'no-group' }
  | { what: 'interval' }
  | { what: 'recording-rule' }
  | { what: 'name-taken'; name: string }

/** One of a file of rules, where it stands there. */
export interface MistakeInFile {
  path: string
  line: number | null
  column: number | null
  rule: string | null
  mistake: Mistake
}

export function pathText(path: Path): string {
  return path.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('')
}
