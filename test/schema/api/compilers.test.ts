/** What is asked of every route's validator, on the compiler that fastify uses. */
import ajvCompiler from '@fastify/ajv-compiler'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { alikeTogether } from '../../../schema/api/compilers.js'

const NAMES = ['class', 'not.class', 'a-b', 'é', '$ref', 'clientIp', 'clientIp2', '(x', '^', 'a|b', '名']
// no name that every object is born with: Ajv takes such a property as given, the pattern of names does not
const kind = fc.constantFrom<object>(
  { type: 'string' },
  { type: 'string', maxLength: 2 },
  { type: 'array', items: { type: 'string' } },
  { type: 'integer', minimum: 1 },
  { type: 'boolean', default: true },
)
const schema = fc
  .tuple(
    fc.uniqueArray(fc.tuple(fc.constantFrom(...NAMES), kind), { maxLength: 12, selector: ([name]) => name }),
    fc.boolean(),
    fc.subarray(NAMES),
  )
  .map(([properties, isClosed, required]) => ({
    type: 'object',
    // a description of its own each
    properties: Object.fromEntries(properties.map(([name, one]) => [name, { ...one, description: `The ${name}` }])),
    ...(isClosed && { additionalProperties: false }),
    required: required.filter((name) => properties.some(([known]) => known === name)).slice(0, 1),
  }))
const value = fc.dictionary(
  fc.constantFrom(...NAMES, 'constructor', 'class2', 'xclass', 'other'),
  fc.oneof(
    fc.constantFrom<unknown>('a', 'long', '7', 7, true, null, 'true', -1),
    fc.array(fc.constantFrom<unknown>('a', 7, null)),
  ),
  { noNullPrototype: true },
)

const compile = ajvCompiler()({}, { customOptions: {} } as never)
const answer = (one: object, asked: object) => {
  const validate = compile({ schema: one, method: 'GET', url: '/', httpPart: 'querystring' } as never) as unknown as {
    (data: unknown): boolean
    errors?: { instancePath: string; message?: string }[] | null
  }
  const data = structuredClone(asked)
  const isRight = validate(data)
  // where more than one is wrong, the one that is told first may be another
  return { isRight, data: isRight ? data : null, told: validate.errors?.length ?? 0 }
}

it('properties of one meaning, compiled together, refuse, change and keep what each by itself would', () => {
  fc.assert(
    fc.property(schema, value, (one, asked) => {
      expect(answer(alikeTogether(one) as object, asked)).toEqual(answer(one, asked))
    }),
    { numRuns: 300 },
  )
})

it('a filter with a wrong value is named as before', () => {
  const filters = ['class', 'host', 'path', 'not.path', 'status'].map((name) => [name, { type: 'integer' }])
  const one = alikeTogether({ type: 'object', properties: Object.fromEntries(filters) }) as { properties: object }
  expect(one.properties).toEqual({})
  const validate = compile({ schema: one, method: 'GET', url: '/', httpPart: 'querystring' } as never)
  expect(validate({ 'not.path': 'x', 'notxpath': 'y' })).toBe(false)
  expect(validate.errors).toMatchObject([{ instancePath: '/not.path', message: 'must be integer' }])
})
