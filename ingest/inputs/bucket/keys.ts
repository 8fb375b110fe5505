/**
 * The key with which a bucket is asked: the one that was set, or one that AWS lends for some hours to whatever runs there, by
 * the same variables and addresses as its own tools (https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html):
 * variables, a web identity (EKS and other OpenID Connect), a container's role (ECS, EKS Pod Identity), an instance's role. A
 * lent key is asked for again before it ends.
 */
import { readFile } from 'node:fs/promises'
import { MINUTE, SECOND } from '../../../schema/words/duration.js'
import { fetchWhole } from '../../../schema/runtime/whole-answer.js'
import { FetchError } from '../input.js'
import { regionOf, type BucketSettings } from './settings.js'

export interface Key {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
  /** epoch ms; null: it stays */
  until: number | null
}

export interface Keys {
  key(signal: AbortSignal): Promise<Key>
  /** The storage says that it is over: the next is asked for anew. */
  forget(): void
}

type Environment = { readonly [name: string]: string | undefined }

/** A key that is lent is replaced so long before its end, ms. */
const EARLY = 5 * MINUTE
/** Whoever lends keys answers at once, or is not there: instances' addresses exist on instances only. */
const ANSWERS_WITHIN = 10 * SECOND
const INSTANCE_WITHIN = SECOND
/** A key with its session token has some two thousand. */
const MOST_KEY_BYTES = 65_536
/** An instance's token, seconds: the longest that there is. */
const INSTANCE_TOKEN_SECONDS = 21_600

/** Each source once in a process: a job opens its bucket anew at every look. */
const lenders = new Map<string, Keys>()
const MOST_LENDERS = 64

export function keysOf(settings: BucketSettings, environment: Environment = process.env, now = Date.now): Keys {
  const { accessKeyId, secretAccessKey, sessionToken } = settings
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    const key = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }), until: null }
    return { key: async () => key, forget() {} }
  }
  const source = JSON.stringify([regionOf(settings), ...VARIABLES.map((name) => environment[name] ?? null)])
  let keys = lenders.get(source)
  if (!keys) {
    if (lenders.size >= MOST_LENDERS) lenders.clear()
    keys = lentBy(settings, environment, now)
    lenders.set(source, keys)
  }
  return keys
}

const VARIABLES = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_ROLE_ARN',
  'AWS_ROLE_SESSION_NAME',
  'AWS_ENDPOINT_URL_STS',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
  'AWS_EC2_METADATA_DISABLED',
  'AWS_EC2_METADATA_SERVICE_ENDPOINT',
] as const

function lentBy(settings: BucketSettings, environment: Environment, now: () => number): Keys {
  let lent: Key | null = null
  let asking: Promise<Key> | null = null
  return {
    async key(signal) {
      if (lent && (lent.until === null || lent.until - now() > EARLY)) return lent
      const before = lent
      asking ??= lend(settings, environment, signal).finally(() => (asking = null))
      try {
        lent = await asking
      } catch (error) {
        // it holds a little longer, and whoever lends may be back by then
        if (before?.until == null || before.until <= now()) throw error
      }
      return lent as Key
    },
    forget() {
      lent = null
    },
  }
}

function lend(settings: BucketSettings, environment: Environment, signal: AbortSignal): Promise<Key> {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN } = environment
  if (accessKeyId && secretAccessKey)
    return Promise.resolve({
      accessKeyId,
      secretAccessKey,
      ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
      until: null,
    })
  if (environment.AWS_WEB_IDENTITY_TOKEN_FILE && environment.AWS_ROLE_ARN)
    return ofWebIdentity(regionOf(settings), environment, signal)
  if (environment.AWS_CONTAINER_CREDENTIALS_FULL_URI || environment.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI)
    return ofContainer(environment, signal)
  return ofInstance(environment, signal)
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html */
async function ofWebIdentity(region: string, environment: Environment, signal: AbortSignal): Promise<Key> {
  const file = environment.AWS_WEB_IDENTITY_TOKEN_FILE as string
  const role = environment.AWS_ROLE_ARN as string
  const place = region === 'auto' ? '' : `.${region}`
  const url = environment.AWS_ENDPOINT_URL_STS ?? `https://sts${place}.amazonaws.com`
  const body = new URLSearchParams({
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: role,
    RoleSessionName: environment.AWS_ROLE_SESSION_NAME ?? 'faultline',
    // it is replaced about every hour
    WebIdentityToken: await tokenIn(file),
  })
  const text = await answerOf(url, { method: 'POST', body }, signal, ANSWERS_WITHIN)
  const value = (name: string) => new RegExp(`<${name}>([^<]+)</${name}>`).exec(text)?.[1]
  return keyOf(url, {
    AccessKeyId: value('AccessKeyId'),
    SecretAccessKey: value('SecretAccessKey'),
    Token: value('SessionToken'),
    Expiration: value('Expiration'),
  })
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html */
async function ofContainer(environment: Environment, signal: AbortSignal): Promise<Key> {
  const relative = environment.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI
  const url = relative ? `http://169.254.170.2${relative}` : (environment.AWS_CONTAINER_CREDENTIALS_FULL_URI as string)
  if (!isTrusted(url))
    throw noKey(`AWS_CONTAINER_CREDENTIALS_FULL_URI names ${url}, to which a token does not go without TLS`)
  const file = environment.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE
  const token = file ? await tokenIn(file) : environment.AWS_CONTAINER_AUTHORIZATION_TOKEN
  const headers = token ? { authorization: token } : undefined
  return keyOf(url, objectIn(url, await answerOf(url, { headers }, signal, ANSWERS_WITHIN)))
}

/** Without TLS only this machine and the addresses that AWS answers at itself. */
function isTrusted(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname } = new URL(url)
  if (protocol === 'https:') return true
  return /^(127(\.\d+){3}|localhost|\[::1\]|169\.254\.170\.(2|23)|\[fd00:ec2::23\])$/.test(hostname)
}

