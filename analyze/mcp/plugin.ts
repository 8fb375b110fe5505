/** POST /mcp: the tools over HTTP ("Streamable HTTP" of the protocol), without sessions: each request stands for itself. */
import type { FastifyInstance } from 'fastify'
import { RequestError } from '../../schema/api/errors.js'
import { askOf } from './ask.js'

export interface McpPluginOptions {
  version: string
  writes: boolean
}

/** It comes with the first question: loading it takes longer than the rest of the service. */
async function protocol() {
  const [{ StreamableHTTPServerTransport }, { createMcpServer }] = await Promise.all([
    import('@modelcontextprotocol/sdk/server/streamableHttp.js'),
    import('./server.js'),
  ])
  return { StreamableHTTPServerTransport, createMcpServer }
}

/** What stands for the asker, handed on to the API with each question. */
const ASKER = ['authorization', 'cookie', 'cf-access-jwt-assertion', 'host', 'origin', 'sec-fetch-site'] as const

export async function mcpPlugin(app: FastifyInstance, { version, writes }: McpPluginOptions): Promise<void> {
  app.post('/mcp', { schema: { hide: true } }, async (request, reply) => {
    const headers = Object.fromEntries(ASKER.map((name) => [name, request.headers[name] as string | undefined]))
    const { StreamableHTTPServerTransport, createMcpServer } = await protocol()
    const server = createMcpServer({ ask: askOf(app, headers, request.ip), version, writes })
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true })
    reply.hijack()
    reply.raw.on('close', () => void server.close())
    await server.connect(transport)
    await transport.handleRequest(request.raw, reply.raw, request.body)
  })
  // nothing is told unasked
  app.get('/mcp', { schema: { hide: true } }, async (_request, reply) => {
    reply.header('allow', 'POST')
    throw new RequestError(405, 'POST_ONLY', 'Tools for assistants are asked for with POST /mcp, a message a request.')
  })
}
