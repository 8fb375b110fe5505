/**
 * The map. One Faultline is a store, the plugins that fill it, ask it and show it, and a door that lets in
 * only whom it should.
 */
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import fastify, { type FastifyInstance } from 'fastify'
import { analyzePlugin } from './analyze/plugin.js'
import { createDetector } from './analyze/spikes/detect-thread.js'
import { spikePlugin } from './analyze/spikes/plugin.js'
import { createSpikeService } from './analyze/spikes/service.js'
import { accessPlugin, type AccessOptions } from './dashboard/access/plugin.js'
import { createLiveHub } from './dashboard/live/hub.js'
import { livePlugin } from './dashboard/live/plugin.js'
import { operationsPlugin } from './dashboard/operations.js'
import { dashboardPlugin } from './dashboard/plugin.js'
import { ingestPlugin } from './ingest/plugin.js'
import type { ReadSettings } from './ingest/reader/normalise.js'
import type { ReaderPool } from './ingest/reader/pool.js'
import { answerError, answerNotFound } from './schema/api/errors.js'
import { loadCatalogue } from './schema/status/catalogue.js'
import type { Store } from './schema/store.js'

export interface AppOptions {
  store: Store
  readers: ReaderPool
  access: AccessOptions
  settings?: Partial<ReadSettings>
  /** false in tests; the service logs JSON lines to stderr */
  log?: boolean
}

export async function buildApp({ store, readers, access, settings, log = false }: AppOptions): Promise<FastifyInstance> {
  const app = fastify({
    logger: log ? { level: 'warn', stream: process.stderr } : false,
    // an upload may take as long as its sender needs; Node would cut it off after five minutes
    requestTimeout: 0,
    bodyLimit: Number.MAX_SAFE_INTEGER,
    routerOptions: { maxParamLength: 500 },
    forceCloseConnections: true,
  })
  app.setErrorHandler(answerError)
  app.setNotFoundHandler(answerNotFound)
  const hub = createLiveHub()
  const catalogue = loadCatalogue()
  const detector = createDetector()
  const spikes = createSpikeService({ store: store.questions, catalogue, detect: detector.detect })
  const stopListening = store.onChange((change) => {
    spikes.forget()
    hub.publish('data', change)
  })
  app.addHook('onClose', async () => {
    stopListening()
    await detector.close()
  })

  await app.register(accessPlugin, access)
  await app.register(swagger, { openapi: { openapi: '3.1.0', info: { title: 'Faultline', version: '1', description: 'Log analytics for Cloudflare edge logs' } } })
  await app.register(swaggerUi, { routePrefix: '/docs' })
  await app.register(operationsPlugin, { store })
  await app.register(async (api) => {
    await api.register(ingestPlugin, { store, readers, settings, onProgress: (report) => hub.publish('batch', report) })
    await api.register(analyzePlugin, { store })
    await api.register(spikePlugin, { questions: store.questions, spikes, catalogue })
    await api.register(livePlugin, { hub })
  }, { prefix: '/api/v1' })
  await app.register(dashboardPlugin)
  return app
}
