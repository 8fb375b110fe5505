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

type BuildValidator = ReturnType<typeof AjvCompiler>
type CompileValidator = ReturnType<BuildValidator>
type Validate = ReturnType<CompileValidator>
type BuildSerializer = ReturnType<typeof Serializers>
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

/** The reasons of a refusal stand on the function: that is where fastify looks for them. */
function validatorWhenAsked(compiler: () => CompileValidator): CompileValidator {
  return (route) => {
    let made: Validate | undefined
    const validate = ((value: unknown) => {
      made ??= compiler()(route)
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
