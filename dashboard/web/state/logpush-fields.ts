/** The fields of a Logpush job that answer every question of the page (schema/fields.ts, the current names). */
export const LOGPUSH_FIELDS = [
  'EdgeStartTimestamp', 'EdgeEndTimestamp', 'RayID', 'ParentRayID', 'ZoneName', 'ClientRequestHost', 'ClientRequestMethod', 'ClientRequestPath',
  'ClientRequestProtocol', 'ClientRequestUserAgent', 'ClientRequestSource', 'ClientIP', 'ClientASN', 'ClientCountry', 'EdgeColoCode',
  'EdgeResponseStatus', 'OriginResponseStatus', 'OriginIP', 'CacheCacheStatus', 'EdgePathingOp', 'EdgePathingSrc', 'EdgePathingStatus',
  'SecurityAction', 'SecurityActions', 'SecuritySources', 'SecurityRuleIDs', 'SecurityRuleID', 'SecurityRuleDescription', 'WorkerStatus',
  'WorkerSubrequest', 'EdgeResponseBytes', 'EdgeTimeToFirstByteMs', 'OriginResponseDurationMs',
] as const
