/**
 * The field catalogue: every field of a record, described once. Validator, columns, API filters and labels
 * are derived from it. Cloudflare's names are kept and change only case.
 *
 * Facts: https://developers.cloudflare.com/logs/logpush/logpush-job/datasets/zone/http_requests/ and, for the
 * older names, the change notice of 2023-02-01 (Security fields updates).
 */

/** How a field rests in a block and on disk. */
export type FieldRole =
  /** when, which request: stored for every record in columns of their own */
  | 'key'
  /** few or many repeating values: dictionary-coded, can be grouped and (if `filter` is set) filtered by */
  | 'dimension'
  /** a number to add up or to take percentiles of */
  | 'measure'

export type FieldType = 'time' | 'string' | 'integer' | 'number' | 'boolean'

export interface Field {
  /** name in code and in JSON answers */
  readonly name: string
  /** name in SQL */
  readonly column: string
  readonly role: FieldRole
  readonly type: FieldType
  /** Cloudflare's names, the current one first; the first that carries a value wins. Empty: derived by us. */
  readonly from: readonly string[]
  /** query parameter and dimension name in the API; absent where a field can not be filtered by */
  readonly filter?: string
  readonly meaning: string
  /** what nobody can tell when an export lacks the field; shown in a batch's report */
  readonly spoils?: string
  /** false: left out unless the operator asks for it, since it can hold secrets */
  readonly byDefault?: false
}

function field<const F extends Field>(f: F): F {
  return f
}

