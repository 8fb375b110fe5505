/** GET /api/v1/inputs: where lines come from, and how those inputs are doing that fetch by themselves. */
import { iso } from '../schema/words/iso.js'
import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import { typed } from '../schema/api/typed.js'
import { INPUTS as WORDS, isLiveInput } from '../schema/words/inputs.js'
import type { Follower } from './inputs/following.js'
import { INPUTS } from './inputs/index.js'
import type { Input } from './inputs/input.js'

const orNull = <T extends ReturnType<typeof Type.String>>(schema: T) => Type.Union([schema, Type.Null()])
const time = (description: string) => orNull(Type.String({ format: 'date-time', description }))

const InputSchema = Type.Object({
  name: Type.String(),
  kind: Type.Enum(['posted', 'opened', 'fetching'], {
    description: 'posted to /api/v1/logs, opened by a command, or fetching by itself',
  }),
  live: Type.Boolean({ description: 'It brings what happens now: alerts wait for it' }),
  job: orNull(Type.String({ description: 'What a fetching input was told to fetch; null for the others' })),
  state: Type.Enum(['ready', 'working', 'waiting', 'failing', 'stopped']),
  since: time('Since when it works or fails'),
  until: time('When it looks or tries again'),
  why: orNull(Type.String({ description: 'What it waits for' })),
  code: orNull(Type.String()),
  problem: orNull(Type.String({ description: 'What went wrong, and what to do' })),
})
type InputState = Static<typeof InputSchema>

export async function inputRoutes(
  app: FastifyInstance,
  { followers }: { followers: () => readonly Follower[] },
): Promise<void> {
  typed(app).get(
    '/inputs',
    {
      schema: {
        description: 'Inputs, and the state of those that fetch by themselves',
        tags: ['logs'],
        response: { 200: Type.Object({ inputs: Type.Array(InputSchema) }) },
      },
    },
    async () => ({ inputs: [...READY, ...followers().map(stateOf)] }),
  )
}

const NOTHING = { since: null, until: null, why: null, code: null, problem: null }

/** Those that wait for others to bring something. */
const READY: readonly InputState[] = WORDS.flatMap(({ name, live }) => {
  const { kind } = INPUTS[name] as Input
  return kind === 'fetching' ? [] : [{ name, kind, live, job: null, state: 'ready' as const, ...NOTHING }]
})

function stateOf({ input, job, state }: Follower): InputState {
  return {
    name: input,
    kind: 'fetching',
    live: isLiveInput(input),
    job,
    ...NOTHING,
    ...state,
    since: 'since' in state ? iso(state.since) : null,
    until: 'until' in state ? iso(state.until) : null,
  }
}
