/**
 * Buckets: looks what is there, takes each object once, and looks again. Objects are told apart by key and content (ETag), so
 * that one that was written anew comes again; what is older than the horizon is done with and need not be remembered.
 */
import { DAY, HOUR } from '../../../schema/words/duration.js'
import { iso } from '../../../schema/words/iso.js'
import type { Json } from '../../../schema/words/json.js'
import { mappingOf } from '../../reader/names.js'
import type { FetchingInput } from '../input.js'
import { wrongMoments } from '../moment.js'
import { Round } from './round.js'
import { Seen } from './seen.js'
import { beginOf, BucketSettings, everyOf, lateOf, placeOf } from './settings.js'
import { openStorage, type StoredObject } from './storage.js'

/** Rests as the job's checkpoint. */
interface Horizon {
  /** all that was written before is done with, by the storage's clock, epoch ms */
  before: number
}

type Settings = BucketSettings

export const bucket: FetchingInput<typeof BucketSettings> = {
  kind: 'fetching',
  settings: BucketSettings,
  jobOf: ({ url }) => url,
  problems: (settings) => [
    ...(settings.url.startsWith('r2:') && settings.account === undefined && settings.endpoint === undefined
      ? [{ at: 'url', reason: 'r2:// needs "account", the id of the Cloudflare account, or "endpoint".' }]
      : []),
    ...keyProblems(settings),
    ...(typeof mappingIn(settings) === 'string' ? [{ at: 'fields', reason: mappingIn(settings) as string }] : []),
    ...wrongMoments(settings, ['from']),
  ],
  reading: (settings) => ({
    weight: 1 / (settings.sampleRate ?? 1),
    ...(settings.fields === undefined ? {} : { fields: settings.fields }),
  }),
  async next(settings, job) {
    const now = job.clock.now()
    const { before } = (job.checkpoint as unknown as Horizon | null) ?? { before: beginOf(settings, now) }
    const seen = await Seen.load(job.checkpoints, job.input, job.name)
    const round = roundOf(settings, seen, job, ({ modified }) => modified >= before)
    let listedAt: number | null = null
    for (const prefix of prefixesOf(placeOf(settings).prefix, before, Math.max(now, before + lateOf(settings)))) {
      const at = await round.take(prefix)
      listedAt ??= at
    }
    // without the storage's own clock nothing says how far it is: everything stays remembered
    const horizon = Math.max(before, (listedAt ?? 0) - lateOf(settings))
    await job.remember({ before: horizon } satisfies Horizon as unknown as Json)
    await seen.forgetBefore(horizon)
    return { ms: everyOf(settings), doing: round.doing() }
  },
}

/** All that is there now, whenever it was written, as a job that ends. `told` is called with what came of it. */
export function wholeBucket(told: (round: Round) => void): FetchingInput<typeof BucketSettings> {
  return {
    ...bucket,
    jobOf: ({ url }) => `once ${url}`,
    async next(settings, job) {
      const { prefix } = placeOf(settings)
      const pattern = new RegExp(`^${prefix.split('{DATE}').map(escaped).join('\\d{8}')}`)
      const seen = await Seen.load(job.checkpoints, job.input, job.name)
      const round = roundOf(settings, seen, job, ({ key }) => pattern.test(key))
      await round.take(prefix.split('{DATE}', 1)[0])
      told(round)
      return { ms: everyOf(settings), doing: round.doing() }
    },
  }
}

function roundOf(
  settings: Settings,
  seen: Seen,
  job: ConstructorParameters<typeof Round>[0]['job'],
  isWanted: (object: StoredObject) => boolean,
): Round {
  const root = `${settings.url.slice(0, 5)}${placeOf(settings).bucket}/`
  return new Round({ storage: openStorage(settings), seen, job, root, isWanted })
}

/**
 * What to list: each day in which something new may lie. A batch of a day's last minutes is written after midnight, and the
 * clocks of the two may differ by a little.
 */
export function prefixesOf(prefix: string, before: number, now: number): string[] {
  if (!prefix.includes('{DATE}')) return [prefix]
  const prefixes: string[] = []
  for (let day = Math.floor(before / DAY) * DAY - DAY; day <= now + HOUR; day += DAY)
    prefixes.push(prefix.replaceAll('{DATE}', iso(day).slice(0, 10).replaceAll('-', '')))
  return prefixes
}

/** Only AWS lends keys. */
function keyProblems({ url, accessKeyId, secretAccessKey, sessionToken }: Settings) {
  if (accessKeyId !== undefined && secretAccessKey !== undefined) return []
  const [missing, there] =
    accessKeyId === undefined
      ? (['accessKeyId', secretAccessKey] as const)
      : (['secretAccessKey', accessKeyId] as const)
  if (there !== undefined || sessionToken !== undefined)
    return [{ at: 'url', reason: `"${missing}" is missing: a key is an id and a secret.` }]
  return url.startsWith('r2:')
    ? [
        {
          at: 'url',
          reason: 'r2:// needs "accessKeyId" and "secretAccessKey": only AWS lends keys to what runs there.',
        },
      ]
    : []
}

const mappingIn = ({ fields = {} }: Settings) =>
  mappingOf(Object.entries(fields).map(([name, theirs]) => `${name}=${theirs}`))

const escaped = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