export const FIELDS = [
  field({
    name: 'time',
    column: 'time',
    role: 'key',
    type: 'time',
    from: ['EdgeStartTimestamp'],
    meaning: 'When the edge got the request: the event time, UTC, in milliseconds',
    spoils: 'when a request came: without it the end of the answer stands in, minutes late for slow ones',
  }),
  field({
    name: 'rayId',
    column: 'ray_id',
    role: 'key',
    type: 'string',
    from: ['RayID'],
    meaning: "Cloudflare's id of the request, 16 hex digits",
    spoils: 'one request from another: duplicates are told by the whole line only, and no request can be looked up',
  }),
  field({
    name: 'zone',
    column: 'zone',
    role: 'dimension',
    type: 'string',
    from: ['ZoneName', 'ZoneID'],
    filter: 'zone',
    meaning: 'The zone (domain) at Cloudflare',
  }),
  field({
    name: 'host',
    column: 'host',
    role: 'dimension',
    type: 'string',
    from: ['ClientRequestHost'],
    filter: 'host',
    meaning: 'The host asked for, lower case',
    spoils: 'which host is affected',
  }),
  field({
    name: 'method',
    column: 'method',
    role: 'dimension',
    type: 'string',
    from: ['ClientRequestMethod'],
    filter: 'method',
    meaning: 'The HTTP method',
  }),
  field({
    name: 'path',
    column: 'path',
    role: 'dimension',
    type: 'string',
    from: ['ClientRequestPath', 'ClientRequestURI'],
    filter: 'path',
    meaning: 'The path asked for, without the query',
    spoils: 'which path is affected',
  }),
  field({
    name: 'query',
    column: 'query',
    role: 'dimension',
    type: 'string',
    from: ['ClientRequestURI'],
    byDefault: false,
    meaning: 'What follows the question mark. Not kept by default: it can hold secrets',
  }),
  field({
    name: 'edgeResponseStatus',
    column: 'edge_response_status',
    role: 'dimension',
    type: 'integer',
    from: ['EdgeResponseStatus'],
    filter: 'status',
    meaning: 'The status the visitor got',
  }),
  field({
    name: 'originResponseStatus',
    column: 'origin_response_status',
    role: 'dimension',
    type: 'integer',
    from: ['OriginResponseStatus'],
    filter: 'originStatus',
    meaning: 'The status of the origin; 0: the edge got no answer from it; absent: not exported',
    spoils: 'who answered: nobody can tell the edge from the origin without it',
  }),
  field({
    name: 'source',
    column: 'source',
    role: 'dimension',
    type: 'string',
    from: [],
    filter: 'source',
    meaning: 'Who wrote the status that the visitor got',
  }),
  field({
    name: 'sourceReason',
    column: 'source_reason',
    role: 'dimension',
    type: 'string',
    from: [],
    meaning: 'Why the record has its source',
  }),
  field({
    name: 'visitor',
    column: 'visitor',
    role: 'dimension',
    type: 'boolean',
    from: [],
    filter: 'visitor',
    meaning: 'False for requests that no visitor made: Worker sub-requests, Early Hints, health checks',
  }),
  field({
    name: 'cacheStatus',
    column: 'cache_status',
    role: 'dimension',
    type: 'string',
    from: ['CacheCacheStatus', 'CacheStatus'],
    filter: 'cacheStatus',
    meaning: 'How the cache took part',
    spoils: 'answers out of the cache from those of the origin',
  }),
  field({
    name: 'country',
    column: 'country',
    role: 'dimension',
    type: 'string',
    from: ['ClientCountry'],
    filter: 'country',
    meaning: "The visitor's country, two upper-case letters",
    spoils: 'which countries are affected',
  }),
  field({
    name: 'colo',
    column: 'colo',
    role: 'dimension',
    type: 'string',
    from: ['EdgeColoCode'],
    filter: 'colo',
    meaning: "Cloudflare's data centre, an airport code in upper case",
    spoils: 'whether one data centre of Cloudflare is affected or all',
  }),
  field({
    name: 'asn',
    column: 'asn',
    role: 'dimension',
    type: 'integer',
    from: ['ClientASN'],
    filter: 'asn',
    meaning: "The visitor's network (autonomous system number)",
  }),
  field({
    name: 'clientIp',
    column: 'client_ip',
    role: 'dimension',
    type: 'string',
    from: ['ClientIP'],
    filter: 'clientIp',
    meaning: "The visitor's address",
    spoils: 'whether one client makes the trouble or many visitors have it',
  }),
  field({
    name: 'userAgent',
    column: 'user_agent',
    role: 'dimension',
    type: 'string',
    from: ['ClientRequestUserAgent'],
    filter: 'userAgent',
    meaning: "The visitor's program",
    spoils: 'which programs are affected',
  }),
  field({
    name: 'protocol',
    column: 'protocol',
    role: 'dimension',
    type: 'string',
    from: ['ClientRequestProtocol'],
    filter: 'protocol',
    meaning: 'The HTTP version',
  }),
  field({
    name: 'requestSource',
    column: 'request_source',
    role: 'dimension',
    type: 'string',
    from: ['ClientRequestSource', 'RequestSource'],
    filter: 'requestSource',
    meaning: 'Who made the request: a visitor (eyeball) or a part of Cloudflare',
    spoils: 'visitors from internal requests: phantom 504s of Early Hints and of Workers count as errors without it',
  }),
  field({
    name: 'securityAction',
    column: 'security_action',
    role: 'dimension',
    type: 'string',
    from: ['SecurityAction', 'SecurityActions', 'WAFAction', 'FirewallMatchesActions'],
    filter: 'securityAction',
    meaning: 'The action of the security rule that ended the request, if one did',
    spoils: 'why a 403 or a 429 was given: whether a security rule did it',
  }),
  field({
    name: 'securitySource',
    column: 'security_source',
    role: 'dimension',
    type: 'string',
    from: ['SecuritySources', 'FirewallMatchesSources'],
    filter: 'securitySource',
    meaning: 'Which security product took the action',
    spoils: 'why a 403 or a 429 was given: which security product did it',
  }),
  field({
    name: 'securityRuleId',
    column: 'security_rule_id',
    role: 'dimension',
    type: 'string',
    from: ['SecurityRuleID', 'SecurityRuleIDs', 'WAFRuleID', 'FirewallMatchesRuleIDs'],
    filter: 'securityRuleId',
    meaning: 'The rule that took the action',
    spoils: 'which security rule to look at',
  }),
  field({
    name: 'securityRuleDescription',
    column: 'security_rule_description',
    role: 'dimension',
    type: 'string',
    from: ['SecurityRuleDescription', 'WAFRuleMessage'],
    meaning: "The rule's description",
  }),
  field({
    name: 'edgePathingOp',
    column: 'edge_pathing_op',
    role: 'dimension',
    type: 'string',
    from: ['EdgePathingOp'],
    filter: 'edgePathingOp',
    meaning: 'What the edge did with the request: wl, ban, chl, errHost …',
    spoils: 'why the edge refused a request: whether it was a rule, a reputation or a name that does not resolve',
  }),
  field({
    name: 'edgePathingSrc',
    column: 'edge_pathing_src',
    role: 'dimension',
    type: 'string',
    from: ['EdgePathingSrc'],
    filter: 'edgePathingSrc',
    meaning: 'Which part of the edge decided so: macro, user, bic, err …',
    spoils: 'which part of the edge refused a request',
  }),
  field({
    name: 'edgePathingStatus',
    column: 'edge_pathing_status',
    role: 'dimension',
    type: 'string',
    from: ['EdgePathingStatus'],
    filter: 'edgePathingStatus',
    meaning: 'The detail of that decision: nr, rateLimit, dnsErr …',
    spoils: 'by which check the edge refused a request',
  }),
  field({
    name: 'workerStatus',
    column: 'worker_status',
    role: 'dimension',
    type: 'string',
    from: ['WorkerStatus'],
    filter: 'workerStatus',
    meaning: 'What the Worker runtime said of this request',
    spoils: 'whether a Worker answered, and whether it failed',
  }),
  field({
    name: 'originIp',
    column: 'origin_ip',
    role: 'dimension',
    type: 'string',
    from: ['OriginIP'],
    filter: 'originIp',
    meaning: 'The origin server that was tried',
  }),
  field({
    name: 'parentRayId',
    column: 'parent_ray_id',
    role: 'dimension',
    type: 'string',
    from: ['ParentRayID'],
    filter: 'parentRayId',
    meaning: 'The request whose Worker made this one',
  }),
  field({
    name: 'edgeResponseBytes',
    column: 'edge_response_bytes',
    role: 'measure',
    type: 'integer',
    from: ['EdgeResponseBytes'],
    meaning: 'Bytes sent to the visitor',
  }),
  field({
    name: 'edgeTimeToFirstByteMs',
    column: 'edge_time_to_first_byte_ms',
    role: 'measure',
    type: 'number',
    from: ['EdgeTimeToFirstByteMs'],
    meaning: 'Milliseconds until the edge sent the first byte',
    spoils: 'whether answers became slower, the first thing to know of a rise in 499',
  }),
  field({
    name: 'originResponseDurationMs',
    column: 'origin_response_duration_ms',
    role: 'measure',
    type: 'number',
    from: ['OriginResponseDurationMs', 'OriginResponseTime'],
    meaning: 'Milliseconds the origin took (the older OriginResponseTime is in nanoseconds)',
    spoils: 'whether the origin became slower',
  }),
  field({
    name: 'totalMs',
    column: 'total_ms',
    role: 'measure',
    type: 'number',
    from: ['EdgeEndTimestamp'],
    meaning: 'Milliseconds from the start to the end at the edge: how long the visitor waited',
    spoils: 'how long visitors waited before they gave up (499, 522, 524)',
  }),
  field({
    name: 'weight',
    column: 'weight',
    role: 'measure',
    type: 'number',
    from: [],
    meaning: 'How many requests the record stands for: 1 / sample rate of the job',
  }),
] as const satisfies readonly Field[]

export type FieldName = (typeof FIELDS)[number]['name']
export type DimensionField = Extract<(typeof FIELDS)[number], { role: 'dimension' }>['name']
export type MeasureField = Extract<(typeof FIELDS)[number], { role: 'measure' }>['name']

export const DIMENSION_FIELDS = FIELDS.filter((f) => f.role === 'dimension').map(
  (f) => f.name,
) as readonly DimensionField[]
export const MEASURE_FIELDS = FIELDS.filter((f) => f.role === 'measure').map((f) => f.name) as readonly MeasureField[]

const byName = new Map<string, Field>(FIELDS.map((f) => [f.name, f]))

export function fieldOf(name: FieldName): Field {
  return byName.get(name) as Field
}
