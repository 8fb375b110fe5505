/** Notifiers, "send a test", and what became of every notice. */
import { Type } from 'typebox'
import {
  DELIVERY_STATES,
  DeliverySchema,
  FailingSchema,
  NotifierDraftSchema,
  NotifierSchema,
  NotifierTypesSchema,
} from '../../../schema/api/alerts.js'
import { badRequest, notFound, RequestError } from '../../../schema/api/errors.js'
import type { StoredNotifier } from '../../../schema/store/alert-log.js'
import { describeChannels, NotifierBodySchema } from '../../notifiers/describe.js'
import { findChannel } from '../../notifiers/index.js'
import { langParameter, languageOf, oneOf, refuseUnknown, wholeNumberOf } from '../../http/parameters.js'
import { troubleOf } from '../../notifiers/notifier.js'
import { checkNotifier } from '../notices/check-notifier.js'
import { bodyAs, checkedByHand, described, idParams, TAGS, type AlertRoutes } from './common.js'
import { deliveryView, failingOf, notifierView } from './views.js'

const noSuchNotifier = (id: string) =>
  notFound('NO_SUCH_NOTIFIER', `There is no notifier ${id}. GET /api/v1/notifiers lists them.`)
const text = (description: string) => Type.Optional(Type.String({ description }))
const LOG = {
  notifier: text('Id of a notifier'),
  state: text(`One of ${DELIVERY_STATES.join(', ')}`),
  limit: text('At most so many. Default: 50'),
  after: text('The cursor of the page before'),
  before: text('The same, as it was called before'),
}

