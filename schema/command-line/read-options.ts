/** Flags, environment and files of secrets to checked values; everything that is wrong is told at once. */
import { readFileSync } from 'node:fs'
import type { TProperties, TSchema } from 'typebox'
import { EXIT, type Command } from './command.js'
import { OutsideError, UsageError } from './errors.js'
import { fileVariableOf, flagOf, fromText, takenBy, takesAny, wordsOf } from './option.js'
import { shown } from './shown.js'

export type Environment = { readonly [name: string]: string | undefined }
/** What stood on the command line, by option: the text, or true of a flag without a value. */
export type Flags = { readonly [name: string]: string | true | undefined }

interface Problem {
  text: string
  exit: typeof EXIT.usage | typeof EXIT.unusable
}
interface Given {
  /** as people know it: `--port`, `FAULTLINE_PORT` */
  where: string
  text: string | true
}

/** Rejects with a UsageError that says everything that is wrong, or an OutsideError if only files can not be read. */
export async function readOptions(
  command: Command,
  flags: Flags,
  environment: Environment,
): Promise<{ [name: string]: unknown }> {
  const values: { [name: string]: unknown } = {}
  const problems: Problem[] = []
  for (const [name, schema] of Object.entries(command.options as TProperties)) {
    const given = givenFor(name, schema, flags, environment, problems)
    const { default: fallback, needed } = wordsOf(schema)
    if (given === null) {
      if (fallback !== undefined) values[name] = fallback
      else if (needed) problems.push(wrong(`--${flagOf(name)} is needed. It takes ${takenBy(schema)}.`))
      continue
    }
    const value = given.text === true ? true : fromText(schema, given.text)
    if (value !== undefined && (takesAny(schema) || (await isRight(schema, value)))) values[name] = value
    else problems.push(wrong(refusal(given, schema)))
  }
  problems.push(...(command.problems?.(values) ?? []).map(wrong))
  if (problems.length > 0) throw errorOf(problems)
  return values
}

/** TypeBox comes only where there is something to check: loading it takes as long as a small command runs. */
async function isRight(schema: TSchema, value: unknown): Promise<boolean> {
  const { Check } = await import('typebox/schema')
  return Check(schema, value)
}

const wrong = (text: string): Problem => ({ text, exit: EXIT.usage })

/** A flag goes before the variable, the variable before nothing. An empty variable is one that was not set. */
function givenFor(
  name: string,
  schema: TSchema,
  flags: Flags,
  environment: Environment,
  problems: Problem[],
): Given | null {
  const { variable } = wordsOf(schema)
  const flag = flags[name]
  if (flag !== undefined) return { where: `--${flagOf(name)}`, text: flag }
  if (variable === undefined) return null
  const text = environment[variable] || null
  const fileVariable = fileVariableOf(schema)
  const file = (fileVariable && environment[fileVariable]) || null
  if (fileVariable === null || file === null) return text === null ? null : { where: variable, text }
  if (text !== null) {
    problems.push(wrong(`${variable} and ${fileVariable} are both set. Give one of them.`))
    return null
  }
  return fromFile(fileVariable, file, problems)
}

/** The file's text without the end of its last line, which editors and `echo` add. */
function fromFile(where: string, path: string, problems: Problem[]): Given | null {
  try {
    return { where, text: readFileSync(path, 'utf8').replace(/\r?\n$/, '') }
  } catch (error) {
    const reason = shown((error as Error).message)
    problems.push({
      text: `${where} names a file that can not be read: ${reason}. Check the path.`,
      exit: EXIT.unusable,
    })
    return null
  }
}

function refusal({ where, text }: Given, schema: TSchema): string {
  const { secret, advice } = wordsOf(schema)
  const seen = secret ? `this has ${[...String(text)].length}` : `not "${shown(String(text))}"`
  const help = typeof advice === 'function' ? advice(String(text)) : advice
  return `${where} takes ${takenBy(schema)}, ${seen}.${help === undefined ? '' : ` ${help}`}`
}

function errorOf(problems: Problem[]): Error {
  const texts = problems.map(({ text }) => text)
  const message =
    texts.length === 1
      ? texts[0]
      : `${texts.length} settings are not right:\n${texts.map((text) => `  ${text.replaceAll('\n', '\n  ')}`).join('\n')}`
  return problems.every(({ exit }) => exit === EXIT.unusable) ? new OutsideError(message) : new UsageError(message)
}
