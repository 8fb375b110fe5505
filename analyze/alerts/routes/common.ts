/** What the routes of alerting share. */
import type { FastifyRequest } from 'fastify'
import { Type, type Static, type TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { badRequest } from '../../../schema/api/errors.js'
import type { TypedApp } from '../../../schema/api/typed.js'
import { isMapping } from '../rules/mapping.js'
import type { AlertService } from '../service.js'

export interface AlertRoutes {
  app: TypedApp
  service: AlertService
  authorOf: (request: FastifyRequest) => string | null
}

export const TAGS = ['alerts']
/** Rules and notifiers are texts of people; the bodies of logs have a limit of their own. */
export const BODY_LIMIT = 1_000_000

export const idParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 200 }) })

/** For /docs only: what really came is unknown until it was checked by hand. */
export const described = (schema: TSchema) => Type.Unsafe<unknown>(schema)

/** The fields of a body that nobody has checked yet. */
export const fieldsOf = (body: unknown): { readonly [name: string]: unknown } => (isMapping(body) ? body : {})

/** A body of this shape, or a RequestError that names the first part that is not. */
export function bodyAs<S extends TSchema>(schema: S, body: unknown): Static<S> {
  if (Value.Check(schema, body)) return body
  const [first] = Value.Errors(schema, body)
  throw badRequest(
    'BAD_REQUEST',
    `body${first?.instancePath ?? ''} ${first?.message ?? 'is not valid'}. /docs lists what each route takes.`,
  )
}

/** For bodies that are checked by hand, since that tells more than a schema can. */
export const checkedByHand = { bodyLimit: BODY_LIMIT, validatorCompiler: () => () => true }
