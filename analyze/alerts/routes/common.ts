/** What the routes of alerting share. */
import { Type } from 'typebox'
import type { FastifyInstance } from 'fastify'
import type { AlertService } from '../service.js'

export interface AlertRoutes {
  app: FastifyInstance
  service: AlertService
}

export const TAGS = ['alerts']
/** Rules and notifiers are texts of people; the bodies of logs have a limit of their own. */
export const BODY_LIMIT = 1_000_000

export const idParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 200 }) })
export const idOf = (params: unknown): string => (params as { id: string }).id

/** For bodies that are checked by hand, since they tell more than a schema can; the schema is for /docs. */
export const checkedByHand = { bodyLimit: BODY_LIMIT, validatorCompiler: () => () => true }
