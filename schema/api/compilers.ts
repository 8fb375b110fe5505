/**
 * Validators and serialisers of routes, made when the first request asks for one. To make them all at the start is a third of
 * the time until the service answers, and most of them are not asked for in an hour.
 */
import AjvCompiler from '@fastify/ajv-compiler'
import Serializers from '@fastify/fast-json-stringify-compiler'

const validators = AjvCompiler()
const serializers = Serializers()

type CompileValidator = ReturnType<typeof validators>
type Validate = ReturnType<CompileValidator>
type CompileSerializer = ReturnType<typeof serializers>

/** What fastify's option `schemaController` takes. */
export const COMPILED_WHEN_ASKED = {
  compilersFactory: {
    buildValidator: (...all: Parameters<typeof validators>) => validatorWhenAsked(validators(...all)),
    buildSerializer: (...all: Parameters<typeof serializers>) => serializerWhenAsked(serializers(...all)),
  },
}

/** The reasons of a refusal stand on the function: that is where fastify looks for them. */
function validatorWhenAsked(compile: CompileValidator): CompileValidator {
  return (route) => {
    let made: Validate | undefined
    const validate = ((value: unknown) => {
      made ??= compile(route)
      const answer = made(value)
      validate.errors = made.errors
      return answer
    }) as Validate
    return validate
  }
}

function serializerWhenAsked(compile: CompileSerializer): CompileSerializer {
  return (route) => {
    let made: ReturnType<CompileSerializer> | undefined
    return (value) => (made ??= compile(route))(value)
  }
}
