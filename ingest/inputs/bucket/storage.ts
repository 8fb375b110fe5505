/** A bucket as Faultline sees it: pages of objects, and the bytes of one. Refusals become errors that say what to do. */
import { S3mini } from 's3mini'
import { wholeOf } from '../../../schema/runtime/whole-answer.js'
import { MINUTE } from '../../../schema/words/duration.js'
import { answerBytes } from '../answer-bytes.js'
import { FetchError } from '../input.js'
import { retryAfterMs } from '../retry-after.js'
import { keysOf } from './keys.js'
import { endpointOf, placeOf, regionOf, type BucketSettings } from './settings.js'

export interface StoredObject {
  key: string
  /** told apart from another content under the same key */
  etag: string
  /** when it was written, by the storage's clock, epoch ms */
  modified: number
}

export interface ObjectPage {
  objects: StoredObject[]
  /** for the next page; null: it was the last */
  next: string | null
  /** the storage's clock when it answered, epoch ms; null: it does not say */
  at: number | null
}

export interface Storage {
  page(prefix: string, after: string | null, signal: AbortSignal): Promise<ObjectPage>
  /** Null: it is not there any more, or not with this content. */
  read(object: StoredObject, signal: AbortSignal): Promise<AsyncIterable<Uint8Array> | null>
}

/** An answer begins within this, ms; lists and refusals end within it. */
const BEGINS_WITHIN = MINUTE
/** S3 gives no more in one answer. */
const PAGE = 1_000
/** A thousand keys of a thousand bytes, written out in XML. */
const MOST_LIST_BYTES = 16_000_000

export function openStorage(settings: BucketSettings, environment = process.env): Storage {
  const { url } = settings
  const keys = keysOf(settings, environment)
  const endpoint = endpointOf(settings)
  const host = new URL(endpoint).host
  const { bucket } = placeOf(settings)
  /** One question; `signal` breaks it off, and its answer's headers are kept: the client hands neither on. */
  const asking = async <T>(signal: AbortSignal, ask: (client: S3mini) => Promise<T>) => {
    const { accessKeyId, secretAccessKey, sessionToken } = await keys.key(signal)
    let last: Response | null = null
    const late = new AbortController()
    const begun = async (...[input, init]: Parameters<typeof fetch>) => {
      const timer = setTimeout(() => late.abort(), BEGINS_WITHIN)
      try {
        const both = AbortSignal.any([signal, late.signal])
        const answer = await fetch(input, { ...init, signal: both, redirect: 'error' })
        const isObject = answer.ok && !/[?&]list-type=/.test(String(input))
        return isObject ? answer : await wholeOf(answer, MOST_LIST_BYTES)
      } finally {
        clearTimeout(timer)
      }
    }
    const client = withSession(
      sessionToken,
      new S3mini({
        accessKeyId,
        secretAccessKey,
        endpoint,
        region: regionOf(settings),
        // a redirect would take the signature elsewhere
        fetch: async (input, init) => (last = await begun(input, init)),
      }),
    )
    const headers = () => (last as Response | null)?.headers ?? new Headers()
    try {
      return { answer: await ask(client), headers: headers() }
    } catch (error) {
      if (signal.aborted) throw error
      if (isOver((error as { serviceCode?: string }).serviceCode)) keys.forget()
      throw troubleOf(error as Error, headers(), { host, bucket, url })
    }
  }
  return {
    async page(prefix, after, signal) {
      const { answer, headers } = await asking(signal, (client) =>
        client.listObjectsPaged('/', prefix, PAGE, after ?? undefined),
      )
      if (answer === null || answer === undefined) throw noBucket({ host, bucket, url })
      const at = Date.parse(headers.get('date') ?? '')
      return {
        objects: (answer.objects ?? []).map(({ Key, ETag, LastModified }) => ({
          key: Key,
          etag: ETag.replaceAll(/&quot;|"/g, ''),
          modified: LastModified.getTime(),
        })),
        next: answer.nextContinuationToken ?? null,
        at: Number.isNaN(at) ? null : at,
      }
    },
    async read({ key, etag }, signal) {
      const { answer } = await asking(signal, (client) => client.getObjectResponse(key, { 'if-match': `"${etag}"` }))
      return answer === null ? null : answerBytes(answer.body)
    },
  }
}

interface Signing {
  _sign(method: string, key: string, query?: object, headers?: { [name: string]: string | number }): Promise<unknown>
}

/** The client signs every header that it is given, but lists take none: the token goes in where it signs. */
function withSession(token: string | undefined, client: S3mini): S3mini {
  if (token === undefined) return client
  const signing = client as unknown as Signing
  const sign = signing._sign.bind(client)
  signing._sign = (method, key, query, headers) =>
    sign(method, key, query, { ...headers, 'x-amz-security-token': token })
  return client
}

const isOver = (code: string | undefined) =>
  code === 'ExpiredToken' || code === 'InvalidToken' || code === 'TokenRefreshRequired'

interface Asked {
  host: string
  bucket: string
  url: string
}

const noBucket = ({ host, bucket }: Asked) =>
  new FetchError(
    'BUCKET_MISSING',
    `There is no bucket "${bucket}" at ${host}. Check its name, the account or the region.`,
    {
      lasting: true,
    },
  )

/** What the client throws, as trouble that people can do something about. */
function troubleOf(error: Error, headers: Headers, asked: Asked): FetchError {
  const { host, bucket } = asked
  const { status, serviceCode } = error as { status?: number; serviceCode?: string }
  const theirs = `${host} answered: "${serviceCode ?? 'nothing'}" (HTTP ${status}).`
  if (serviceCode === 'NoSuchBucket') return noBucket(asked)
  if (serviceCode === 'RequestTimeTooSkewed')
    return new FetchError(
      'BUCKET_CLOCK',
      `${theirs} The clock of this machine is off by more than 15 minutes: set it.`,
      {
        lasting: true,
      },
    )
  if (serviceCode === 'PermanentRedirect' || serviceCode === 'AuthorizationHeaderMalformed' || status === 301)
    return new FetchError('BUCKET_REGION', `${theirs} Bucket "${bucket}" is in another region: set "region".`, {
      lasting: true,
    })
  if (isOver(serviceCode))
    return new FetchError(
      'BUCKET_FORBIDDEN',
      `${theirs} The session token is over, or not of this key. Put new ones in, or use a key that stays; nothing is missed.`,
      { lasting: true },
    )
  if (status === 401 || status === 403)
    return new FetchError(
      'BUCKET_FORBIDDEN',
      `${theirs} The access key may not list and read bucket "${bucket}", or is not right. Give it s3:ListBucket and s3:GetObject (R2: Object Read).`,
      { lasting: true },
    )
  if (status !== undefined && (status === 429 || status >= 500))
    return new FetchError('BUCKET_BUSY', `${theirs} That passes; it is tried again, and nothing is missed.`, {
      retryMs: retryAfterMs(headers.get('retry-after'), Date.now()),
      cause: error,
    })
  if (status !== undefined)
    return new FetchError('BUCKET_REFUSED', `${theirs} Check the address and the prefix.`, {
      lasting: true,
      cause: error,
    })
  const { code, message } = (error.cause as NodeJS.ErrnoException | undefined) ?? (error as NodeJS.ErrnoException)
  return new FetchError(
    'BUCKET_UNREACHABLE',
    `${host} can't be reached (${[code, message].filter(Boolean).join(': ')}). Check the network and the endpoint; it is tried again, and nothing is missed.`,
    { cause: error },
  )
}
