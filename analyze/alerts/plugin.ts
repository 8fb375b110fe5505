/** Alerting over HTTP: /rules /alerts /silences /maintenance /notifiers /backtest. */
import type { FastifyInstance } from 'fastify'
import { alertRoutes } from './routes/alerts.js'
import { backtestRoutes } from './routes/backtest.js'
import { notifierRoutes } from './routes/notifiers.js'
import { ruleRoutes } from './routes/rules.js'
import { silenceRoutes } from './routes/silences.js'
import type { AlertService } from './service.js'

export interface AlertPluginOptions { service: AlertService }

/** Register under /api/v1. The service is started and stopped by whoever made it. */
export async function alertPlugin(app: FastifyInstance, { service }: AlertPluginOptions): Promise<void> {
  const routes = { app, service }
  ruleRoutes(routes)
  alertRoutes(routes)
  silenceRoutes(routes)
  notifierRoutes(routes)
  backtestRoutes(routes)
}
