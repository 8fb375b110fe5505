/** /openapi.json and /docs: what every route takes, gives, and answers when it refuses. */
import type { FastifyInstance, FastifySchema } from 'fastify'
import swagger from '@fastify/swagger'
import plugin from 'fastify-plugin'
import { Type } from 'typebox'
import { ErrorSchema } from '../schema/api/reports.js'

const DESCRIPTION = `Log analytics for Cloudflare edge logs: who answered, what broke, and the documented cause on every spike.

Times are given in ISO 8601 or epoch milliseconds; ranges include \`from\` and exclude \`to\`. Filters are dimension names as query
parameters, repeatable (OR within one, AND between them), each also with \`not.\` before it: \`status=403&not.country=FR\`. What can mean
nothing is refused with a code, and a message that says what to do. Where the service was started with FAULTLINE_TOKEN, send it as a bearer token.`

const TAGS = [
  { name: 'logs', description: 'Taking logs in, and the report of every batch' },
  { name: 'questions', description: 'Figures and records, with all filters' },
  { name: 'spikes', description: 'What surged, and the documented causes' },
  { name: 'statuses', description: 'The status catalogue, in three languages' },
  { name: 'annotations', description: 'Notes on the time line: deployments, changes' },
  { name: 'incidents', description: 'What was found, frozen for good' },
  { name: 'alerts', description: 'Rules, alerts, silences, maintenance windows, notifiers' },
  { name: 'access', description: 'Who may come in, who is in, who did what' },
  { name: 'live', description: 'What just happened, pushed' },
  { name: 'operations', description: 'For those who run a Faultline' },
]

/** Answers that are no JSON. */
const TEXTS: { [url: string]: string } = {
  '/metrics': 'text/plain; version=0.0.4',
  '/api/v1/stream': 'text/event-stream',
  '/api/v1/batches/:id/rejected': 'application/x-ndjson',
  '/api/v1/export': 'application/x-ndjson',
  '/api/v1/rules/export': 'application/yaml',
}

const refused = {
  description: 'Refused or failed: the code for programs, the message for people',
  content: { 'application/json': { schema: ErrorSchema } },
}

type Described = FastifySchema & {
  description?: string
  summary?: string
  hide?: boolean
  consumes?: string[]
  produces?: string[]
}

/** What holds for every route is said once, here; a route says only what is its own. */
function describe(schema: Described | undefined, url: string): Described {
  if (!schema || schema.hide) return { ...schema, hide: true }
  const text = TEXTS[url]
  return {
    ...schema,
    summary: schema.summary ?? schema.description,
    ...(text ? { produces: [text] } : {}),
    ...(url === '/api/v1/logs'
      ? {
          consumes: ['application/x-ndjson', 'application/gzip', 'application/zstd'],
          body: Type.Unsafe<string>({
            type: 'string',
            format: 'binary',
            description: 'Any content type will do: how it is packed is told by its bytes',
          }),
        }
      : {}),
    response: {
      ...(text ? { 200: { description: 'As text', type: 'string' } } : {}),
      ...(schema.response as object),
      default: refused,
    },
  }
}

const THEME = `.swagger-ui .topbar,.swagger-ui .info hgroup.main a{display:none}
.swagger-ui,.swagger-ui .info .title,.swagger-ui .opblock-tag{font-family:-apple-system,'Segoe UI',Roboto,Ubuntu,'Noto Sans',Arial,sans-serif}
.swagger-ui .info{margin:32px 0 16px}.swagger-ui .scheme-container{box-shadow:none;padding:8px 0;background:none}`

const KEPT_HEADERS = ['content-type', 'location', 'etag', 'last-modified', 'cache-control']

/** The pages of /docs, in an app of their own, made when somebody asks for one: most never do, and it takes as long as all else. */
async function openPages(description: FastifyInstance['swagger']): Promise<FastifyInstance> {
  const [{ default: fastify }, { default: swaggerUi }] = await Promise.all([
    import('fastify'),
    import('@fastify/swagger-ui'),
  ])
  const pages = fastify()
  await pages.register(
    plugin(async (own: FastifyInstance) => void own.decorate('swagger', description), {
      name: '@fastify/swagger',
    }),
  )
  await pages.register(swaggerUi, {
    routePrefix: '/docs',
    theme: { title: 'Faultline API', css: [{ filename: 'faultline.css', content: THEME }] },
    uiConfig: { docExpansion: 'list', defaultModelsExpandDepth: -1, displayRequestDuration: true, validatorUrl: null },
  })
  return pages
}

async function docs(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Faultline', version: '1', description: DESCRIPTION },
      servers: [{ url: '/' }],
      tags: TAGS,
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'FAULTLINE_TOKEN, where one is set' },
        },
      },
      security: [{ token: [] }, {}],
    },
    transform: ({ schema, url }) => ({ schema: describe(schema as Described | undefined, url), url }),
  })
  let pages: Promise<FastifyInstance> | null = null
  app.get('/docs', { schema: { hide: true } }, async (_, reply) => reply.redirect('/docs/'))
  app.get('/docs/*', { schema: { hide: true } }, async ({ url, headers: asked }, reply) => {
    pages ??= openPages(app.swagger)
    const { statusCode, headers, rawPayload } = await (await pages).inject({ url, headers: asked })
    const kept = KEPT_HEADERS.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]]))
    return reply.code(statusCode).headers(Object.fromEntries(kept)).send(rawPayload)
  })
  app.addHook('onClose', async () => (await pages)?.close())
  app.get(
    '/openapi.json',
    {
      schema: {
        description: 'This description, as OpenAPI 3.1',
        tags: ['operations'],
        response: { 200: Type.Unsafe<object>({ type: 'object', additionalProperties: true }) },
      },
    },
    async () => app.swagger(),
  )
}

export const docsPlugin = plugin(docs, { name: 'docs' })
