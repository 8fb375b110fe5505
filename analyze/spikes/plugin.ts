/** GET /api/v1/spikes, /spikes/{id}, /explain, /statuses, /statuses/{code}. */
import { iso } from '../../schema/words/iso.js'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { typed } from '../../schema/api/typed.js'
import { notFound } from '../../schema/api/errors.js'
import { SpikeSchema, SpikesSchema, VerdictSchema } from '../../schema/api/spikes.js'
import { RecordShape } from '../../schema/words/record.js'
import { reasonInWords } from '../../schema/words/source-reasons.js'
import type { Language } from '../../schema/words/languages.js'
import type { Catalogue } from '../../schema/status/catalogue.js'
import { StatusEntrySchema } from '../../schema/status/entry.js'
import type { Settings } from '../../schema/store/ledger/settings.js'
import type { ReadRecords } from '../../schema/store/records.js'
import { langParameter, languageOf, refuseUnknown, selectionOf, selectionParameters } from '../http/parameters.js'
import type { ExplainedSpike } from './explain.js'
import { firstRecords } from './first-records.js'
import type { SpikeService } from './service.js'
import { VerdictBody, verdictsIn } from './verdicts.js'
import { windowCurve } from './window-curve.js'

export interface SpikePluginOptions {
  /** what whoever asks may see */
  recordsFor: (request: FastifyRequest) => ReadRecords
  spikesFor: (request: FastifyRequest) => SpikeService
  settings: Settings
  catalogue: Catalogue
}

