/** Alerting over HTTP: /rules /alerts /silences /maintenance /notifiers /backtest. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { typed } from '../../schema/api/typed.js'
import { alertRoutes } from './routes/alerts.js'
import { backtestRoutes } from './routes/backtest.js'
import { notifierRoutes } from './routes/notifiers.js'
import { ruleRoutes } from './routes/rules.js'
import { silenceRoutes } from './routes/silences.js'
import type { AlertService } from './service.js'

export interface AlertPluginOptions {
  service: AlertService
  /** who signs what is written, as far as the door knows; null: nobody by name */
  authorOf?: (request: FastifyRequest) => string | null
}

/** Register under /api/v1. The service is started and stopped by whoever made it. */
export async function alertPlugin(
  app: FastifyInstance,
  { service, authorOf = () => null }: AlertPluginOptions,
): Promise<void> {
  // a DELETE with a content type and nothing in it is what some clients send
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) =>
    body === '' ? done(null, undefined) : parse(request, body, done),
  )
  const routes = { app: typed(app), service, authorOf }
  ruleRoutes(routes)
  alertRoutes(routes)
  silenceRoutes(routes)
  notifierRoutes(routes)
  backtestRoutes(routes)
}
