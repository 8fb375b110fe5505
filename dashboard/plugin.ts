/** Serves the built page. Every address of the page gives the same document; the script there reads the address. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { answerNotFound, RequestError } from '../schema/api/errors.js'
import { PAGES } from '../schema/words/pages.js'
import { packageRoot } from '../schema/runtime/package-root.js'

export interface DashboardOptions {
  /** folder with the built page; default: where `npm run build` puts it */
  root?: string
}

/** Files under assets/ carry a hash of their content in their name. */
const forever = 'public, max-age=31536000, immutable'

export async function dashboardPlugin(app: FastifyInstance, options: DashboardOptions = {}): Promise<void> {
  const root = options.root ?? fileURLToPath(new URL('dist/dashboard/web/', packageRoot))
  if (!existsSync(new URL('index.html', `file://${root.endsWith('/') ? root : `${root}/`}`))) {
    for (const url of Object.values(PAGES)) {
      app.get(url, { schema: { hide: true } }, async () => {
        throw new RequestError(
          503,
          'PAGE_NOT_BUILT',
          `The page is not built: ${root} holds no index.html. Run "npm run build" and start again; the API works meanwhile.`,
        )
      })
    }
    return
  }
  await app.register(fastifyStatic, {
    root,
    index: false,
    wildcard: false,
    preCompressed: true,
    cacheControl: false,
    etag: true,
    setHeaders: (reply, path) => {
      reply.header('cache-control', path.includes('/assets/') ? forever : 'no-cache')
    },
  })
  for (const url of Object.values(PAGES)) {
    app.get(url, { schema: { hide: true } }, (_request, reply) => reply.sendFile('index.html'))
  }
  // an address that is none of ours: people get the page, which says so in their language, programs get JSON
  app.get('/*', { schema: { hide: true } }, (request, reply) =>
    asksForPage(request) ? reply.code(404).sendFile('index.html') : answerNotFound(request, reply),
  )
}

function asksForPage({ url, headers }: FastifyRequest): boolean {
  return (headers.accept ?? '').includes('text/html') && !url.startsWith('/api/') && !url.startsWith('/assets/')
}
