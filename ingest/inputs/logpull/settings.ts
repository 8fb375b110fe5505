/** What an operator sets for a job of Logpull. */
import { Type, type Static } from 'typebox'
import { MINUTE, parseDuration, SECOND } from '../../../schema/words/duration.js'
import { DURATION, secret } from '../settings.js'
import { LONGEST_WINDOW, SHORTEST_WINDOW } from './window.js'

export const CLOUDFLARE_API = 'https://api.cloudflare.com/client/v4'

/** Docs: "try running your query every minute … go up to 5 minutes … down to 15 seconds" (logs/logpull/understanding-the-basics). */
const DEFAULT_WINDOW = MINUTE

export const LogpullSettings = Type.Object(
  {
    zone: Type.String({ pattern: '^[0-9a-fA-F]{32}$', description: 'Id of the zone: 32 hexadecimal digits' }),
    token: secret('API token with the permission "Logs Read" for the zone; or you@example.com:KEY'),
    fields: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        minItems: 1,
        description: 'Fields to ask for; without it all those that Faultline reads and the zone has',
      }),
    ),
    sampleRate: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 1,
        description: 'Share of the requests to ask for; each record then counts 1 / rate',
      }),
    ),
    window: Type.Optional(
      Type.String({
        pattern: DURATION,
        description: 'How much is asked for at once where nothing is behind: 15s to 1h',
      }),
    ),
    from: Type.Optional(
      Type.String({ description: 'Where to begin: a time, or how far back, like 6h; at most seven days' }),
    ),
    to: Type.Optional(Type.String({ description: 'Where to end; without it, it goes on' })),
    api: Type.Optional(
      Type.String({ pattern: '^https?://', description: "Address of Cloudflare's API, if there is a proxy before it" }),
    ),
  },
  { additionalProperties: false },
)
export type LogpullSettings = Static<typeof LogpullSettings>

/** ms */
export function windowOf({ window }: LogpullSettings): number {
  const ms = window === undefined ? DEFAULT_WINDOW : (parseDuration(window) ?? DEFAULT_WINDOW)
  return Math.round(Math.min(LONGEST_WINDOW, Math.max(SHORTEST_WINDOW, ms)) / SECOND) * SECOND
}
