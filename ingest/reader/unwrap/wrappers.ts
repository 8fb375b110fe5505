/**
 * What collectors and stores of logs put around a record, by the key under which the record is. A wrapper may be in a
 * wrapper, and hold the record as an object, as a text, or several of them in a list. To add one is to add a line.
 */

export interface Wrapper {
  /** as the report names it */
  name: string
  key: string
  /** only where the wrapping object has this key too */
  beside?: string
}

/** The first that leads to a record is taken. */
export const WRAPPERS: readonly Wrapper[] = [
  { name: 'Logstash or Beats (message)', key: 'message', beside: '@timestamp' },
  { name: 'Vector (message)', key: 'message' },
  { name: 'Fluent Bit (log)', key: 'log' },
  { name: 'Elastic (event.original)', key: 'original' },
  { name: 'Splunk HEC (event)', key: 'event' },
  { name: 'Splunk export (_raw)', key: '_raw' },
  { name: 'Elastic (_source)', key: '_source' },
  { name: 'Elastic (hits)', key: 'hits' },
  { name: 'Elastic bulk (doc)', key: 'doc' },
  { name: 'OpenTelemetry (body)', key: 'body' },
  { name: 'OpenTelemetry (Body)', key: 'Body' },
  { name: 'OpenTelemetry (stringValue)', key: 'stringValue' },
  { name: 'OpenTelemetry (resourceLogs)', key: 'resourceLogs' },
  { name: 'OpenTelemetry (scopeLogs)', key: 'scopeLogs' },
  { name: 'OpenTelemetry (logRecords)', key: 'logRecords' },
  { name: 'Datadog (content)', key: 'content' },
  { name: 'Datadog (attributes)', key: 'attributes' },
  { name: 'Loki (line)', key: 'line' },
  { name: 'Loki (streams)', key: 'streams' },
  { name: 'Loki (values)', key: 'values' },
  { name: 'Google Cloud Logging (jsonPayload)', key: 'jsonPayload' },
  { name: 'Google Cloud Logging (textPayload)', key: 'textPayload' },
  { name: 'CloudWatch (logEvents)', key: 'logEvents' },
  { name: 'CloudWatch (@message)', key: '@message' },
  { name: 'Graylog (full_message)', key: 'full_message' },
  { name: 'Graylog (short_message)', key: 'short_message' },
  { name: 'events', key: 'events' },
  { name: 'info', key: 'info' },
  { name: 'result', key: 'result' },
  { name: 'results', key: 'results' },
  { name: 'records', key: 'records' },
  { name: 'record', key: 'record' },
  { name: 'rows', key: 'rows' },
  { name: 'logs', key: 'logs' },
  { name: 'items', key: 'items' },
  { name: 'data', key: 'data' },
  { name: 'value', key: 'value' },
  { name: 'payload', key: 'payload' },
  { name: 'properties', key: 'properties' },
  { name: 'msg', key: 'msg' },
  { name: 'raw', key: 'raw' },
]

/** Wrappers in wrappers that are looked into. */
export const MAX_WRAPPERS = 6

/** Lines of Elastic's bulk requests that say what to do with the next line. */
const BULK_ACTIONS = new Set(['index', 'create', 'update', 'delete'])

export function isBulkAction(line: { readonly [name: string]: unknown }): boolean {
  const keys = Object.keys(line)
  if (keys.length !== 1 || !BULK_ACTIONS.has(keys[0])) return false
  const about = line[keys[0]]
  return (
    typeof about === 'object' &&
    about !== null &&
    Object.keys(about).every((key) => /^(_|pipeline|routing|version|if_|require_|retry_|dynamic_|list_)/.test(key))
  )
}
