/**
 * What the service writes into its log: a line of JSON for each batch that ended and for each request that was refused. No
 * secrets: neither addresses with their query nor headers nor bodies.
 */
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { refusalOf } from '../schema/api/errors.js'
import type { BatchReport } from '../schema/api/batches.js'
import type { Batches } from '../schema/store/batches.js'

/** So many refusals a second have a line each; the rest of that second share one. A flood must not become one of lines. */
const REFUSALS_A_SECOND = 10

/** So long it is known of which batches was told, ms. */
const TOLD_MS = 60_000

/** The door of a store, which tells of each batch that ended, once. */
export function watchBatches(batches: Batches, ended: (report: BatchReport) => void): Batches {
  // whoever got no answer asks again: ids of this minute, and of the one before
  let told = new Set<string>()
  let before = new Set<string>()
  let since = performance.now()
  const tell = (report: BatchReport) => {
    if (performance.now() - since > TOLD_MS) {
      before = told
      told = new Set()
      since = performance.now()
    }
    if (told.has(report.id) || before.has(report.id)) return report
    told.add(report.id)
    ended(report)
    return report
  }
  return {
    ...batches,
    take: async (batch) => tell(await batches.take(batch)),
    close: async (batch, ...rest) => tell(await batches.close(batch, ...rest)),
  }
}

export function logBatch(log: FastifyBaseLogger, report: BatchReport): void {
  const { id: batch, input, name, job, state, lines, stored, duplicates, rejected, rejectedByReason } = report
  const { bytes, seconds, lagSeconds, message } = report
  log.info(
    {
      batch,
      input,
      name,
      job,
      state,
      lines,
      stored,
      duplicates,
      rejected,
      rejectedByReason,
      bytes,
      seconds,
      lagSeconds,
    },
    message ?? (state === 'complete' ? 'A batch is stored' : 'A batch was aborted'),
  )
}

/** A line for each request that was answered 4xx or 5xx: which route, from where, and the code of the answer. */
export function logRefusals(app: FastifyInstance): void {
  let second = 0
  let inSecond = 0
  const more = new Map<string, number>()
  let timer: NodeJS.Timeout | null = null
  const tellMore = () => {
    timer = null
    if (more.size > 0) app.log.warn({ refused: Object.fromEntries(more) }, 'More requests were refused')
    more.clear()
  }
  app.addHook('onResponse', async (request, reply) => {
    const { statusCode } = reply
    if (statusCode < 400) return
    const code = refusalOf(request) ?? String(statusCode)
    const now = Math.floor(Date.now() / 1000)
    if (now !== second) [second, inSecond] = [now, 0]
    if (++inSecond > REFUSALS_A_SECOND) {
      more.set(code, (more.get(code) ?? 0) + 1)
      timer ??= setTimeout(tellMore, 1_000).unref()
      return
    }
    const line = {
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: statusCode,
      code,
      from: request.ip,
      ms: Math.round(reply.elapsedTime),
    }
    app.log[statusCode >= 500 ? 'warn' : 'info'](line, 'A request was refused')
  })
  app.addHook('onClose', async () => {
    if (timer) clearTimeout(timer)
    tellMore()
  })
}
