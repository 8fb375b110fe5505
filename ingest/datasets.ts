/**
 * Cloudflare's other datasets, by fields that they have and http_requests has not.
 * https://developers.cloudflare.com/logs/logpush/logpush-job/datasets/
 */
const DATASETS: readonly (readonly [name: string, fields: readonly string[]])[] = [
  ['workers_trace_events', ['EventTimestampMs', 'Outcome']],
  ['workers_trace_events', ['ScriptName', 'Outcome']],
  ['dns_firewall_logs', ['QueryName', 'UpstreamResponseCode']],
  ['gateway_dns', ['QueryName', 'ResolverDecision']],
  ['dns_logs', ['QueryName']],
  ['spectrum_events', ['ConnectTimestamp']],
  ['nel_reports', ['LastKnownGoodColoCode']],
  ['page_shield_events', ['PageURL', 'URLHost']],
  ['access_requests', ['AppDomain', 'Allowed']],
  ['audit_logs_v2', ['ActionTimestamp', 'ActorType']],
  ['audit_logs', ['ActionType', 'When']],
  ['gateway_http', ['HTTPHost', 'HTTPMethod']],
  ['gateway_network', ['SNI', 'Transport', 'SourceIP']],
  ['zero_trust_network_sessions', ['SessionStartTime', 'SessionEndTime']],
  ['network_analytics_logs', ['MitigationReason', 'Outcome']],
  ['magic_ids_detections', ['SignatureID', 'Protocol']],
  ['device_posture_results', ['PolicyType', 'PostureExpectedJSON']],
  ['sinkhole_http_logs', ['SinkholeID']],
  ['casb_findings', ['FindingTypeID']],
  ['email_security_alerts', ['AlertReasons', 'MessageID']],
  ['ssh_logs', ['SessionID', 'PTY']],
  ['firewall_events', ['Datetime', 'Action']],
]

const folded = (key: string) => key.replaceAll('_', '').toLowerCase()

/** The dataset that a line with these keys is of; null: none that is known. */
export function datasetOf(keys: readonly string[]): string | null {
  const has = new Set(keys.map(folded))
  return DATASETS.find(([, fields]) => fields.every((field) => has.has(folded(field))))?.[0] ?? null
}