export async function spikePlugin(
  instance: FastifyInstance,
  { recordsFor, spikesFor, settings, catalogue }: SpikePluginOptions,
): Promise<void> {
  const app = typed(instance)
  const verdicts = verdictsIn(settings)
  const querystring = { lang: langParameter, ...selectionParameters }

  app.get(
    '/spikes',
    {
      schema: {
        description:
          'Intervals in which a status ran far above what its past predicts, with the documented causes. Filters on what became of requests (status, class, source, cacheStatus, securityAction …) choose among them: those of which a tenth of the requests or more ended so',
        tags: ['spikes'],
        querystring: Type.Object(querystring),
        response: { 200: SpikesSchema },
      },
    },
    async (request) => {
      const query = request.query
      refuseUnknown(query, Object.keys(querystring))
      const { from, to, filters } = selectionOf(query, await recordsFor(request).extent())
      const report = await spikesFor(request).report({ from, to, filters }, languageOf(query))
      const said = await verdicts.all()
      return { ...report, spikes: report.spikes.map((spike) => ({ ...spike, verdict: said.get(spike.id) ?? null })) }
    },
  )

  const spikeId = Type.Object({ id: Type.String({ maxLength: 400 }) })
  app.put(
    '/spikes/:id/verdict',
    {
      schema: {
        description: 'Say that a spike was trouble, or none. Kept and shown; it lowers nothing that is told',
        tags: ['spikes'],
        params: spikeId,
        body: VerdictBody,
        response: { 200: VerdictSchema },
      },
    },
    async (request) => {
      const { id } = request.params
      if (!(await spikesFor(request).byId(id, []))) throw noSuchSpike(id)
      const { verdict, note = null } = request.body
      const said = { verdict, note, at: new Date().toISOString() }
      await verdicts.set(id, said)
      return said
    },
  )
  app.delete(
    '/spikes/:id/verdict',
    {
      schema: {
        description: 'Take back what was said of a spike',
        tags: ['spikes'],
        params: spikeId,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      if (!(await verdicts.remove(request.params.id)))
        throw notFound(
          'NO_SUCH_VERDICT',
          `Nothing was said of the spike ${request.params.id}, so there is nothing to take back.`,
        )
      return reply.code(204).send(null)
    },
  )

  const curve = Type.Array(Type.Array(Type.Number()), {
    description: '[epoch ms, requests] per step; of slowness [epoch ms, ms]',
  })
  const Detail = Type.Interface([SpikeSchema], {
    series: Type.Object({
      step: Type.Integer(),
      unit: Type.Enum(['requests', 'ms'] as const),
      points: curve,
      expected: curve,
      upper: curve,
    }),
    firstRecords: Type.Array(RecordShape),
  })
  const firstOf = async (request: FastifyRequest, { selection }: ExplainedSpike, lang: Language) =>
    (await firstRecords(recordsFor(request), selection)).map((r) => ({
      ...r,
      time: iso(r.time),
      sourceReason: reasonInWords(r.sourceReason, lang),
    }))

  app.get(
    '/spikes/:id',
    {
      schema: {
        description: 'One spike, its series against what was expected, and its first records',
        tags: ['spikes'],
        params: Type.Object({ id: Type.String({ maxLength: 400 }) }),
        querystring: Type.Object(querystring),
        response: { 200: Detail },
      },
    },
    async (request) => {
      const { id } = request.params
      const lang = languageOf(request.query)
      const { filters } = selectionOf(request.query, await recordsFor(request).extent())
      const spikes = spikesFor(request)
      const spike = await spikes.byId(id, filters)
      if (!spike) throw noSuchSpike(id)
      return {
        ...(await spikes.told(spike, lang)),
        verdict: (await verdicts.all()).get(id) ?? null,
        series: await spikes.curve(spike),
        firstRecords: await firstOf(request, spike, lang),
      }
    },
  )

  app.get(
    '/explain',
    {
      schema: {
        description:
          'Any window explained like a spike, against the time before, with its series and first records: the errors of the selection, or what a filter on status or class chooses',
        tags: ['spikes'],
        querystring: Type.Object(querystring),
        response: { 200: Type.Object({ spike: Type.Union([Detail, Type.Null()]), lang: Type.String() }) },
      },
    },
    async (request) => {
      const query = request.query
      refuseUnknown(query, Object.keys(querystring))
      const { from, to, filters } = selectionOf(query, await recordsFor(request).extent())
      const lang = languageOf(query)
      const spikes = spikesFor(request)
      const explained = await spikes.window({ from, to, filters })
      if (explained === null) return { spike: null, lang }
      const [told, series, first] = await Promise.all([
        spikes.told(explained, lang),
        windowCurve(recordsFor(request), explained),
        firstOf(request, explained, lang),
      ])
      return { spike: { ...told, series, firstRecords: first }, lang }
    },
  )

  app.get(
    '/statuses',
    {
      schema: {
        description: 'Every documented status',
        tags: ['statuses'],
        querystring: Type.Object({ lang: langParameter }),
        response: { 200: Type.Object({ statuses: Type.Array(StatusEntrySchema) }) },
      },
    },
    async (request) => {
      const lang = languageOf(request.query)
      return { statuses: catalogue.codes.map((code) => catalogue.statusEntry(code, lang)) }
    },
  )

  app.get(
    '/statuses/titles',
    {
      schema: {
        description: 'What statuses are called, for lists of them; code may be repeated, without it all are given',
        tags: ['statuses'],
        querystring: Type.Object({
          lang: langParameter,
          code: Type.Optional(Type.Array(Type.Integer({ minimum: 0, maximum: 999 }))),
        }),
        response: { 200: Type.Object({ titles: Type.Record(Type.String(), Type.String()) }) },
      },
    },
    async (request) => {
      const lang = languageOf(request.query)
      const { code: codes = catalogue.codes } = request.query
      return { titles: Object.fromEntries(codes.map((code) => [code, catalogue.statusEntry(code, lang).title])) }
    },
  )

  app.get(
    '/statuses/:code',
    {
      schema: {
        description: 'One status: meaning, who can write it, causes',
        tags: ['statuses'],
        params: Type.Object({ code: Type.Integer({ minimum: 0, maximum: 999 }) }),
        querystring: Type.Object({ lang: langParameter }),
        response: { 200: StatusEntrySchema },
      },
    },
    async (request) => catalogue.statusEntry(request.params.code, languageOf(request.query)),
  )
}

const noSuchSpike = (id: string) =>
  notFound('NO_SUCH_SPIKE', `There is no spike ${id}. It may have moved with late data; GET /api/v1/spikes lists them.`)
