/** Questions of tools to the API of the same process. */
import type { FastifyInstance } from 'fastify'
import type { Ask } from './server.js'
import type { Question } from './tool.js'

/** `headers`: whose name it is asked in; `from`: the asker's address, for limits. */
export function askOf(
  app: FastifyInstance,
  headers: { [name: string]: string | undefined } = {},
  from = '127.0.0.1',
): Ask {
  return async ({ method, path, query, body }) => {
    const response = await app.inject({
      method,
      url: `/api/v1/${path}${searchOf(query)}`,
      remoteAddress: from,
      headers: Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined)),
      ...(body === undefined ? {} : { payload: body }),
    })
    return { status: response.statusCode, body: parsed(response.body) }
  }
}

function searchOf(query: Question['query'] = {}): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue
    for (const one of typeof value === 'string' ? [value] : value) params.append(name, one)
  }
  return params.size === 0 ? '' : `?${params}`
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return { message: text }
  }
}
