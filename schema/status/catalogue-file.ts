import { readFileSync } from 'node:fs'
import type { Static, TProperties, TSchema } from 'typebox'
import type { Validator } from 'typebox/compile'
import type { TLocalizedValidationError } from 'typebox/error'
import type { Document, LineCounter } from 'yaml'
import { yaml } from '../runtime/lazily.js'

/** A file of the catalogue is not as it must be. The message names the file, the place in it and the reason. */
export class CatalogueError extends Error {
  readonly code = 'CATALOGUE_INVALID'
  constructor(file: string, place: string, reason: string, options?: ErrorOptions) {
    super(`Status catalogue, ${file}${place && `, ${place}`}: ${reason}. Correct the file and start again.`, options)
    this.name = 'CatalogueError'
  }
}

type Path = readonly (string | number)[]

/** A read file: its value, and a way to refuse it with the line at fault. */
export interface CatalogueFile<T> {
  value: T
  refuse(path: Path, reason: string): never
}

/** Reads a YAML file and checks its shape. Throws `CatalogueError` for anything that is amiss. */
export function readCatalogueFile<S extends TSchema>(
  folder: URL,
  file: string,
  shape: Validator<TProperties, S>,
): CatalogueFile<Static<S>> {
  const lines = new (yaml().LineCounter)()
  const document = yaml().parseDocument(textOf(folder, file), { lineCounter: lines, prettyErrors: false })
  const broken = document.errors[0]
  if (broken) throw new CatalogueError(file, `line ${lines.linePos(broken.pos[0]).line}`, broken.message)
  const refuse = (path: Path, reason: string): never => {
    throw new CatalogueError(file, placeOf(document, lines, path), reason)
  }
  const value: unknown = document.toJS()
  const wrong = firstFault(shape, value)
  if (wrong) refuse(wrong.path, wrong.reason)
  return { value: value as Static<S>, refuse }
}

function textOf(folder: URL, file: string): string {
  try {
    return readFileSync(new URL(file, folder), 'utf8')
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new CatalogueError(file, '', `it cannot be read (${reason})`, { cause })
  }
}

/** `causes.2.title.fr, line 41` */
function placeOf(document: Document, lines: LineCounter, path: Path): string {
  const node: unknown = document.getIn(path, true)
  const range = node !== null && typeof node === 'object' && 'range' in node ? (node.range as [number]) : null
  return [path.join('.'), range && `line ${lines.linePos(range[0]).line}`].filter(Boolean).join(', ')
}

/** The fault that lies deepest: with a choice of shapes it is the one that says most. */
function firstFault(shape: Validator, value: unknown): { path: Path; reason: string } | null {
  if (shape.Check(value)) return null
  const [fault] = shape
    .Errors(value)
    .map((error) => ({
      path: error.instancePath
        .split('/')
        .slice(1)
        .map((step) => (/^\d+$/.test(step) ? Number(step) : step)),
      reason: reasonOf(error),
    }))
    .sort((a, b) => b.path.length - a.path.length)
  return fault ?? { path: [], reason: 'it does not have the shape that schema/status/entry.ts describes' }
}

function reasonOf({ keyword, message, params }: TLocalizedValidationError): string {
  // what the validator calls "schema is false" is a field outside the closed shape
  if (keyword === 'boolean') return 'there is no such field'
  if (keyword === 'enum') return `must be one of ${params.allowedValues.join(', ')}`
  if (keyword === 'pattern' && params.pattern === '\\S') return 'must not be empty'
  return message
}
