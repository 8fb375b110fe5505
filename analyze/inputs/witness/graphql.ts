/**
 * Cloudflare's own count of a zone's requests: `httpRequestsAdaptiveGroups` of the GraphQL Analytics API. It samples as much as it
 * finds needful (all, a tenth, a hundredth), and says within which bounds the truth lies.
 * https://developers.cloudflare.com/analytics/graphql-api/features/confidence-intervals/
 */
import { cloudflareAuth } from '../../../schema/runtime/cloudflare-auth.js'
import { fetchWhole } from '../../../schema/runtime/whole-answer.js'
import { HOUR, SECOND } from '../../../schema/words/duration.js'
import { iso } from '../../../schema/words/iso.js'

export const CLOUDFLARE_GRAPHQL = 'https://api.cloudflare.com/client/v4/graphql'
/** Rows that the API gives at most; a day has some hundreds, with sixty statuses an hour 1,440. */
const MOST_ROWS = 10_000
/** A row takes some 200 bytes. */
const LIMITS = { mostBytes: 8_000_000, withinMs: 30 * SECOND }
/** Asked at once, ms: far from the most rows. */
const AT_ONCE_MS = 48 * HOUR

const QUERY = `query Witness($zone: string!, $from: Time!, $to: Time!) {
  viewer {
    zones(filter: { zoneTag: $zone }) {
      httpRequestsAdaptiveGroups(
        limit: ${MOST_ROWS}
        filter: { datetime_geq: $from, datetime_lt: $to, requestSource: "eyeball" }
      ) {
        count
        confidence(level: 0.95) { count { estimate lower upper sampleSize } }
        dimensions { datetimeHour edgeResponseStatus }
      }
    }
  }
}`

/** What Cloudflare counted in an hour with a status. */
export interface CountedByCloudflare {
  /** epoch ms */
  hour: number
  status: number
  estimate: number
  lower: number
  upper: number
}

export class WitnessError extends Error {
  constructor(
    readonly code: 'WITNESS_UNREACHABLE' | 'WITNESS_REFUSED',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'WitnessError'
  }
}

interface Answer {
  data?: {
    viewer?: {
      zones?: {
        httpRequestsAdaptiveGroups: {
          count: number
          confidence?: { count?: { estimate: number; lower: number; upper: number } | null } | null
          dimensions: { datetimeHour: string; edgeResponseStatus: number }
        }[]
      }[]
    } | null
  } | null
  errors?: { message: string }[] | null
}

export interface WitnessApi {
  url?: string
  token: string
}

/** Whole hours from … to, epoch ms. */
export async function countedByCloudflare(
  api: WitnessApi,
  zone: string,
  from: number,
  to: number,
): Promise<CountedByCloudflare[]> {
  const rows: CountedByCloudflare[] = []
  for (let at = from; at < to; at += AT_ONCE_MS) rows.push(...(await ask(api, zone, at, Math.min(to, at + AT_ONCE_MS))))
  return rows
}

async function ask({ url = CLOUDFLARE_GRAPHQL, token }: WitnessApi, zone: string, from: number, to: number) {
  const response = await fetchWhole(LIMITS)(url, {
    method: 'POST',
    headers: { ...cloudflareAuth(token), 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUERY, variables: { zone, from: iso(from), to: iso(to) } }),
  }).catch((cause: Error) => {
    throw new WitnessError(
      'WITNESS_UNREACHABLE',
      "Cloudflare's GraphQL API can't be reached. Check the network, or a proxy in between; it is asked again in five minutes.",
      { cause },
    )
  })
  const answer = await read(response)
  const groups = answer.data?.viewer?.zones?.[0]?.httpRequestsAdaptiveGroups
  if (answer.errors?.length || groups === undefined) throw refused(response.status, answer)
  return groups.map(({ count, confidence, dimensions }): CountedByCloudflare => {
    // where nothing was sampled there may be no bounds: then it is the count itself
    const { estimate, lower, upper } = confidence?.count ?? { estimate: count, lower: count, upper: count }
    return { hour: Date.parse(dimensions.datetimeHour), status: dimensions.edgeResponseStatus, estimate, lower, upper }
  })
}

async function read(response: Response): Promise<Answer> {
  const text = await response.text().catch(() => '')
  try {
    return JSON.parse(text) as Answer
  } catch {
    return {}
  }
}

function refused(status: number, { errors, data }: Answer): WitnessError {
  const said = (errors ?? []).map(({ message }) => message).join('; ')
  const noZone = data?.viewer?.zones?.length === 0
  const advice =
    noZone || status === 401 || status === 403 || /not authorized|access|authenticat/i.test(said)
      ? 'The token needs the permission "Analytics Read" for this zone; check the id of the zone too.'
      : /limit|too many|quota/i.test(said) || status === 429
        ? 'It is asked again in five minutes.'
        : 'It is asked again in five minutes; if it stays so, ask for a shorter range.'
  return new WitnessError(
    'WITNESS_REFUSED',
    `Cloudflare's GraphQL API gave no count (${status}${said === '' ? '' : `: ${said.slice(0, 300)}`}). ${advice}`,
  )
}
