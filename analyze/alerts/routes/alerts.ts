/** GET /alerts (firing and history), acknowledge; what uploaded history would have fired. */
import { Type } from 'typebox'
import { EpisodeSchema, FailingSchema, WouldHaveFiredSchema } from '../../../schema/api/alerts.js'
import { badRequest, notFound } from '../../../schema/api/errors.js'
import {
  instant,
  langParameter,
  languageOf,
  oneOf,
  refuseUnknown,
  wholeNumberOf,
  type RawQuery,
} from '../../http/parameters.js'
import { parseZone } from '../../reports/buckets.js'
import { wouldHaveFired } from '../backtest/would-have-fired.js'
import { BODY_LIMIT, idParams, TAGS, type AlertRoutes } from './common.js'
import { rangeOfBody } from './range.js'
import { episodeView, failingOf } from './views.js'

const noSuchAlert = (id: string) => notFound('NO_SUCH_ALERT', `There is no alert ${id}. GET /api/v1/alerts lists them.`)
const text = (description: string) => Type.Optional(Type.String({ description }))

const LIST = {
  from: text('Only alerts that fired after this or were still firing then'),
  to: text('Only alerts that fired before this'),
  state: text('firing or resolved'),
  rule: text('Id of a rule'),
  limit: text('At most so many. Default: 100'),
  after: text('The cursor of the page before'),
}
const WOULD = {
  from: text('Start of the range'),
  to: text('End of the range'),
  batch: text('Id of a batch: the range of its records'),
  lang: langParameter,
  tz: text('Time zone of the texts. Default: UTC'),
}

export function alertRoutes({ app, service, authorOf }: AlertRoutes): void {
  const { log } = service

  app.get(
    '/alerts',
    {
      schema: {
        description: 'Alerts, newest first: what fires now with state=firing',
        tags: TAGS,
        querystring: Type.Object(LIST),
        response: {
          200: Type.Object({
            alerts: Type.Array(EpisodeSchema),
            next: Type.Union([Type.String(), Type.Null()]),
            failing: FailingSchema,
          }),
        },
      },
    },
    async (request) => {
      const query = request.query
      refuseUnknown(query, Object.keys(LIST))
      const state = oneOf(query, 'state') ?? null
      if (state !== null && state !== 'firing' && state !== 'resolved') {
        throw badRequest('BAD_STATE', `"state=${state}" is not known. Give firing or resolved.`)
      }
      const time = (name: 'from' | 'to') => {
        const given = oneOf(query, name)
        return given === undefined ? null : instant(given, name)
      }
      const limit = wholeNumberOf(query, 'limit', { fallback: 100, min: 1, max: 1_000 })
      const [page, { notifiers }, counts] = await Promise.all([
        log.episodes({
          from: time('from'),
          to: time('to'),
          rule: oneOf(query, 'rule') ?? null,
          state,
          limit,
          after: oneOf(query, 'after') ?? null,
        }),
        log.load(),
        log.counts(),
      ])
      const tellings = await log.tellings(page.items.map((e) => e.id))
      return {
        alerts: page.items.map((e) => episodeView(e, notifiers, tellings)),
        failing: failingOf(notifiers, counts),
        next: page.next,
      }
    },
  )

  app.get(
    '/alerts/:id',
    {
      schema: {
        description: 'One alert, and the most likely documented cause of it',
        tags: TAGS,
        params: idParams,
        querystring: Type.Object({ lang: langParameter }),
        response: { 200: EpisodeSchema },
      },
    },
    async (request) => {
      const [episode, { notifiers }] = await Promise.all([log.episode(request.params.id), log.load()])
      if (!episode) throw noSuchAlert(request.params.id)
      const found = await service.explain(episode, languageOf(request.query))
      const explanation = found?.cause && {
        spike: found.spike,
        cause: found.cause.title,
        confidence: found.cause.confidence,
        firstCheck: found.firstCheck,
      }
      const urgencyReason = found?.urgency?.reason ?? null
      return { urgencyReason, ...episodeView(episode, notifiers, await log.tellings([episode.id])), explanation }
    },
  )

  const acknowledgement = Type.Object(
    { by: Type.Optional(Type.String({ maxLength: 200 })), note: Type.Optional(Type.String({ maxLength: 1_000 })) },
    { additionalProperties: false },
  )
  app.post(
    '/alerts/:id/acknowledge',
    {
      bodyLimit: BODY_LIMIT,
      schema: {
        description: 'Somebody is on it: it is not repeated any more',
        tags: TAGS,
        params: idParams,
        body: acknowledgement,
        response: { 200: EpisodeSchema },
      },
    },
    async (request) => {
      const { by = '', note = '' } = request.body
      return change(request.params.id, { at: service.now(), by: authorOf(request) ?? (by.trim() || 'Somebody'), note })
    },
  )

  app.delete(
    '/alerts/:id/acknowledge',
    {
      schema: {
        description: 'Nobody is on it after all',
        tags: TAGS,
        params: idParams,
        response: { 200: EpisodeSchema },
      },
    },
    async (request) => change(request.params.id, null),
  )

  async function change(id: string, acknowledged: { at: number; by: string; note: string } | null) {
    const before = await log.episode(id)
    if (!before) throw noSuchAlert(id)
    if (before.state === 'resolved') {
      throw badRequest('ALERT_OVER', 'This alert is over: there is nothing to acknowledge.')
    }
    const [episode, { notifiers }] = [await log.acknowledge(id, acknowledged), await log.load()]
    if (!episode) throw noSuchAlert(id)
    service.nudge()
    return episodeView(episode, notifiers, await log.tellings([id]))
  }

  app.get(
    '/alerts/would-have-fired',
    {
      schema: {
        description:
          'What every rule would have done over logs that came as history: for the report of an upload and the chart',
        tags: TAGS,
        querystring: Type.Object(WOULD),
        response: { 200: WouldHaveFiredSchema },
      },
    },
    async (request) => {
      const query = request.query
      refuseUnknown(query, Object.keys(WOULD))
      const { rules } = await service.rules()
      return wouldHaveFired(
        rules,
        await rangeFor(query),
        service.tools,
        languageOf(query),
        parseZone(oneOf(query, 'tz')),
      )
    },
  )

  async function rangeFor(query: RawQuery) {
    const { store } = service.tools
    const id = oneOf(query, 'batch')
    if (id === undefined) return rangeOfBody(query, store.records)
    const batch = await store.ledger.reports.get(id)
    if (!batch) throw notFound('NO_SUCH_BATCH', `There is no batch ${id}. GET /api/v1/batches lists them.`)
    return batch.from === null || batch.to === null
      ? null
      : { from: Date.parse(batch.from), to: Date.parse(batch.to) + 1 }
  }
}
