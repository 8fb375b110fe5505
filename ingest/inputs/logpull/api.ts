/**
 * Logpull's two questions, and what its refusals mean. Facts: https://developers.cloudflare.com/logs/logpull/requesting-logs/
 * and https://developers.cloudflare.com/logs/logpull/additional-details/
 */
import { apiAnswerIn } from '../../api-answer.js'
import { cloudflareAuth } from '../../../schema/runtime/cloudflare-auth.js'
import { beginningOf } from '../../../schema/runtime/whole-answer.js'
import { HOUR, MINUTE, SECOND } from '../../../schema/words/duration.js'
import { answerBytes } from '../answer-bytes.js'
import { FetchError } from '../input.js'
import { retryAfterMs } from '../retry-after.js'
import { CLOUDFLARE_API, type LogpullSettings } from './settings.js'
import { shortIso, type Span } from './window.js'
import type { Zone } from './zone.js'

/** An answer begins within this, ms; Cloudflare gives up after 30 s itself (408). */
const BEGINS_WITHIN = MINUTE
/** What is looked at of a refusal, and of the names of fields. */
const REFUSAL = { mostBytes: 4_000, withinMs: 10 * SECOND }
const FIELDS = { mostBytes: 1_000_000, withinMs: MINUTE }

/** The lines that Cloudflare received in the window, as they come. Rejects with a FetchError. */
export async function received(
  settings: LogpullSettings,
  { from, to }: Span,
  fields: readonly string[],
  zone: Zone,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const query = new URLSearchParams({
    start: shortIso(from),
    end: shortIso(to),
    timestamps: 'unixnano',
    fields: fields.join(','),
    ...(settings.sampleRate === undefined || settings.sampleRate === 1 ? {} : { sample: String(settings.sampleRate) }),
  })
  const answer = await ask(settings, `logs/received?${query}`, zone, signal)
  return answerBytes(answer.body)
}

/** Names of the fields that the zone has; null: it does not say. */
export async function fieldsOfZone(
  settings: LogpullSettings,
  zone: Zone,
  signal: AbortSignal,
): Promise<ReadonlySet<string> | null> {
  const answer = await ask(settings, 'logs/received/fields', zone, signal)
  const said = jsonOf(await beginningOf(answer, FIELDS))
  const names = Object.keys(said?.result ?? said ?? {})
  return names.includes('RayID') ? new Set(names) : null
}

function jsonOf(text: string): { result?: object } | null {
  try {
    return JSON.parse(text) as { result?: object } | null
  } catch {
    return null
  }
}

async function ask(settings: LogpullSettings, path: string, zone: Zone, signal: AbortSignal): Promise<Response> {
  await zone.turn(signal)
  const url = `${(settings.api ?? CLOUDFLARE_API).replace(/\/$/, '')}/zones/${settings.zone.toLowerCase()}/${path}`
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), BEGINS_WITHIN)
  let answer: Response
  try {
    answer = await fetch(url, {
      headers: { ...cloudflareAuth(settings.token), 'user-agent': 'faultline', 'accept-encoding': 'gzip' },
      // the token is for this address and no other
      redirect: 'error',
      signal: AbortSignal.any([signal, late.signal]),
    })
  } catch (cause) {
    throw unreachable(new URL(url).host, late.signal.aborted, cause as Error)
  } finally {
    clearTimeout(timer)
  }
  zone.noteDate(answer.headers.get('date'))
  if (answer.ok) return answer
  throw refusal(answer, await said(answer), settings.zone, zone.now())
}

function unreachable(host: string, late: boolean, error: Error): FetchError {
  const { code, message } = (error.cause as NodeJS.ErrnoException | undefined) ?? (error as NodeJS.ErrnoException)
  const why = late ? `no answer within ${BEGINS_WITHIN / SECOND} s` : [code, message].filter(Boolean).join(': ')
  return new FetchError(
    'CLOUDFLARE_UNREACHABLE',
    `${host} can't be reached (${why}). Check the network and the proxy; it is tried again, and nothing is missed within seven days.`,
    { cause: error },
  )
}

async function said(answer: Response): Promise<string> {
  const text = await beginningOf(answer, REFUSAL)
  return (apiAnswerIn(text)?.message ?? text.trim().split('\n', 1)[0].slice(0, 300)) || `HTTP ${answer.status}`
}

/** What a refusal means and what to do about it, with Cloudflare's own words. */
function refusal(answer: Response, message: string, zone: string, now: number): FetchError {
  const { status, headers } = answer
  const theirs = `Cloudflare answered: "${message}" (HTTP ${status}).`
  const retryMs = retryAfterMs(headers.get('retry-after'), now)
  if (/retention/i.test(message))
    return new FetchError(
      'LOGPULL_RETENTION_OFF',
      `${theirs} Log retention is off for zone ${zone}, so that Cloudflare keeps nothing to fetch. Turn it on: POST /zones/${zone}/logs/control/retention/flag with {"flag":true}. Only what comes afterwards can be fetched.`,
      { lasting: true },
    )
  if (status === 429)
    return new FetchError(
      'LOGPULL_TOO_OFTEN',
      `${theirs} Something else asks for this zone too: 15 questions a minute are allowed for all together. It goes on by itself.`,
      // docs: a minute's allowance; an hour after more than twelve time-outs
      { retryMs: retryMs ?? MINUTE },
    )
  if (status === 401 || status === 403 || /authentication|authorization|invalid request headers/i.test(message))
    return new FetchError(
      'CLOUDFLARE_TOKEN',
      `${theirs} The token may not read the logs of zone ${zone}. Make one with the permission "Logs Read" for this zone, and check the id of the zone.`,
      { lasting: true },
    )
  if (/too early|not available/i.test(message)) return new FetchError('LOGPULL_TOO_OLD', theirs)
  if (/too (recent|late|soon)|in the future|at least 1 ?m/i.test(message))
    return new FetchError('LOGPULL_TOO_NEW', `${theirs} The clock of this machine may be off. It is tried again.`, {
      retryMs: MINUTE,
    })
  if (status === 408 || status >= 500)
    return new FetchError('LOGPULL_FAILED', `${theirs} That passes; it is tried again, and nothing is missed.`, {
      retryMs: retryMs === null ? null : Math.min(retryMs, HOUR),
    })
  return new FetchError('LOGPULL_REFUSED', `${theirs} Check the id of the zone and the fields that are asked for.`, {
    lasting: true,
  })
}