export function notifierRoutes({ app, service }: AlertRoutes): void {
  const { log } = service

  async function find(id: string): Promise<StoredNotifier> {
    const found = (await log.load()).notifiers.find((n) => n.id === id)
    if (!found) throw noSuchNotifier(id)
    return found
  }

  async function refuseTwin(notifier: StoredNotifier): Promise<void> {
    const twin = (await log.load()).notifiers.some((n) => n.name === notifier.name && n.id !== notifier.id)
    if (twin) {
      throw new RequestError(
        409,
        'NAME_TAKEN',
        `Another notifier is called "${notifier.name}" already. Give this one another name.`,
      )
    }
  }

  /** Told at once where it can be seen; where a name leads is looked at with every notice. */
  function refuseInternal(notifier: StoredNotifier): void {
    for (const { name, destination } of findChannel(notifier.type)?.settings ?? []) {
      const value = notifier.secrets[name] ?? notifier.settings[name]
      if (!destination || typeof value !== 'string') continue
      const refusal = service.addresses.refusalOf(URL.canParse(value) ? new URL(value).hostname : value)
      if (refusal) throw badRequest('ADDRESS_REFUSED', `"settings.${name}": ${refusal}.`)
    }
  }

  async function store(body: unknown, before: StoredNotifier | null) {
    const { notifier, dropped } = checkNotifier(bodyAs(NotifierDraftSchema, body), before)
    await refuseTwin(notifier)
    refuseInternal(notifier)
    await log.putNotifier(notifier, service.now())
    service.nudge()
    const view = notifierView(notifier, (await log.counts())[notifier.id])
    return dropped.length > 0 ? { ...view, dropped } : view
  }

  app.get(
    '/notifiers',
    {
      schema: {
        description: 'Where notices go, without secrets',
        tags: TAGS,
        response: { 200: Type.Object({ notifiers: Type.Array(NotifierSchema), failing: FailingSchema }) },
      },
    },
    async () => {
      const [{ notifiers }, counts] = await Promise.all([log.load(), log.counts()])
      return { notifiers: notifiers.map((n) => notifierView(n, counts[n.id])), failing: failingOf(notifiers, counts) }
    },
  )

  app.get(
    '/notifiers/types',
    {
      schema: {
        description: 'The channels there are, and what each needs to know',
        tags: TAGS,
        querystring: Type.Object({ lang: langParameter }),
        response: { 200: NotifierTypesSchema },
      },
    },
    async (request) => describeChannels(languageOf(request.query)),
  )

  app.post(
    '/notifiers',
    {
      ...checkedByHand,
      schema: {
        description: 'A new notifier',
        tags: TAGS,
        body: described(NotifierBodySchema),
        response: { 201: NotifierSchema },
      },
    },
    async (request, reply) => reply.code(201).send(await store(request.body, null)),
  )

  app.put(
    '/notifiers/:id',
    {
      ...checkedByHand,
      schema: {
        description: 'Changes a notifier; what waits for it is tried again at once',
        tags: TAGS,
        params: idParams,
        body: described(NotifierBodySchema),
        response: { 200: NotifierSchema },
      },
    },
    async (request) => store(request.body, await find(request.params.id)),
  )

  app.delete(
    '/notifiers/:id',
    {
      schema: {
        description: 'Deletes a notifier; what waits for it is cancelled',
        tags: TAGS,
        params: idParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      if (!(await log.deleteNotifier(request.params.id))) throw noSuchNotifier(request.params.id)
      service.nudge()
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/notifiers/:id/test',
    {
      schema: {
        description: 'Sends a test notice now and says what came of it',
        tags: TAGS,
        params: idParams,
        response: {
          200: Type.Object({
            id: Type.String(),
            ok: Type.Boolean(),
            status: Type.Union([Type.Integer(), Type.Null()]),
            error: Type.Union([Type.String(), Type.Null()]),
          }),
        },
      },
    },
    async (request) => {
      const { id, outcome } = await service.sendTest(await find(request.params.id))
      return { id, ok: outcome.ok, status: outcome.status, error: troubleOf(outcome) }
    },
  )

  app.get(
    '/notifiers/deliveries',
    {
      schema: {
        description: 'Every notice and every attempt to deliver it, newest first',
        tags: TAGS,
        querystring: Type.Object(LOG),
        response: {
          200: Type.Object({
            deliveries: Type.Array(DeliverySchema),
            next: Type.Union([Type.String(), Type.Null()]),
          }),
        },
      },
    },
    async (request) => {
      const query = request.query
      refuseUnknown(query, Object.keys(LOG))
      const state = DELIVERY_STATES.find((s) => s === oneOf(query, 'state')) ?? null
      if (oneOf(query, 'state') !== undefined && state === null) {
        throw badRequest(
          'BAD_STATE',
          `"state=${oneOf(query, 'state')}" is not known. Give one of ${DELIVERY_STATES.join(', ')}.`,
        )
      }
      const [page, { notifiers }] = await Promise.all([
        log.deliveries({
          notifier: oneOf(query, 'notifier') ?? null,
          state,
          after: oneOf(query, 'after') ?? oneOf(query, 'before') ?? null,
          limit: wholeNumberOf(query, 'limit', { fallback: 50, min: 1, max: 500 }),
        }),
        log.load(),
      ])
      return { deliveries: page.items.map((d) => deliveryView(d, notifiers)), next: page.next }
    },
  )

  app.post(
    '/notifiers/deliveries/:id/retry',
    {
      schema: {
        description: 'Sends a notice that waits or was given up again now',
        tags: TAGS,
        params: idParams,
        response: { 202: DeliverySchema },
      },
    },
    async (request, reply) => {
      const id = request.params.id
      const { notifiers } = await log.load()
      if (!(await log.retry(id, service.now()))) {
        throw notFound(
          'NO_SUCH_DELIVERY',
          `There is no notice ${id} that waits or was given up. GET /api/v1/notifiers/deliveries lists them.`,
        )
      }
      service.nudge()
      const delivery = await log.delivery(id)
      if (!delivery) throw notFound('NO_SUCH_DELIVERY', `Notice ${id} is gone.`)
      return reply.code(202).send(deliveryView(delivery, notifiers))
    },
  )
}
