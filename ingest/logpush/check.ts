/** What a job of a zone exports, against what our figures need. */
import { missingFields } from '../missing-fields.js'
import type { LogpushJob } from './api.js'
import { leadsTo } from './address.js'
import { bytesOf, bytesOfLine } from './cost.js'

export interface Finding {
  /** figures are or may be wrong */
  serious: boolean
  text: string
}

export interface CheckedJob {
  id: number
  name: string | null
  fields: readonly string[]
  bytesPerLine: number
  findings: Finding[]
}

export interface CheckWishes {
  fields: readonly string[]
  /** null: any address */
  url: string | null
}

/** Jobs of requests that lead here, or all where the address is not said; and jobs of other datasets that lead here. */
export function checkJobs(jobs: readonly LogpushJob[], wishes: CheckWishes): CheckedJob[] {
  const here = jobs.filter((job) => wishes.url === null || leadsTo(job.destination_conf, wishes.url))
  const looked = here.filter((job) => job.dataset === 'http_requests' || wishes.url !== null)
  return looked.map((job) => checkJob(job, wishes, looked))
}

function checkJob(job: LogpushJob, wishes: CheckWishes, all: readonly LogpushJob[]): CheckedJob {
  const { fields, sampleRate, timestamps } = optionsOf(job)
  const findings: Finding[] = []
  const find = (serious: boolean, text: string) => findings.push({ serious, text })
  const checked = { id: job.id, name: job.name ?? null, fields, bytesPerLine: bytesOfLine(fields), findings }
  if (job.dataset !== 'http_requests') {
    find(true, `It exports ${job.dataset}, which is not read here: its batches are refused. Send it elsewhere.`)
    return checked
  }
  if (!job.enabled) find(true, 'It is switched off. Nothing of the meantime is sent later.')
  if (job.error_message) find(true, `It fails: ${job.error_message} (${job.last_error ?? 'time unknown'}).`)
  if (job.filter && !/^\s*(\{\s*("where"\s*:\s*\{\s*\}\s*)?\}\s*)?$/.test(job.filter))
    find(true, `Its filter leaves requests out, so that counts and shares are of a part only: ${job.filter}`)
  if (job.filter_attack_traffic)
    find(
      true,
      'filter_attack_traffic is on: requests that Cloudflare stopped as an attack are missing, so totals and blocked requests are too small.',
    )
  if (sampleRate < 1 && parameterOf(job.destination_conf, 'sampleRate') !== String(sampleRate))
    find(
      true,
      `It exports ${sampleRate * 100} % of the requests and no record says so: add sampleRate=${sampleRate} to the destination, so that each counts ${+(1 / sampleRate).toFixed(2)} times.`,
    )
  const missing = missingFields(new Set(fields))
  for (const { field, spoils } of missing.filter(({ field: name }) => wishes.fields.includes(name)))
    find(
      field === 'RayID' || field === 'OriginResponseStatus',
      `${field} is missing. Without it can't be told: ${spoils}.`,
    )
  const others = wishes.fields.filter((name) => !fields.includes(name) && !missing.some(({ field }) => field === name))
  if (others.length > 0) find(false, `Also missing: ${others.join(', ')}.`)
  const unused = fields.filter((name) => !wishes.fields.includes(name))
  if (unused.length > 0) {
    const bytes = unused.reduce((sum, name) => sum + bytesOf(name), 0)
    find(false, `${unused.length} fields that no panel needs cost about ${bytes} bytes a line: ${unused.join(', ')}.`)
  }
  if (timestamps === 'unix' || timestamps === 'rfc3339')
    find(false, `Times are in whole seconds (${timestamps}): how long visitors waited can't be told. Choose rfc3339ms.`)
  if (job.output_options?.record_template)
    find(
      true,
      'A record_template gives fields names of their own: map them (?field=EdgeResponseStatus=status) or remove it.',
    )
  if ((job.max_upload_interval_seconds ?? 0) > 60)
    find(false, `Batches are gathered for ${job.max_upload_interval_seconds} s; alerts wait as long. 30 is the least.`)
  const sameAddress = all.filter(({ dataset }) => dataset === 'http_requests')
  if (sameAddress.length > 1 && parameterOf(job.destination_conf, 'job') === null)
    find(
      false,
      'Several jobs send to one address: add job=NAME to the destination, so that their health is told one by one.',
    )
  return checked
}

function optionsOf(job: LogpushJob): { fields: string[]; sampleRate: number; timestamps: string } {
  const options = job.output_options
  const old = new URLSearchParams(job.logpull_options ?? '')
  return {
    fields: options?.field_names ?? old.get('fields')?.split(',').filter(Boolean) ?? [],
    sampleRate: options?.sample_rate || Number(old.get('sample')) || 1,
    // the API's default where nothing is said
    timestamps: options?.timestamp_format ?? old.get('timestamps') ?? 'unixnano',
  }
}

function parameterOf(destination: string, name: string): string | null {
  return new URLSearchParams(destination.split('?')[1] ?? '').get(name)
}
