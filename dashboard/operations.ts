/** For those who run a Faultline: /healthz, /readyz, /metrics. */
import type { FastifyInstance } from 'fastify'
import { Counter, Gauge, Histogram, collectDefaultMetrics, type Registry } from 'prom-client'
import plugin from 'fastify-plugin'
import { Type } from 'typebox'
import { registerAlertMetrics } from '../analyze/alerts/metrics.js'
import type { AlertService } from '../analyze/alerts/service.js'
import { registerInputMetrics } from '../analyze/inputs/metrics.js'
import type { InputsHealth } from '../schema/api/inputs.js'
import type { Store } from '../schema/store/store.js'
import { registerThreadMetrics } from './work-metrics.js'

export interface OperationsOptions {
  /** what is measured elsewhere goes in there too */
  registry: Registry
  store: Store
  alerts: AlertService | null
  /** posts being taken in, and those that were refused since the start */
  gate: { readonly posts: number; readonly uploads: number; readonly refused: number }
  /** how the inputs are */
  inputs: () => Promise<InputsHealth>
}

/** prom-client calls these gauges what only counters may be called; each is told by type under its other name. */
const MISNAMED = ['handles', 'requests', 'resources'].map((what) => `faultline_nodejs_active_${what}_total`)

async function operations(
  app: FastifyInstance,
  { registry, store, alerts, gate, inputs }: OperationsOptions,
): Promise<void> {
  collectDefaultMetrics({ register: registry, prefix: 'faultline_' })
  for (const name of MISNAMED) registry.removeSingleMetric(name)
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
  gauge(
    'faultline_store_log_bytes',
    'Bytes of the write-ahead log of the file: what grows for long has a reader that stays; /readyz says what to do',
    async () => (await store.condition()).logBytes,
  )
  gauge('faultline_posts_in_progress', 'Posts of logs that are being taken in', async () => gate.posts)
  new Counter({
    name: 'faultline_posts_refused_total',
    help: 'Posts of logs that were told to come again later, since there was no room',
    registers: [registry],
    collect() {
      this.reset()
      this.inc(gate.refused)
    },
  })

  if (alerts) registerAlertMetrics([registry], alerts)
  registerInputMetrics([registry], inputs)
  registerThreadMetrics([registry])

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
        description:
          'Logs would be taken in now: the store answers, is the file that was opened, has room and can be written. ' +
          'Else 503 or 507 with the code that a post would get',
        tags: ['operations'],
        response: {
          200: Type.Object({
            status: Type.Literal('ok'),
            records: Type.Number(),
            advice: Type.Array(Type.String(), {
              description: 'What to see to while everything still works, such as a write-ahead log that grows',
            }),
          }),
        },
      },
    },
    async () => {
      await store.checkWritable()
      const extent = await store.records.extent()
      return { status: 'ok' as const, records: extent.records, advice: (await store.condition()).advice }
    },
  )
  app.get('/metrics', { schema: { description: 'For Prometheus', tags: ['operations'] } }, async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  )
}

export const operationsPlugin = plugin(operations, { name: 'operations' })
