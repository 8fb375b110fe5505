/** GET /api/v1/inputs: where lines come from, how that goes, and what to do about it. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { InputsSchema, type InputsHealth, type InputState } from '../schema/api/inputs.js'
import { typed } from '../schema/api/typed.js'
import { iso } from '../schema/words/iso.js'
import { DEFAULT_LANGUAGE, LANGUAGES, type Language } from '../schema/words/languages.js'
import type { InputStates } from './inputs/states.js'

/** Joins states with what the inputs brought. */
export type HealthOf = (states: readonly InputState[], language: Language) => Promise<InputsHealth>

export async function inputRoutes(
  app: FastifyInstance,
  { states, healthOf }: { states: InputStates; healthOf: HealthOf },
): Promise<void> {
  typed(app).get(
    '/inputs',
    {
      schema: {
        description: 'Inputs and their jobs: what they do, what they brought, what is missing, and what to do about it',
        tags: ['logs'],
        querystring: Type.Object({
          lang: Type.Optional(Type.Enum(LANGUAGES, { description: 'Language of the advice' })),
        }),
        response: { 200: InputsSchema },
      },
    },
    async (request) => {
      const { problem } = states.kept
      return {
        ...(await healthOf(states.list(), request.query.lang ?? DEFAULT_LANGUAGE)),
        fileProblem: problem && { since: iso(problem.since), message: problem.message },
      }
    },
  )
}