/** Version 2: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html */
async function ofInstance(environment: Environment, signal: AbortSignal): Promise<Key> {
  if (/^true$/i.test(environment.AWS_EC2_METADATA_DISABLED ?? '')) throw noKey('none was set')
  const base = (environment.AWS_EC2_METADATA_SERVICE_ENDPOINT ?? 'http://169.254.169.254').replace(/\/$/, '')
  const ask = (path: string, init: RequestInit) => answerOf(`${base}/latest/${path}`, init, signal, INSTANCE_WITHIN)
  const ttl = { 'x-aws-ec2-metadata-token-ttl-seconds': String(INSTANCE_TOKEN_SECONDS) }
  const token = await ask('api/token', { method: 'PUT', headers: ttl })
  const headers = { 'x-aws-ec2-metadata-token': token }
  const [role] = (await ask('meta-data/iam/security-credentials/', { headers })).trim().split('\n')
  const path = `meta-data/iam/security-credentials/${encodeURIComponent(role)}`
  return keyOf(base, objectIn(base, await ask(path, { headers })))
}

async function tokenIn(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (cause) {
    throw noKey(`the token in ${file} can not be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`, cause)
  }
}

async function answerOf(url: string, init: RequestInit, signal: AbortSignal, within: number): Promise<string> {
  let answer: Response
  let text: string
  try {
    answer = await fetchWhole({ mostBytes: MOST_KEY_BYTES, withinMs: within })(url, { ...init, signal })
    text = await answer.text()
  } catch (error) {
    if (signal.aborted) throw error
    const { code, message } = ((error as Error).cause ?? error) as NodeJS.ErrnoException
    throw noKey(`${new URL(url).host} does not answer (${code ?? message})`, error, within > INSTANCE_WITHIN)
  }
  if (answer.ok) return text
  const said = /<Message>([^<]*)<\/Message>|"message"\s*:\s*"([^"]*)"/i.exec(text)
  const words = said?.[1] ?? said?.[2] ?? text.trim().slice(0, 200)
  throw noKey(
    `${new URL(url).host} answered HTTP ${answer.status}${words ? `: "${words}"` : ''}`,
    undefined,
    answer.status >= 500 || answer.status === 429,
  )
}

function objectIn(url: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw noKey(`${new URL(url).host} answered something else than a key`, cause)
  }
}

function keyOf(url: string, answer: unknown): Key {
  const { AccessKeyId, SecretAccessKey, Token, Expiration, Code, Message } = (answer ?? {}) as {
    [name: string]: unknown
  }
  const until = Date.parse(String(Expiration))
  if (typeof AccessKeyId !== 'string' || typeof SecretAccessKey !== 'string')
    throw noKey(`${new URL(url).host} answered no key${Code ? ` (${String(Code)}: ${String(Message ?? '')})` : ''}`)
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    ...(typeof Token === 'string' && { sessionToken: Token }),
    until: Number.isNaN(until) ? null : until,
  }
}

/** `passes`: whoever lends keys is there, and may answer the next time. */
const noKey = (why: string, cause?: unknown, passes = false) =>
  new FetchError(
    'BUCKET_KEYLESS',
    `There is no key for the bucket: ${why}. Set an access key (FAULTLINE_S3_ACCESS_KEY_ID and FAULTLINE_S3_SECRET_ACCESS_KEY, or accessKeyId in the file of inputs), or give what runs here a role: AWS_ROLE_ARN with AWS_WEB_IDENTITY_TOKEN_FILE, a container's or an instance's. Nothing is missed.`,
    { cause, lasting: !passes },
  )
