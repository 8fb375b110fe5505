/** A Logpush job as Cloudflare's API has it, and the one that we need. https://developers.cloudflare.com/logs/logpush/logpush-job/api-configuration/ */
import { PATH_OF_LOGS } from './address.js'

export interface JobRequest {
  name: string
  dataset: 'http_requests'
  enabled: true
  destination_conf: string
  output_options: {
    field_names: readonly string[]
    timestamp_format: 'rfc3339ms'
    sample_rate: number
    output_type: 'ndjson'
  }
  max_upload_interval_seconds: number
}

/** The shortest that the API takes, seconds: alerts wait for what is gathered. */
const UPLOAD_EVERY_SECONDS = 30

export interface JobWishes {
  name: string
  /** under which the service is reached from outside */
  url: string
  /** stands in the destination; null: a word that people replace */
  token: string | null
  fields: readonly string[]
  sampleRate: number
}

export function jobFor({ name, url, token, fields, sampleRate }: JobWishes): JobRequest {
  return {
    name,
    dataset: 'http_requests',
    enabled: true,
    destination_conf: destinationOf({ name, url, token, sampleRate }),
    output_options: {
      field_names: fields,
      // durations are told by the millisecond; the other formats with it are longer
      timestamp_format: 'rfc3339ms',
      sample_rate: sampleRate,
      output_type: 'ndjson',
    },
    max_upload_interval_seconds: UPLOAD_EVERY_SECONDS,
  }
}

/** Parameters that begin with header_ become headers of Logpush's posts; the others stay in the address. */
function destinationOf({ name, url, token, sampleRate }: Omit<JobWishes, 'fields'>): string {
  const parameters = [
    'input=logpush',
    `job=${encodeURIComponent(name)}`,
    ...(sampleRate === 1 ? [] : [`sampleRate=${sampleRate}`]),
    `header_Authorization=${token === null ? 'Bearer%20<FAULTLINE_TOKEN>' : encodeURIComponent(`Bearer ${token}`)}`,
  ]
  return `${url.replace(/\/+$/, '')}${PATH_OF_LOGS}?${parameters.join('&')}`
}
