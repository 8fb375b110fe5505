/** What a tool is: a question to the API with a description that a model understands. */
import { Type, type Static, type TObject, type TProperties } from 'typebox'
import { DIMENSIONS } from '../../schema/store/query.js'
import { LANGUAGES } from '../../schema/words/languages.js'

export interface Question {
  method: 'GET' | 'POST'
  /** below /api/v1 */
  path: string
  query?: { readonly [name: string]: string | readonly string[] | undefined }
  body?: object
}

export interface Tool {
  name: string
  title: string
  description: string
  input: TObject
  /** changes something; offered only where that is allowed */
  writes: boolean
  question(input: never): Question
}

export function tool<P extends TProperties>(
  words: { name: string; title: string; description: string; writes?: boolean },
  input: TObject<P>,
  question: (input: Static<TObject<P>>) => Question,
): Tool {
  return { writes: false, ...words, input, question: question as Tool['question'] }
}

const text = (description: string) => Type.Optional(Type.String({ description }))

export const RANGE = {
  from: text('Start, included: ISO 8601 (2026-05-20T14:05:00Z) or epoch ms. Default: the first record stored'),
  to: text('End, excluded. Default: the last record stored'),
}

const one = Type.Union([Type.String(), Type.Array(Type.String())])
export const SELECTION = {
  ...RANGE,
  filters: Type.Optional(
    Type.Record(Type.String(), one, {
      description: `Only requests with these values, by dimension: {"status": ["502", "504"], "host": "www.example.com", "path": "/api/*"}. "not.NAME" excludes; "" means absent; * stands for anything. Dimensions: ${DIMENSIONS.join(', ')}. class is 2xx, 3xx, 4xx, 499, 5xx or other; source (who answered) is client, edge, origin-failure, cache, worker, origin or undetermined. Requests that no visitor sent (sub-requests) are left out unless visitor is "all" or "false"`,
    }),
  ),
}

export const LANG = {
  lang: Type.Optional(Type.Enum([...LANGUAGES], { description: 'Language of the texts. Default: en' })),
}

export const limit = (most: number, fallback: number) => ({
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: most, description: `At most so many. Default: ${fallback}` }),
  ),
})

export interface SelectionInput {
  from?: string
  to?: string
  filters?: { [name: string]: string | string[] }
}

export const queryOf = ({ from, to, filters = {} }: SelectionInput): NonNullable<Question['query']> => ({
  ...filters,
  from,
  to,
})
