import { createInterface } from 'node:readline/promises'
import { defineCommand, EXIT, type ExitStatus } from '../../schema/command-line/command.js'
import { JSON_FLAG, list, text, whole, yes, choice, number } from '../../schema/command-line/option.js'
import { UsageError } from '../../schema/command-line/errors.js'
import { print, printJson } from '../../schema/command-line/print.js'
import { settings } from '../../schema/command-line/settings.js'
import { shown } from '../../schema/command-line/shown.js'
import type { LogpushApi } from '../logpush/api.js'
import type { Panel } from '../logpush/panels.js'
import type { JobRequest } from '../logpush/job.js'

/** Known without loading what the fields are. */
const PANEL_LIST = 'errors, sources, speed, what, who, security, zones, bytes, bots, spikes'

export const logpushJob = defineCommand({
  name: 'logpush-job',
  summary: 'the Logpush job that brings logs here: its API call, its cost, or a check of those that are there',
  about:
    `Panels are ${PANEL_LIST}; spikes, the default, is all but bots.\n` +
    'Without --create and --check it asks nobody: it prints the call. The token of Cloudflare’s API comes from\n' +
    'FAULTLINE_CLOUDFLARE_TOKEN, the one that Logpush gives to the service from FAULTLINE_TOKEN; neither is ever printed.',
  options: {
    ...settings('url', 'token', 'cloudflareToken'),
    zone: text({
      description: 'the id of the zone',
      placeholder: 'ID',
      takes: '32 hexadecimal digits, as the overview of the zone shows them',
      pattern: '^[0-9a-fA-F]{32}$',
    }),
    name: text({
      description: 'what the job is called, there and here',
      placeholder: 'NAME',
      pattern: '^[a-zA-Z0-9._-]{1,100}$',
      takes: 'letters, digits, dots and dashes',
      default: 'faultline',
    }),
    panels: list({ description: 'what is to be seen, with commas between', placeholder: 'PANELS', unset: 'spikes' }),
    to: choice(['outside', 'r2'], {
      description: 'where it goes, for the price: an address outside Cloudflare, or a bucket of R2',
      placeholder: 'KIND',
      default: 'outside',
    }),
    requests: whole({
      description: 'requests a month, for the price',
      placeholder: 'N',
      minimum: 1,
      unset: '10 million, 100 million, a billion',
    }),
    sample: number({
      description: 'the share of the requests to export',
      placeholder: 'R',
      takes: 'a number above 0 up to 1',
      exclusiveMinimum: 0,
      maximum: 1,
      default: 1,
    }),
    create: yes({ description: 'make the job, after a question' }),
    yes: yes({ description: 'make it without a question' }),
    check: yes({ description: 'compare the jobs of the zone with what the panels need' }),
    api: text({
      description: "the address of Cloudflare's API, if there is a proxy before it",
      placeholder: 'URL',
      takes: 'an address like https://api.cloudflare.com/client/v4',
      pattern: '^https?://',
    }),
    ...JSON_FLAG,
  },
  problems({ create, check, url, zone, token, cloudflareToken }) {
    const needs = (what: boolean | undefined, option: string) =>
      what && [`--${create ? 'create' : 'check'} needs ${option}.`]
    return [
      ...(create && check ? ['--create and --check are two things: one after the other.'] : []),
      ...(((create || check) && needs(zone === undefined, '--zone ID')) || []),
      ...(((create || check) &&
        needs(cloudflareToken === undefined, 'FAULTLINE_CLOUDFLARE_TOKEN, a token of Cloudflare’s API for the zone')) ||
        []),
      ...((create && needs(url === undefined, '--url, the address under which Cloudflare reaches this service')) || []),
      ...((create && needs(token === undefined, 'FAULTLINE_TOKEN, which goes into the destination')) || []),
    ]
  },
  examples: [
    { line: 'faultline logpush-job --url https://faultline.example.com', says: 'the API call, and what it costs' },
    {
      line: 'faultline logpush-job --panels errors,sources --requests 200000000',
      says: 'the smallest list for two panels',
    },
    {
      line: 'faultline logpush-job --zone 023e105f4ecef8ad9ca31a8372d0c353 --check',
      says: 'do the jobs export what is needed?',
    },
  ],
  async run(options) {
    const { fieldsFor, PANEL_NAMES } = await import('../logpush/panels.js')
    const { logpushApi } = await import('../logpush/api.js')
    const { jobFor } = await import('../logpush/job.js')
    const panels = (options.panels ?? ['spikes']) as Panel[]
    const unknown = panels.find((panel) => !PANEL_NAMES.includes(panel))
    if (unknown !== undefined)
      throw new UsageError(`--panels: there is no panel ${shown(unknown)}. Panels are ${PANEL_LIST}.`)
    const { zone, cloudflareToken, api: address, name, url, sample } = options
    const api = zone && cloudflareToken ? logpushApi({ api: address, zone, token: cloudflareToken }) : null
    const fields = fieldsFor(panels)
    if (options.check && api) return check(api, fields, url ?? null, options.json)
    const wishes = { name, url: url ?? 'https://faultline.example.com', fields, sampleRate: sample }
    if (options.create && api) {
      const offered = await offeredOf(api, fields, options.json)
      const job = jobFor({ ...wishes, fields: offered, token: options.token ?? null })
      return create(api, job, options.yes, options.json)
    }
    await tell(jobFor({ ...wishes, token: null }), options)
    return EXIT.done
  },
})

