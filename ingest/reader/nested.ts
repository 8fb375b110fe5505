/**
 * The nested records of the first Enterprise Log Share API (before 2018), brought to today's flat names.
 * A missing `originResponse` there means that the request stopped earlier, which today is OriginResponseStatus 0.
 * Shape: README of iserko/logstash-input-cloudflare; https://developers.cloudflare.com/logs/reference/pathing-status/
 */
type Line = { readonly [name: string]: unknown }

function part(line: Line, name: string): Line {
  const value = line[name]
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Line) : {}
}

/** The flat line, or null where the object is not a nested record. */
export function flattenNested(line: Line): Line | null {
  const edgeResponse = part(line, 'edgeResponse')
  if (edgeResponse.status === undefined) return null
  const client = part(line, 'client')
  const request = part(line, 'clientRequest')
  const edge = part(line, 'edge')
  const origin = part(line, 'origin')
  return {
    RayID: line.rayId,
    ZoneName: line.zoneName,
    ZoneID: line.zoneId,
    EdgeStartTimestamp: edge.startTimestamp ?? line.timestamp,
    EdgeEndTimestamp: edge.endTimestamp,
    EdgeResponseStatus: edgeResponse.status,
    EdgeResponseBytes: edgeResponse.bytes,
    OriginResponseStatus: part(line, 'originResponse').status ?? 0,
    OriginResponseTime: origin.responseTime,
    OriginIP: origin.ip,
    CacheCacheStatus: part(line, 'cache').cacheStatus,
    ClientIP: client.ip,
    ClientCountry: client.country,
    ClientASN: client.asNum,
    ClientRequestHost: request.httpHost,
    ClientRequestMethod: request.httpMethod,
    ClientRequestURI: request.uri,
    ClientRequestProtocol: request.httpProtocol,
    ClientRequestUserAgent: request.userAgent,
    EdgePathingOp: part(line, 'edge').pathingOp,
    EdgePathingSrc: part(line, 'edge').pathingSrc,
    EdgePathingStatus: part(line, 'edge').pathingStatus,
  }
}
