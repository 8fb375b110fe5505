/** Cloudflare's API as far as jobs of Logpush are concerned. What it refuses is told in its own words, with what to do. */
import { OutsideError } from '../../schema/command-line/errors.js'
import { shown } from '../../schema/command-line/shown.js'
import { cloudflareAuth } from '../../schema/runtime/cloudflare-auth.js'
import { fetchWhole } from '../../schema/runtime/whole-answer.js'
import { SECOND } from '../../schema/words/duration.js'
import type { JobRequest } from './job.js'

export const CLOUDFLARE_API = 'https://api.cloudflare.com/client/v4'
const LIMITS = { mostBytes: 4_000_000, withinMs: 30 * SECOND }

/** As GET gives it; what we do not look at is left out. */
export interface LogpushJob {
  id: number
  name: string | null
  dataset: string | null
  enabled: boolean
  destination_conf: string
  frequency?: string | null
  filter?: string | null
  filter_attack_traffic?: boolean | null
  merge_subrequests?: boolean | null
  /** the way of before output_options: `fields=a,b&timestamps=rfc3339&sample=0.1` */
  logpull_options?: string | null
  output_options?: {
    field_names?: string[] | null
    timestamp_format?: string | null
    sample_rate?: number | null
    output_type?: string | null
    record_template?: string | null
  } | null
  max_upload_interval_seconds?: number | null
  last_complete?: string | null
  last_error?: string | null
  error_message?: string | null
}

export interface LogpushApi {
  jobs(): Promise<LogpushJob[]>
  /** Names of the fields that the zone has. */
  fields(): Promise<string[]>
  create(job: JobRequest): Promise<LogpushJob>
}

interface Envelope<T> {
  success: boolean
  errors?: { code: number; message: string }[] | null
  result: T | null
}

export function logpushApi({
  api = CLOUDFLARE_API,
  zone,
  token,
}: {
  api?: string
  zone: string
  token: string
}): LogpushApi {
  const base = `${api.replace(/\/+$/, '')}/zones/${zone}/logpush`

  async function ask<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
    const response = await fetchWhole(LIMITS)(base + path, {
      method,
      headers: {
        ...cloudflareAuth(token),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    }).catch((cause: Error) => {
      throw new OutsideError(
        `${shown(base)} can't be reached (${shown(reasonOf(cause))}). Check the network, or a proxy in between.`,
        {
          cause,
        },
      )
    })
    const text = await response.text()
    const answer = parsed<T>(text)
    if (response.ok && answer?.success && answer.result !== null) return answer.result
    throw new OutsideError(refusalText(method, path, response.status, answer))
  }

  return {
    jobs: () => ask('GET', '/jobs'),
    fields: async () => Object.keys(await ask<object>('GET', '/datasets/http_requests/fields')),
    create: (job) => ask('POST', '/jobs', job),
  }
}

function parsed<T>(text: string): Envelope<T> | null {
  try {
    return JSON.parse(text) as Envelope<T>
  } catch {
    return null
  }
}

const reasonOf = (error: Error) => (error.cause as Error | undefined)?.message ?? error.message

function refusalText(method: string, path: string, status: number, answer: Envelope<unknown> | null): string {
  const said = (answer?.errors ?? []).map(({ code, message }) => `${message} (${code})`).join('; ')
  const advice =
    status === 401 || status === 403
      ? `The token needs the permission "Logs ${method === 'GET' ? 'Read' : 'Edit'}" for this zone.`
      : status === 404
        ? 'Check the id of the zone: it stands on its overview page.'
        : status === 429
          ? 'Too many questions: try again in five minutes.'
          : /destination|upload/i.test(said)
            ? 'Cloudflare posts a test to the address before it makes a job: it must answer from outside over HTTPS with a public certificate, and know the token.'
            : 'Try again; if it stays so, make the job on the dashboard of Cloudflare with the values shown by this command without --create.'
  return `Cloudflare refused ${method} /logpush${path} with ${status}${said === '' ? '' : `: ${shown(said)}`}. ${advice}`
}