/** Fields that the zone does not have are left out and named: Cloudflare changes some nearly every week. */
async function offeredOf(api: LogpushApi, fields: readonly string[], json: boolean): Promise<string[]> {
  const offered = await api.fields()
  const lacking = fields.filter((field) => !offered.includes(field))
  if (lacking.length > 0 && !json) print(`This zone does not offer ${lacking.join(', ')}: left out.\n`, process.stderr)
  return fields.filter((field) => offered.includes(field))
}

interface Wishes {
  zone?: string
  api?: string
  to: 'outside' | 'r2'
  requests?: number
  sample: number
  json: boolean
}

async function tell(job: JobRequest, { zone, api, to, requests, sample, json }: Wishes): Promise<void> {
  const { bytesOfLine, costOf, DOLLARS_A_GB, FREE_GB } = await import('../logpush/cost.js')
  const { CLOUDFLARE_API } = await import('../logpush/api.js')
  const fields = job.output_options.field_names
  const bytesPerLine = bytesOfLine(fields)
  const costs = (requests === undefined ? [1e7, 1e8, 1e9] : [requests]).map((n) => costOf(n, fields, to, sample))
  const address = `${api ?? CLOUDFLARE_API}/zones/${zone ?? '<ZONE>'}/logpush/jobs`
  if (json) return printJson({ method: 'POST', url: address, body: job, bytesPerLine, costs })
  const money = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD' })
  const whole = new Intl.NumberFormat('en')
  print(
    [
      `curl -X POST '${address}' \\`,
      `  -H "Authorization: Bearer $CLOUDFLARE_API_TOKEN" -H 'content-type: application/json' \\`,
      `  --data '${JSON.stringify(job, null, 2).replaceAll("'", "'\\''")}'`,
      '',
      `${fields.length} fields, about ${bytesPerLine} bytes a line.`,
      ...costs.map(
        (cost) =>
          `${whole.format(cost.requests)} requests a month: ${cost.gigabytes.toFixed(1)} GB, ${money.format(cost.dollars)} a month`,
      ),
      `(${FREE_GB} GB a month are free, then ${money.format(DOLLARS_A_GB[to])} a GB of uncompressed logs)`,
      '',
    ].join('\n'),
  )
}

async function create(api: LogpushApi, job: JobRequest, sure: boolean, json: boolean): Promise<ExitStatus> {
  const fields = job.output_options.field_names
  if (!sure) {
    if (!process.stdin.isTTY)
      throw new UsageError('Nobody can be asked here: say --yes to make the job without a question.')
    const terminal = createInterface({ input: process.stdin, output: process.stderr })
    const address = job.destination_conf.split('?')[0]
    const answer = await terminal.question(
      `Make the job ${shown(job.name)} with ${fields.length} fields to ${shown(address)}? Cloudflare posts a test there first. [y/N] `,
    )
    terminal.close()
    if (!/^y(es)?$/i.test(answer.trim())) {
      print('Nothing was made.\n', process.stderr)
      return EXIT.refused
    }
  }
  const made = await api.create(job)
  if (json) printJson({ id: made.id, name: made.name, fields })
  else
    print(
      `The job ${made.id} is made. It takes effect within 10 to 15 minutes; the page Inputs shows what it brings.\n`,
    )
  return EXIT.done
}

async function check(
  api: LogpushApi,
  fields: readonly string[],
  url: string | null,
  json: boolean,
): Promise<ExitStatus> {
  const { checkJobs } = await import('../logpush/check.js')
  const jobs = checkJobs(await api.jobs(), { fields, url })
  if (json) printJson({ jobs })
  else if (jobs.length === 0)
    print(
      `No job of this zone exports requests${url === null ? '' : ` to ${shown(url)}`}. Make one: faultline logpush-job --create\n`,
    )
  for (const job of json ? [] : jobs) {
    print(
      `Job ${job.id}${job.name ? ` (${shown(job.name)})` : ''}: ${job.fields.length} fields, about ${job.bytesPerLine} bytes a line\n`,
    )
    if (job.findings.length === 0) print('  exports what is needed\n')
    for (const { serious, text: what } of job.findings) print(`  ${serious ? '!' : '-'} ${shown(what)}\n`)
  }
  return jobs.length > 0 && jobs.every(({ findings }) => findings.every(({ serious }) => !serious))
    ? EXIT.done
    : EXIT.refused
}
