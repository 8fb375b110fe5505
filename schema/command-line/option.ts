/**
 * Options of commands: TypeBox's schemas, in their plain form as JSON Schema, with the words that people read. They are
 * written without TypeBox's builder, which takes longer to load than most commands to run.
 * The name of the flag is the name of the property: `sampleRate` is `--sample-rate`.
 */
import type { TArray, TBoolean, TEnum, TInteger, TNumber, TOptional, TSchema, TString } from 'typebox'

export interface OptionWords {
  /** what it means */
  description: string
  /** stands for the value in the help: `URL` */
  placeholder?: string
  /** a flag of one letter beside its name: `o` for `-o` */
  short?: string
  /** completes "… takes" in the message to whoever gave something else: `a whole number from 0 to 65535` */
  takes?: string
  /** what else helps who gave something else, a sentence */
  advice?: string | ((given: string) => string | undefined)
  /** the environment variable that gives it */
  variable?: string
  /** is never printed, has no flag, since a command line can be read by others, and may be in a file */
  secret?: boolean
  /** `<variable>_FILE` may name a file that holds it, since it may have a secret in it */
  inFile?: boolean
  /** nothing can be done without it */
  needed?: true
  /** what holds without it, where no default says so */
  unset?: string
}

/** With a default, or if it is needed, it is always there; else it may be missing. */
type Or<Schema extends TSchema, Given> = Given extends { default: unknown } | { needed: true }
  ? Schema
  : TOptional<Schema>

interface TextWords extends OptionWords {
  minLength?: number
  pattern?: string
  default?: string
}
interface NumberWords extends OptionWords {
  minimum?: number
  exclusiveMinimum?: number
  maximum?: number
  default?: number
}

const optionOf = <Schema>(type: string, words: object) => ({ type, ...words }) as unknown as Schema

export const text = <const W extends TextWords>(words: W) => optionOf<Or<TString, W>>('string', words)
export const whole = <const W extends NumberWords>(words: W) => optionOf<Or<TInteger, W>>('integer', words)
export const number = <const W extends NumberWords>(words: W) => optionOf<Or<TNumber, W>>('number', words)
/** With commas between. */
export const list = <const W extends OptionWords>(words: W) =>
  optionOf<Or<TArray<TString>, W>>('array', { items: { type: 'string' }, ...words })
/** A flag that takes no value. */
export const yes = (words: OptionWords) => optionOf<TBoolean>('boolean', { default: false, ...words })
export const choice = <const V extends readonly string[], const W extends OptionWords & { default?: V[number] }>(
  values: V,
  words: W,
) => optionOf<Or<TEnum<[...V]>, W>>('string', { enum: values, ...words })

/** Of every command that answers something. */
export const JSON_FLAG = { json: yes({ description: 'print one JSON document and nothing else' }) }

interface Read extends OptionWords, Omit<NumberWords & TextWords, 'default'> {
  type: 'string' | 'integer' | 'number' | 'array' | 'boolean'
  enum?: readonly string[]
  default?: string | number | boolean
}

/** A schema made here, to be read. */
export const wordsOf = (schema: TSchema) => schema as unknown as Read

/** The variable that names a file with the value, if there may be one. */
export function fileVariableOf(schema: TSchema): string | null {
  const { variable, secret, inFile } = wordsOf(schema)
  return variable !== undefined && (secret || inFile) ? `${variable}_FILE` : null
}

/** `sampleRate` → `sample-rate` */
export const flagOf = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

const TAKEN = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  array: 'values with commas between',
  boolean: 'true or false',
}

/** What is right for an option, to complete "takes …". */
export function takenBy(schema: TSchema): string {
  const { takes, enum: values, type } = wordsOf(schema)
  if (takes !== undefined) return takes
  return values ? `${values.slice(0, -1).join(', ')} or ${values.at(-1)}` : TAKEN[type]
}

const BOOLEANS: { [text: string]: boolean } = {
  true: true,
  yes: true,
  on: true,
  1: true,
  false: false,
  no: false,
  off: false,
  0: false,
}

/** The value that a text stands for; undefined if it is none of this type. Limits are the schema's affair. */
export function fromText(schema: TSchema, given: string): unknown {
  const { type } = wordsOf(schema)
  const trimmed = given.trim()
  if (type === 'boolean') return BOOLEANS[trimmed.toLowerCase()]
  if (type === 'integer' || type === 'number') return trimmed === '' ? undefined : Number(trimmed)
  if (type === 'array') {
    return trimmed
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '')
  }
  return given
}

/** True if any value of its type is right, so that there is nothing to check. */
export function takesAny(schema: TSchema): boolean {
  const { type, enum: values, minLength, pattern } = wordsOf(schema)
  if (type === 'boolean' || type === 'array') return true
  return type === 'string' && values === undefined && minLength === undefined && pattern === undefined
}
