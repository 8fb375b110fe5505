import type { FastifyInstance } from 'fastify'
import type { Static, TObject } from 'typebox'
import { defineCommand, EXIT, type Command } from '../../schema/command-line/command.js'
import { settings } from '../../schema/command-line/settings.js'
import { stopSignal } from '../../schema/runtime/stop-signal.js'

const OPTIONS = settings('store', 'secretKey', 'mcpWrites')
export type McpSettings = Static<TObject<typeof OPTIONS>>

/** The whole service over a store, which listens nowhere and watches nothing. */
export type OpenQuietly = (settings: McpSettings) => Promise<{ app: FastifyInstance; close(): Promise<void> }>

export const mcp = (load: () => Promise<OpenQuietly>): Command =>
  defineCommand({
    name: 'mcp',
    summary: 'tools for assistants over stdio (Model Context Protocol)',
    about:
      'Figures, spikes, causes, records, rules and backtests as tools, read-only unless --mcp-writes. A running service has\n' +
      'the same at /mcp, with its token.',
    options: OPTIONS,
    examples: [
      { line: 'faultline mcp --store sqlite:data/faultline.sqlite', says: 'what an assistant starts' },
      { line: 'faultline mcp --mcp-writes', says: 'may also annotate and freeze incidents' },
    ],
    async run(options) {
      const { StdioServerTransport } = await import('@modelcontextprotocol/sdk/server/stdio.js')
      const { askOf } = await import('../../analyze/mcp/ask.js')
      const { createMcpServer } = await import('../../analyze/mcp/server.js')
      const { version } = await import('../../schema/runtime/version.js')
      const open = await load()
      const service = await open(options)
      try {
        const server = createMcpServer({ ask: askOf(service.app), version: version(), writes: options.mcpWrites })
        await new Promise<void>((resolve, reject) => {
          server.onclose = resolve
          // the assistant is gone when its end of the pipe is
          process.stdin.once('end', resolve)
          void stopSignal().then(resolve)
          server.connect(new StdioServerTransport()).catch(reject)
        })
        await server.close()
      } finally {
        await service.close()
      }
      return EXIT.done
    },
  })
