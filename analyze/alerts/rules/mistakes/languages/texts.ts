/** What a language says of mistakes in rules: one text for each. */
import type { ErrorCode } from 'yaml'
import type { FilterProblem } from '../../../../http/filter-values.js'
import type { Mistake } from '../mistake.js'

type Own = Exclude<Mistake, FilterProblem | { what: 'of-kind' }>

/** Each is the end of a sentence that begins with the place. */
export type MistakeTexts = { readonly [What in Own['what']]: (of: Extract<Own, { what: What }>) => string } & {
  /** what stands for the place where it is the whole rule */
  readonly rule: string
  /** of a sentence */
  readonly end: string
  /** between two in a row */
  readonly between: string
}

/** What the parser of YAML complains of, which explains itself in English. */
export type YamlTexts = { readonly [code in ErrorCode]: string }
/** Why a file can't be read, by the system's code; others are told by their code alone. */
export type FileTexts = { readonly [code in 'ENOENT' | 'EACCES' | 'EISDIR']: string }

/** 1,000,000 is grouped as the language does it; 0.999 stays as one would type it. */
export const numberIn =
  (locale: string) =>
  (n: number): string =>
    Number.isInteger(n) ? new Intl.NumberFormat(locale).format(n) : String(n)
