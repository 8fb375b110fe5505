import { STATUS_CODES } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Errors for the one who asked: what was tried, on what, and what to do. */
export class RequestError extends Error {
  readonly statusCode: number
  readonly code: string
  /** told beside the message, for programs; `retryAfter`, seconds, also as the header of that name */
  readonly details: { readonly retryAfter?: number; readonly [name: string]: unknown }
  constructor(statusCode: number, code: string, message: string, details: RequestError['details'] = {}) {
    // a refusal is an answer: nobody looks for the place in the program, and a flood of refusals would pay for finding it
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(message)
    Error.stackTraceLimit = stackTraceLimit
    this.name = 'RequestError'
    this.statusCode = statusCode
    this.code = code
    this.details = details
  }
}

export const badRequest = (code: string, message: string) => new RequestError(400, code, message)
export const notFound = (code: string, message: string) => new RequestError(404, code, message)

type Answerable = Error & {
  statusCode?: number
  code?: string
  validation?: { instancePath: string; message?: string }[]
  validationContext?: string
}

const STATUS_OF: { [code: string]: number } = {
  STORE_BUSY: 503,
  STORE_FULL: 507,
  STORE_UNUSABLE: 503,
  STORE_CLOSED: 503,
  STORE_NEWER: 503,
  STORE_DAMAGED: 503,
  STORE_UNREACHABLE: 503,
  STORE_REFUSED: 503,
  // the key that secrets rest under cannot be read or made
  SECRETS_UNUSABLE: 503,
  BATCH_GONE: 409,
  BATCH_CLOSED: 409,
  PART_CONFLICT: 409,
  BATCH_COUNTED: 409,
  // what was asked only records can tell, and those are gone by age
  RECORDS_GONE: 410,
  // a store says so of the cursor that it was given
  BAD_CURSOR: 400,
  TOO_MANY_POINTS: 400,
}

/** Trouble that may pass by itself, and when to try again, seconds: senders like Logpush then come back instead of giving up. */
const RETRY_AFTER: { [code: string]: number } = {
  STORE_BUSY: 5,
  STORE_FULL: 60,
  STORE_UNUSABLE: 60,
  STORE_CLOSED: 10,
  STORE_UNREACHABLE: 10,
  // a password that is changed on one side first
  STORE_REFUSED: 60,
  SECRETS_UNUSABLE: 60,
}

/** What the web framework refuses by itself, in our words. */
const FRAMEWORK: { [code: string]: { code: string; message: string } } = {
  FST_ERR_CTP_INVALID_JSON_BODY: {
    code: 'BAD_JSON',
    message: 'The body is not JSON. /docs shows what this route takes.',
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: {
    code: 'BAD_JSON',
    message: 'The body is empty. Send JSON, or leave the content-type header out.',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'WRONG_TYPE',
    message: 'This route takes JSON. Send the header content-type: application/json.',
  },
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'TOO_LARGE', message: 'The body is larger than this route takes (1 MB).' },
}

const refusals = new WeakMap<FastifyRequest, string>()

/** The code with which a request was refused; undefined where it was not, or not in our words. */
export const refusalOf = (request: FastifyRequest): string | undefined => refusals.get(request)

/** Every error of the service, in the one shape of the API. What is our own fault is logged, not shown. */
export function answerError(error: Answerable, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const statusCode = error.statusCode ?? STATUS_OF[error.code ?? ''] ?? 500
  if (error.validation) {
    refusals.set(request, 'BAD_REQUEST')
    const first = error.validation[0]
    const where = `${error.validationContext ?? 'request'}${first.instancePath}`
    return reply
      .code(400)
      .send(
        errorBody(
          400,
          'BAD_REQUEST',
          `${where} ${first.message ?? 'is not valid'}. /docs lists what each route takes.`,
        ),
      )
  }
  // a refusal is an answer, not a fault: a flood of refused posts would write a stack for each
  if (statusCode >= 500 && !(error instanceof RequestError)) request.log.error(error)
  const details: RequestError['details'] = error instanceof RequestError ? error.details : {}
  const retryAfter = details.retryAfter ?? RETRY_AFTER[error.code ?? '']
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter)
  const ours = statusCode === 500
  const told = FRAMEWORK[error.code ?? ''] ?? error
  const code = ours ? 'INTERNAL' : (told.code ?? 'ERROR')
  refusals.set(request, code)
  return reply.code(statusCode).send({
    ...errorBody(
      statusCode,
      code,
      ours
        ? 'Faultline made a mistake here. Its log says which; try again, and report it if it comes back.'
        : told.message,
    ),
    ...details,
  })
}

export function answerNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  refusals.set(request, 'NO_SUCH_ROUTE')
  return reply
    .code(404)
    .send(
      errorBody(
        404,
        'NO_SUCH_ROUTE',
        `There is no ${request.method} ${request.url.split('?')[0]}. /docs lists what there is.`,
      ),
    )
}

/** On a node that only takes logs in. */
export function answerElsewhere(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const asked = `${request.method} ${request.url.split('?')[0]}`
  const message = `This node takes logs in (serve --role ingest) and has no ${asked}: ask a node with the role web.`
  return reply.code(404).send(errorBody(404, 'NO_SUCH_ROUTE', message))
}

/** The shape of every error. */
export function errorBody(statusCode: number, code: string, message: string) {
  return { statusCode, code, error: STATUS_CODES[statusCode] ?? 'Error', message }
}
