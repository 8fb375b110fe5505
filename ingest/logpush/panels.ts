/** What one wants to see → what a Logpush job must export for it. */
import { LOGPUSH_FIELDS } from '../../schema/words/fields.js'

/** Without these there is no record, or one counts twice, or what no visitor saw counts as his. */
const ALWAYS = [
  'EdgeStartTimestamp',
  'RayID',
  'EdgeResponseStatus',
  'ClientRequestSource',
  'ParentRayID',
  'WorkerSubrequest',
]

const WHO_ANSWERED = [
  'OriginResponseStatus',
  'CacheCacheStatus',
  'SecurityAction',
  'SecurityActions',
  'EdgePathingOp',
  'EdgePathingSrc',
  'EdgePathingStatus',
  'WorkerStatus',
]

export const PANELS = {
  errors: { says: 'status classes and error rate over time', fields: [] },
  sources: { says: 'who answered: client, edge, cache, Worker or origin', fields: WHO_ANSWERED },
  speed: {
    says: 'time to first byte, time of the origin, how long visitors waited',
    fields: ['EdgeTimeToFirstByteMs', 'OriginResponseDurationMs', 'EdgeEndTimestamp'],
  },
  what: {
    says: 'hosts, paths, methods, kinds of content',
    fields: ['ClientRequestHost', 'ClientRequestPath', 'ClientRequestMethod', 'EdgeResponseContentType'],
  },
  who: {
    says: 'countries, data centres, networks, programs, clients',
    fields: ['ClientCountry', 'EdgeColoCode', 'ClientASN', 'ClientRequestUserAgent', 'ClientIP'],
  },
  security: {
    says: 'which rule and product of security decided',
    fields: [
      'SecurityAction',
      'SecurityActions',
      'SecuritySources',
      'SecurityRuleIDs',
      'SecurityRuleID',
      'SecurityRuleDescription',
      'EdgePathingOp',
      'EdgePathingSrc',
      'EdgePathingStatus',
    ],
  },
  zones: { says: 'zones, where one address gets several', fields: ['ZoneName'] },
  bytes: { says: 'bytes sent to visitors', fields: ['EdgeResponseBytes'] },
  bots: {
    says: 'what Cloudflare takes clients for (needs Bot Management)',
    fields: ['BotScore', 'BotScoreSrc', 'VerifiedBotCategory'],
  },
  spikes: {
    says: 'spikes with their documented causes: all but bots',
    fields: LOGPUSH_FIELDS,
  },
} as const satisfies { [panel: string]: { says: string; fields: readonly string[] } }

export type Panel = keyof typeof PANELS
export const PANEL_NAMES = Object.keys(PANELS) as Panel[]

/** The smallest list of fields for these panels, in the order of the catalogue. */
export function fieldsFor(panels: readonly Panel[]): string[] {
  const wanted = new Set<string>([...ALWAYS, ...panels.flatMap((panel): readonly string[] => PANELS[panel].fields)])
  const known = LOGPUSH_FIELDS.filter((field) => wanted.delete(field))
  return [...known, ...wanted]
}
