/** For those who run a Faultline: /healthz, /readyz, /metrics. */
import type { FastifyInstance } from 'fastify'
import { Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import plugin from 'fastify-plugin'
import { Type } from 'typebox'
import { registerAlertMetrics } from '../analyze/alerts/metrics.js'
import type { AlertService } from '../analyze/alerts/service.js'
import type { Store } from '../schema/store/store.js'

async function operations(
  app: FastifyInstance,
  { store, alerts }: { store: Store; alerts: AlertService | null },
): Promise<void> {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'faultline_' })
  const durations = new Histogram({
    name: 'faultline_http_request_seconds',
    help: 'Time to answer, by route',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers: [registry],
  })
  // a gauge reads its value when it is asked for
  const gauge = (name: string, help: string, read: () => Promise<number>) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        this.set(await read())
      },
    })
  gauge('faultline_records', 'Records stored', async () => (await store.records.extent()).records)
  gauge(
    'faultline_newest_event_timestamp_seconds',
    'Event time of the newest record',
    async () => ((await store.records.extent()).to ?? 0) / 1000,
  )
  gauge('faultline_store_bytes', 'Bytes on disk', () => store.size())

  if (alerts) registerAlertMetrics([registry], alerts)

  app.addHook('onResponse', async (request, reply) => {
    durations.observe(
      { method: request.method, route: request.routeOptions.url ?? 'unknown', status: String(reply.statusCode) },
      reply.elapsedTime / 1000,
    )
  })
  app.get(
    '/healthz',
    {
      schema: {
        description: 'The process answers',
        tags: ['operations'],
        response: { 200: Type.Object({ status: Type.Literal('ok') }) },
      },
    },
    async () => ({ status: 'ok' as const }),
  )
  app.get(
    '/readyz',
    {
      schema: {
        description: 'The store answers too',
        tags: ['operations'],
        response: { 200: Type.Object({ status: Type.Literal('ok'), records: Type.Number() }) },
      },
    },
    async () => {
      const extent = await store.records.extent()
      return { status: 'ok' as const, records: extent.records }
    },
  )
  app.get('/metrics', { schema: { description: 'For Prometheus', tags: ['operations'] } }, async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  )
}

export const operationsPlugin = plugin(operations, { name: 'operations' })
