/** Silences and maintenance windows. */
import { randomUUID } from 'node:crypto'
import { Type } from 'typebox'
import {
  MaintenanceDraftSchema,
  MaintenanceSchema,
  SilenceDraftSchema,
  SilenceSchema,
  type MaintenanceDraft,
  type SilenceDraft,
  type SilenceJson,
} from '../../../schema/api/alerts.js'
import { badRequest, notFound } from '../../../schema/api/errors.js'
import type { Episode, StoredMaintenance, StoredSilence } from '../../../schema/store/alert-log.js'
import { instant } from '../../http/parameters.js'
import { checkMaintenance, nextWindow, windowAt } from '../notices/maintenance.js'
import { matches } from '../notices/matchers.js'
import { DAY } from '../../../schema/words/duration.js'
import { BODY_LIMIT, idParams, TAGS, type AlertRoutes } from './common.js'
import { iso, isoOrNull } from '../../../schema/words/iso.js'

/** A silence that lasts longer is a rule that should be off. */
const LONGEST_MS = 366 * DAY

export function silenceRoutes({ app, service, authorOf }: AlertRoutes): void {
  const { log } = service

  function view(silence: StoredSilence, episodes: readonly Episode[]): SilenceJson {
    const now = service.now()
    const state = silence.endsAt <= now ? 'over' : silence.startsAt > now ? 'coming' : 'active'
    const alerts =
      state === 'active'
        ? episodes.filter((e) => e.state === 'firing' && matches(silence.matchers, e.labels)).length
        : 0
    return { ...silence, startsAt: iso(silence.startsAt), endsAt: iso(silence.endsAt), state, alerts }
  }

  function silenceOf(draft: SilenceDraft, before: StoredSilence | null, author: string | null): StoredSilence {
    const startsAt =
      draft.startsAt === undefined ? (before?.startsAt ?? service.now()) : instant(draft.startsAt, 'startsAt')
    const endsAt = instant(draft.endsAt, 'endsAt')
    if (endsAt <= startsAt) {
      throw badRequest('EMPTY_RANGE', `The silence ends (${iso(endsAt)}) before it begins (${iso(startsAt)}).`)
    }
    if (endsAt - startsAt > LONGEST_MS) {
      throw badRequest('TOO_LONG', 'A silence lasts a year at most. Switch the rule off instead.')
    }
    return {
      id: before?.id ?? randomUUID(),
      matchers: draft.matchers,
      startsAt,
      endsAt,
      reason: draft.reason.trim(),
      by: author ?? (draft.by?.trim() || (before?.by ?? '')),
    }
  }

  app.get(
    '/silences',
    {
      schema: {
        description: 'Silences: who is not told, until when and why',
        tags: TAGS,
        response: { 200: Type.Object({ silences: Type.Array(SilenceSchema) }) },
      },
    },
    async () => {
      const { silences, episodes } = await log.load()
      return { silences: silences.map((silence) => view(silence, episodes)) }
    },
  )

  app.post(
    '/silences',
    {
      bodyLimit: BODY_LIMIT,
      schema: { description: 'A new silence', tags: TAGS, body: SilenceDraftSchema, response: { 201: SilenceSchema } },
    },
    async (request, reply) => {
      const silence = silenceOf(request.body, null, authorOf(request))
      await log.putSilence(silence)
      service.nudge()
      return reply.code(201).send(view(silence, (await log.load()).episodes))
    },
  )

  app.put(
    '/silences/:id',
    {
      bodyLimit: BODY_LIMIT,
      schema: {
        description: 'Changes a silence, its end for example',
        tags: TAGS,
        params: idParams,
        body: SilenceDraftSchema,
        response: { 200: SilenceSchema },
      },
    },
    async (request) => {
      const { silences, episodes } = await log.load()
      const before = silences.find((s) => s.id === request.params.id)
      if (!before) {
        throw notFound('NO_SUCH_SILENCE', `There is no silence ${request.params.id}. GET /api/v1/silences lists them.`)
      }
      const silence = silenceOf(request.body, before, authorOf(request))
      await log.putSilence(silence)
      service.nudge()
      return view(silence, episodes)
    },
  )

  app.delete(
    '/silences/:id',
    {
      schema: {
        description: 'Ends a silence: what still fires is told',
        tags: TAGS,
        params: idParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      if (!(await log.deleteSilence(request.params.id))) {
        throw notFound('NO_SUCH_SILENCE', `There is no silence ${request.params.id}. GET /api/v1/silences lists them.`)
      }
      service.nudge()
      return reply.code(204).send(null)
    },
  )

  function maintenanceView(window: StoredMaintenance) {
    return {
      ...window,
      active: windowAt(window, service.now()) !== null,
      next: isoOrNull(nextWindow(window, service.now())?.start ?? null),
    }
  }

  app.get(
    '/maintenance',
    {
      schema: {
        description: 'Maintenance windows, recurring; they hold by event time',
        tags: TAGS,
        response: { 200: Type.Object({ maintenance: Type.Array(MaintenanceSchema) }) },
      },
    },
    async () => ({ maintenance: (await log.load()).maintenance.map(maintenanceView) }),
  )

  async function putMaintenance(draft: MaintenanceDraft, id: string) {
    checkMaintenance(draft)
    const window = { ...draft, id }
    await log.putMaintenance(window)
    service.nudge()
    return maintenanceView(window)
  }

  app.post(
    '/maintenance',
    {
      bodyLimit: BODY_LIMIT,
      schema: {
        description: 'A new maintenance window',
        tags: TAGS,
        body: MaintenanceDraftSchema,
        response: { 201: MaintenanceSchema },
      },
    },
    async (request, reply) => reply.code(201).send(await putMaintenance(request.body, randomUUID())),
  )

  app.put(
    '/maintenance/:id',
    {
      bodyLimit: BODY_LIMIT,
      schema: {
        description: 'Changes a maintenance window',
        tags: TAGS,
        params: idParams,
        body: MaintenanceDraftSchema,
        response: { 200: MaintenanceSchema },
      },
    },
    async (request) => {
      const id = request.params.id
      if (!(await log.load()).maintenance.some((m) => m.id === id)) {
        throw notFound(
          'NO_SUCH_MAINTENANCE',
          `There is no maintenance window ${id}. GET /api/v1/maintenance lists them.`,
        )
      }
      return putMaintenance(request.body, id)
    },
  )

  app.delete(
    '/maintenance/:id',
    {
      schema: {
        description: 'Deletes a maintenance window',
        tags: TAGS,
        params: idParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      if (!(await log.deleteMaintenance(request.params.id))) {
        throw notFound(
          'NO_SUCH_MAINTENANCE',
          `There is no maintenance window ${request.params.id}. GET /api/v1/maintenance lists them.`,
        )
      }
      service.nudge()
      return reply.code(204).send(null)
    },
  )
}
