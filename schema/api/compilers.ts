/**
 * Validators and serialisers of routes, made when the first request asks for one. To make them all at the start is a third of
 * the time until the service answers, and most of them are not asked for in an hour.
 */
import type AjvCompiler from '@fastify/ajv-compiler'
import type Serializers from '@fastify/fast-json-stringify-compiler'
import { lazily, once } from '../runtime/lazily.js'

// so are the compilers: the first page needs none
const ajvCompiler = lazily<typeof AjvCompiler>('@fastify/ajv-compiler')
const serializerCompiler = lazily<typeof Serializers>('@fastify/fast-json-stringify-compiler')

/** Loads what compiles, some tens of ms: where one waits for nothing yet, and for an answer of the API soon. */
export function loadCompilers(): void {
  ajvCompiler()
  serializerCompiler()
}

type BuildValidator = ReturnType<typeof AjvCompiler>
type CompileValidator = ReturnType<BuildValidator>
type Validate = ReturnType<CompileValidator>
type BuildSerializer = ReturnType<typeof Serializers>
type Schema = Parameters<CompileValidator>[0]['schema']
type CompileSerializer = ReturnType<BuildSerializer>

let validators: BuildValidator | undefined
let serializers: BuildSerializer | undefined

/** What fastify's option `schemaController` takes. */
export const COMPILED_WHEN_ASKED = {
  compilersFactory: {
    buildValidator: (...all: Parameters<BuildValidator>): CompileValidator =>
      validatorWhenAsked(once(() => (validators ??= ajvCompiler()())(...all))),
    buildSerializer: (...all: Parameters<BuildSerializer>): CompileSerializer =>
      serializerWhenAsked(once(() => (serializers ??= serializerCompiler()())(...all))),
  },
}

/** Where a number without end is. Ajv makes one of the text 1e999, and no bound of a schema holds for it then. */
function endlessIn(value: unknown, path = ''): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? null : path
  if (typeof value !== 'object' || value === null) return null
  for (const [key, part] of Object.entries(value)) {
    const found = endlessIn(part, `${path}/${key}`)
    if (found !== null) return found
  }
  return null
}

/** Worth it from so many on. */
const LEAST_ALIKE = 4

/**
 * Properties of one meaning as one pattern of their names: code for each of ninety filters, equal but for the name, is 120 kB,
 * and takes the first who asks a question most of the time that he waits. Refuses and changes what the schema given does.
 */
export function alikeTogether(schema: Schema): Schema {
  const { type, properties, patternProperties } = schema as {
    type?: string
    properties?: { [name: string]: { description?: string; default?: unknown } }
    patternProperties?: object
  }
  // what holds for a part of the properties only, as unevaluatedProperties does, is of other kinds
  if (type !== 'object' || properties === undefined || patternProperties !== undefined) return schema
  const names = new Map<string, string[]>()
  for (const [name, { description: _, ...meaning }] of Object.entries(properties)) {
    // a default is set where the name is missing
    if ('default' in meaning) continue
    const key = JSON.stringify(meaning)
    const alike = names.get(key)
    if (alike) alike.push(name)
    else names.set(key, [name])
  }
  const groups = [...names].filter(([, { length }]) => length >= LEAST_ALIKE)
  const grouped = new Set(groups.flatMap(([, alike]) => alike))
  return {
    ...(schema as object),
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => !grouped.has(name))),
    patternProperties: Object.fromEntries(
      groups.map(([meaning, alike]) => [`^(?:${alike.map(literally).join('|')})$`, JSON.parse(meaning)]),
    ),
  }
}

const literally = (name: string): string =>
  name.replaceAll(/[^A-Za-z0-9_]/g, (sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`)

/** The reasons of a refusal stand on the function: that is where fastify looks for them. */
function validatorWhenAsked(compiler: () => CompileValidator): CompileValidator {
  return (route) => {
    let made: Validate | undefined
    const validate = ((value: unknown) => {
      made ??= compiler()({ ...route, schema: alikeTogether(route.schema) })
      const answer = made(value)
      validate.errors = made.errors
      const endless = answer === true ? endlessIn(value) : null
      if (endless === null) return answer
      validate.errors = [{ instancePath: endless, message: 'must be a finite number' }] as Validate['errors']
      return false
    }) as Validate
    return validate
  }
}

function serializerWhenAsked(compiler: () => CompileSerializer): CompileSerializer {
  return (route) => {
    let made: ReturnType<CompileSerializer> | undefined
    return (value) => (made ??= compiler()(route))(value)
  }
}
