/**
 * Logpull: asks Cloudflare for one window after the other. Which comes next: window.ts; how it is asked: api.ts. A window
 * is remembered when all of it is stored; one that broke off is asked for again, and what had come counts once.
 */
import { DAY, HOUR } from '../../../schema/words/duration.js'
import { LOGPUSH_FIELDS } from '../../../schema/words/fields.js'
import type { Json } from '../../../schema/words/json.js'
import { IngestError } from '../../errors.js'
import { FetchError, type FetchingInput, type FetchJob, type Pause } from '../input.js'
import { fieldsOfZone, received } from './api.js'
import { momentOf, wrongMoments } from '../moment.js'
import { LogpullSettings, windowOf } from './settings.js'
import {
  afterBreak,
  afterWindow,
  doingOf,
  nextWindow,
  oldestAt,
  shortIso,
  withinReach,
  type Limits,
  type Progress,
  type Span,
} from './window.js'
import { zoneOf, type Zone } from './zone.js'

/** A job that was never begun begins so far back, ms. */
const FIRST_LOOK = HOUR
/** About one field changes in a week: the list is asked for again so often, ms. */
const FIELDS_HOLD = DAY

export const logpull: FetchingInput<typeof LogpullSettings> = {
  kind: 'fetching',
  settings: LogpullSettings,
  jobOf: ({ zone, from, to }) => (to === undefined ? zone.toLowerCase() : `${zone.toLowerCase()} ${from ?? ''}/${to}`),
  problems: (settings) => wrongMoments(settings, ['from', 'to']),
  reading: ({ sampleRate = 1 }) => ({ weight: 1 / sampleRate, fields: {} }),
  async next(settings, job) {
    const zone = zoneOf(job.clock, `${settings.api ?? ''} ${settings.zone.toLowerCase()}`)
    // a clock that is days ahead would take what can be had for too old
    const fields = await fieldsToAsk(settings, zone, job)
    const limits = limitsOf(settings, zone)
    const progress = withinReach(progressOf(job.checkpoint) ?? begun(settings, limits), oldestAt(limits.now))
    const window = nextWindow(progress, limits)
    if ('wait' in window) return { ms: window.wait, doing: doingOf(progress, limits) }
    const after = await take(settings, window, fields, progress, zone, job)
    await job.remember(after as unknown as Json)
    return pauseAfter(after, limitsOf(settings, zone))
  },
}

function pauseAfter(progress: Progress, limits: Limits): Pause {
  const next = nextWindow(progress, limits)
  return { ms: 'wait' in next ? next.wait : 0, doing: doingOf(progress, limits) }
}

function limitsOf(settings: LogpullSettings, zone: Zone): Limits {
  const now = zone.now()
  return {
    now,
    step: windowOf(settings),
    end: settings.to === undefined ? null : momentOf(settings.to, 'to', now),
  }
}

function begun(settings: LogpullSettings, { now, step }: Limits): Progress {
  const from = settings.from === undefined ? now - FIRST_LOOK : momentOf(settings.from, 'from', now)
  return { received: settings.from === undefined ? Math.floor(from / step) * step : from, span: step, lost: [] }
}

function progressOf(checkpoint: Json): Progress | null {
  return checkpoint === null ? null : (checkpoint as unknown as Progress)
}

async function take(
  settings: LogpullSettings,
  window: Span,
  fields: readonly string[],
  progress: Progress,
  zone: Zone,
  job: FetchJob,
): Promise<Progress> {
  const began = job.clock.monotonic()
  try {
    const bytes = await received(settings, window, fields, zone, job.signal)
    const name = `${settings.zone.toLowerCase()} ${shortIso(window.from)}/${shortIso(window.to)}`
    const { lines, rejectedByReason } = await job.take(name, bytes)
    // a proxy that ends a cut answer properly: only the half line at its end tells
    if (rejectedByReason.truncated) throw brokenOff('its last line is cut')
    return afterWindow(progress, window, { lines, took: job.clock.monotonic() - began }, windowOf(settings))
  } catch (error) {
    if (job.signal.aborted) throw error
    if (error instanceof FetchError && error.code === 'LOGPULL_TOO_OLD') {
      // less is kept than documented, or the window grew too old on its way
      return withinReach(progress, Math.max(oldestAt(zone.now()), window.to))
    }
    const broken = brokenOffBy(error)
    if (broken === null) throw error
    await job.remember(afterBreak(progress) as unknown as Json)
    throw broken
  }
}

const brokenOff = (why: string, cause?: unknown) =>
  new FetchError(
    'LOGPULL_BROKEN_OFF',
    `Cloudflare's answer broke off (${why}). The window is asked for again, a shorter one; nothing is missed or counted twice.`,
    { cause },
  )

function brokenOffBy(error: unknown): FetchError | null {
  if (error instanceof FetchError) return error.code === 'LOGPULL_BROKEN_OFF' ? error : null
  if (!(error instanceof IngestError)) return null
  if (error.code === 'STREAM_ERROR') return brokenOff('"Error streaming data."', error)
  if (error.code === 'INTERRUPTED' || error.code === 'TRUNCATED' || error.code === 'CORRUPT')
    return brokenOff((error.cause as Error | undefined)?.message ?? 'it was cut', error)
  return null
}

/** Those that were asked for; without any all that Faultline reads and the zone has: what it lacks would be refused. */
async function fieldsToAsk(settings: LogpullSettings, zone: Zone, job: FetchJob): Promise<readonly string[]> {
  const now = job.clock.now()
  const isFresh = zone.fields !== null && now - zone.fields.at < FIELDS_HOLD
  if (!zone.knowsTime || (settings.fields === undefined && !isFresh)) {
    const names = await fieldsOfZone(settings, zone, job.signal).catch((error: unknown) => {
      // a proxy or a token that gives logs and no list: then all of ours are asked for
      if (error instanceof FetchError && error.code === 'LOGPULL_REFUSED') return null
      throw error
    })
    zone.fields = { names: names ?? new Set(LOGPUSH_FIELDS), at: now }
  }
  return settings.fields ?? LOGPUSH_FIELDS.filter((name) => zone.fields?.names.has(name))
}
