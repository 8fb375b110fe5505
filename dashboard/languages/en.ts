import type { RejectionReason } from '../../schema/api/batches.js'
import type { FieldName, FIELDS } from '../../schema/fields.js'
import type { Dimension } from '../../schema/query.js'
import type { Source } from '../../schema/record.js'
import type { StatusClass } from '../web/state/dimensions.js'
import { alerts } from './alerts/en.js'
import type { ErrorTexts } from './errors/texts.js'
import { pluralOf } from './plural.js'

/** Of the span given as text, for languages in which words agree with it. */
export type SpanUnit = 'minute' | 'hour' | 'day'

const plural = pluralOf('en')
const requests = (n: number, text: string): string => `${text} ${plural(n, { one: 'request', other: 'requests' })}`
const lines = (n: number, text: string): string => `${text} ${plural(n, { one: 'line', other: 'lines' })}`

const dimensions: { [D in Dimension]: { one: string; many: string } } = {
  class: { one: 'Status class', many: 'Classes' },
  status: { one: 'Status', many: 'Statuses' },
  source: { one: 'Answered by', many: 'Answered by' },
  zone: { one: 'Zone', many: 'Zones' },
  host: { one: 'Host', many: 'Hosts' },
  path: { one: 'Path', many: 'Paths' },
  method: { one: 'Method', many: 'Methods' },
  originStatus: { one: 'Origin status', many: 'Origin statuses' },
  cacheStatus: { one: 'Cache status', many: 'Cache' },
  country: { one: 'Country', many: 'Countries' },
  colo: { one: 'Data centre', many: 'Data centres' },
  asn: { one: 'Network', many: 'Networks' },
  clientIp: { one: 'Client address', many: 'Clients' },
  userAgent: { one: 'User agent', many: 'Agents' },
  protocol: { one: 'Protocol', many: 'Protocols' },
  requestSource: { one: 'Request source', many: 'Request sources' },
  securityAction: { one: 'Security action', many: 'Security actions' },
  securitySource: { one: 'Security product', many: 'Security products' },
  securityRuleId: { one: 'Security rule', many: 'Security rules' },
  edgePathingOp: { one: 'Pathing operation', many: 'Pathing operations' },
  edgePathingSrc: { one: 'Pathing source', many: 'Pathing sources' },
  edgePathingStatus: { one: 'Pathing status', many: 'Pathing statuses' },
  workerStatus: { one: 'Worker status', many: 'Worker statuses' },
  originIp: { one: 'Origin address', many: 'Origins' },
  parentRayId: { one: 'Parent Ray ID', many: 'Parent requests' },
  visitor: { one: 'Visitor', many: 'Visitors' },
}

const classes: { [C in StatusClass]: string } = {
  '2xx': 'Success', '3xx': 'Redirect', '4xx': 'Client error', '499': 'Client closed the request', '5xx': 'Server error', other: 'Other',
}

const sources: { [S in Source]: { name: string; by: string; meaning: string } } = {
  client: { name: 'Client', by: 'closed by the client', meaning: 'The visitor closed the connection before there was an answer.' },
  edge: { name: 'Edge', by: 'by the edge', meaning: 'Cloudflare answered by itself: a security rule, a rate limit, a redirect or an error of its own.' },
  'origin-failure': { name: 'Origin failure', by: 'origin failure', meaning: 'Cloudflare wrote the error because the origin gave no usable answer.' },
  cache: { name: 'Cache', by: 'from cache', meaning: 'Cloudflare answered with a stored copy.' },
  worker: { name: 'Worker', by: 'by a Worker', meaning: 'A Worker made the answer or changed its status.' },
  origin: { name: 'Origin', by: 'by the origin', meaning: 'Your server gave this status.' },
  undetermined: { name: 'Undetermined', by: 'source undetermined', meaning: 'The export lacks OriginResponseStatus and nothing else tells.' },
}

const rejections: { [R in RejectionReason]: { reason: string; advice: string } } = {
  'not-json': { reason: 'not JSON', advice: 'Set the job’s output to NDJSON; CSV and templates with other shapes are not read.' },
  'not-an-object': { reason: 'not a JSON object', advice: 'Each line must be one record in braces.' },
  'too-long': { reason: 'longer than 1 MiB', advice: 'Leave out headers, cookies or other large custom fields from the job.' },
  truncated: { reason: 'cut off', advice: 'The file ends in the middle of a line: fetch it again and upload it; what is already stored is not counted twice.' },
  'other-dataset': { reason: 'another dataset', advice: 'Send the “HTTP requests” dataset; this line is of another one.' },
  'no-time': { reason: 'no time', advice: 'Add EdgeStartTimestamp to the job’s fields.' },
  'bad-time': { reason: 'time not understood', advice: 'Use rfc3339, unix or unixnano as the job’s timestamp format.' },
  'no-status': { reason: 'no status', advice: 'Add EdgeResponseStatus to the job’s fields.' },
  'bad-status': { reason: 'status not a number', advice: 'Check what changed the file after Cloudflare wrote it.' },
  'stream-error': { reason: 'error of Cloudflare’s stream', advice: 'Logpull broke off this window: fetch it again and upload it; duplicates are not counted.' },
}

const fields: { [F in FieldName]: string } = {
  time: 'Time', rayId: 'Ray ID', zone: 'Zone', host: 'Host', method: 'Method', path: 'Path', query: 'Query',
  edgeResponseStatus: 'Status', originResponseStatus: 'Origin status', source: 'Answered by', sourceReason: 'Why', visitor: 'Visitor',
  cacheStatus: 'Cache status', country: 'Country', colo: 'Data centre', asn: 'Network', clientIp: 'Client address', userAgent: 'User agent',
  protocol: 'Protocol', requestSource: 'Request source', securityAction: 'Action', securitySource: 'Product', securityRuleId: 'Rule',
  securityRuleDescription: 'Rule description', edgePathingOp: 'Pathing operation', edgePathingSrc: 'Pathing source',
  edgePathingStatus: 'Pathing status', workerStatus: 'Worker status', originIp: 'Origin address', parentRayId: 'Parent Ray ID',
  edgeResponseBytes: 'Bytes sent', edgeTimeToFirstByteMs: 'Time to first byte', originResponseDurationMs: 'Origin took', totalMs: 'Total time',
  weight: 'Stands for',
}

/** Cloudflare's names of the fields whose absence spoils an answer, as in a batch's report. */
export type SpoilingField = Extract<(typeof FIELDS)[number], { spoils: string }>['from'][0]

const missing: { [F in SpoilingField]: string } = {
  EdgeStartTimestamp: 'when a request came: without it the end of the answer stands in, minutes late for slow ones',
  RayID: 'one request from another: duplicates are told by the whole line only, and no request can be looked up',
  ClientRequestHost: 'which host is affected',
  ClientRequestPath: 'which path is affected',
  OriginResponseStatus: 'who answered: the edge cannot be told from the origin',
  CacheCacheStatus: 'answers out of the cache from those of the origin',
  ClientCountry: 'which countries are affected',
  EdgeColoCode: 'whether one data centre of Cloudflare is affected or all',
  ClientRequestUserAgent: 'which programs are affected',
  ClientRequestSource: 'visitors from internal requests: phantom 504s of Early Hints and of Workers count as errors',
  SecurityAction: 'why a 403 or a 429 was given: whether a security rule did it',
  SecuritySources: 'why a 403 or a 429 was given: which security product did it',
  SecurityRuleID: 'which security rule to look at',
  EdgeTimeToFirstByteMs: 'whether answers became slower, the first thing to know of a rise in 499',
  OriginResponseDurationMs: 'whether the origin became slower',
  EdgeEndTimestamp: 'how long visitors waited before they gave up (499, 522, 524)',
}

export const en = {
  name: 'English',
  dimensions, classes, sources, rejections, fields, missing,

  nav: {
    label: 'Pages', overview: 'Overview', records: 'Requests', batches: 'Batches', statuses: 'Status codes', api: 'API reference',
    skip: 'Skip to the content', home: 'Faultline, to the overview',
  },
  tools: {
    live: { on: 'Live', connecting: 'Connecting', lost: 'Reconnecting', off: 'Paused' },
    liveHint: 'New data appears by itself. Press L to pause or resume.',
    lostHint: 'Connection lost, trying again. The figures are from the last answer.',
    language: 'Language', theme: 'Theme', themes: { auto: 'System', light: 'Light', dark: 'Dark' },
    shortcuts: 'Keyboard shortcuts', upload: 'Upload logs', close: 'Close', back: 'Back', copy: 'Copy', copied: 'Copied', retry: 'Try again', reload: 'Refresh', signOut: 'Sign out',
  },
  filter: {
    label: 'Filters', add: 'Filter', allZones: 'All zones', allHosts: 'All hosts', clear: 'Clear all',
    remove: (text: string) => `Remove filter: ${text}`,
    is: 'is', isNot: 'is not', none: '(none)', or: 'or',
    pickDimension: 'Filter by…', searchValues: (dimension: string) => `Search: ${dimension}`,
    noValues: 'No such value in this range', useValue: (value: string) => `Use “${value}”`,
    only: (value: string) => `Only ${value}`, exclude: (value: string) => `Exclude ${value}`,
    back: 'All dimensions', done: 'Done', moreValues: (n: number, text: string) => `${text} more ${plural(n, { one: 'value', other: 'values' })}: type to find them`,
    excludeHint: 'Alt-click excludes',
  },
  range: {
    label: 'Time range', last: (span: string, _unit: SpanUnit, n: number) => (n === 1 ? `Last ${span.replace(/^1 /, '')}` : `Last ${span}`), all: 'All data', custom: 'Custom range', from: 'From', to: 'To (excluded)',
    apply: 'Apply', earlier: 'Earlier', later: 'Later', zoomOut: 'Zoom out', zone: 'Time zone', local: 'Local time', otherZone: 'Other time zone',
    invalid: 'The end must be after the start.', compare: 'Compare with the previous period',
    autoAll: 'There is no data from the last 24 hours, so this page shows all there is.',
  },
  /** `when` is one of the three below */
  sentence: {
    whenLast: (span: string, _unit: SpanUnit, n: number) => `in the last ${n === 1 ? span.replace(/^1 /, '') : span}`, whenAll: 'across all data', whenSpan: (interval: string) => `during ${interval}`,
    quiet: (when: string, count: string, n: number, errors: string, left: string) =>
      `Nothing unusual ${when}. ${requests(n, count)}, ${errors} errors, ${left} left before the answer (499).`,
    plain: (when: string, count: string, n: number, errors: string, left: string) =>
      `${requests(n, count)} ${when}, ${errors} errors, ${left} left before the answer (499).`,
    filtered: 'With these filters: ',
    open: 'Open', moreSpikes: (n: number, text: string) => `${text} more ${plural(n, { one: 'spike', other: 'spikes' })}`,
  },
  tiles: {
    label: 'Key figures', requests: 'Requests', errors: 'Errors', serverErrors: '5xx', clientClosed: '499', originFailures: 'Origin failures', ttfb: 'TTFB p95',
    hints: {
      requests: 'Requests of visitors', errors: 'Share of 4xx, 499 and 5xx in all requests', serverErrors: 'Share of 500 to 599',
      clientClosed: 'Share of requests that the client closed before the answer', originFailures: 'Share of requests that Cloudflare answered with an error because the origin failed',
      ttfb: 'For 95% of requests the first byte left the edge within this time',
    },
    before: (text: string) => `before: ${text}`, up: (text: string) => `up ${text}`, down: (text: string) => `down ${text}`,
    same: 'unchanged', fresh: 'none before', noBefore: 'no earlier data to compare with',
  },
  chart: {
    classes: 'Status classes', sources: 'Who answered', errorRate: 'Error rate', ttfb: 'Time to first byte',
    classesErrors: 'Errors by status class', sourcesErrors: 'Who answered with errors',
    view: 'Show', views: { errors: 'Errors', all: 'All', share: 'Share' },
    viewHints: { errors: '4xx, 499 and 5xx only', all: 'Every request', share: 'Share of all requests' },
    per: (step: string) => `per ${step}`, total: 'Total', time: 'Time', asTable: 'Show as a table', asChart: 'Show as a chart',
    keys: 'Arrow keys move through time, Enter zooms in, Escape goes back. Drag to zoom in, double-click to zoom out.',
    filling: 'still filling', fillingHint: 'Logs arrive a few minutes late: the latest columns may still grow.',
    summary: (title: string, interval: string, total: string, peak: string, at: string) =>
      `${title}, ${interval}. Total ${total}, highest ${peak} at ${at}.`,
    nothing: 'Nothing to show in this range', noErrors: 'No errors in this range', hide: (name: string) => `Only ${name}`,
    p50: 'median', p95: 'p95', noMeasure: 'The export lacks EdgeTimeToFirstByteMs',
    which: 'Chart',
  },
  spikes: {
    title: 'Spikes', none: 'No spikes in this range', unknown: 'Spikes could not be determined just now.', noneHint: 'Nothing ran far above its usual level.', now: 'now',
    open: (text: string) => `Open spike: ${text}`, ongoing: 'ongoing',
    firstOfMany: (shown: string, all: string) => `The ${shown} most severe of ${all}`,
  },
  table: {
    what: 'What was asked and answered', who: 'Who asked and from where', requests: 'Requests', errors: 'Errors', share: 'Share', errorShare: 'Errors',
    change: 'Change', rest: (n: number, values: string, count: string) => `${values} more ${plural(n, { one: 'value', other: 'values' })}, ${count} in total`,
    showMore: 'Show more', showFewer: 'Show fewer', empty: 'No data in this range', absent: '(not in the export)',
    openStatus: (code: string) => `What ${code} means`, fresh: 'new', value: 'Value',
  },
  notes: {
    excluded: (n: number, text: string) => `${requests(n, text)} that no visitor made ${plural(n, { one: 'is', other: 'are' })} left out (Worker sub-requests, Early Hints and the like).`,
    include: 'Include them', included: 'Requests that no visitor made are included.', leaveOut: 'Leave them out',
    stale: (n: number, text: string) => `${text} ${plural(n, { one: 'answer', other: 'answers' })} came from a stale cache: an origin may be failing behind a 200.`,
    showStale: 'Show them',
    undetermined: (share: string) => `For ${share} of the requests nobody can tell who answered: the export lacks OriginResponseStatus.`, showBatches: 'See what each batch lacks',
  },
  empty: {
    title: 'Drop your Cloudflare logs here', lead: 'NDJSON as Logpush writes it, plain, gzip or zstd, any size, several files at once. Your logs stay on your own server.',
    choose: 'Choose files', or: 'or', demo: 'Load simulated data', demoHint: 'A day of realistic traffic with a few incidents. Remove it again any time under Batches.',
    simulating: 'Simulated data', simulatingNow: 'Generating and storing a day of traffic', cli: 'On the command line', cliHint: 'Files, folders or stdin, into the same store; the page follows while they are read.', cliNote: 'In the container, or after npm install -g ., the command is faultline.', logpush: 'Continuously, from Logpush',
    logpushHint: 'Create a job for the HTTP requests dataset with this destination. Cloudflare needs to reach it over HTTPS under a public name.',
    logpushToken: 'Replace TOKEN with the token this service was started with (FAULTLINE_TOKEN).',
    noRange: 'No requests in this range', noRangeLead: (interval: string) => `There is data for ${interval}.`, showAll: 'Show all data',
    noMatch: 'No requests match these filters', noMatchLead: 'Remove a filter or choose a longer range.', clear: 'Clear filters',
    drop: 'Drop to upload', dropHint: 'NDJSON, .gz or .zst, several files or a folder',
    fieldsTitle: 'Fields to export', fieldsHint: 'With these fields every figure on this page is available:',
  },
  upload: {
    title: 'Uploads', progress: (done: string, all: string) => `${done} of ${all}`, speed: (rate: string) => `${rate}/s`, left: (span: string) => `${span} left`,
    waiting: 'Waiting', finishing: 'Sent. Storing the last lines…', cancelled: 'Cancelled. What was already stored stays, and will not be counted twice if you upload the file again.',
    cancel: (name: string) => `Cancel ${name}`, retry: (name: string) => `Try ${name} again`, clear: 'Clear finished', hide: 'Minimise', show: 'Show uploads',
    requests,
    stored: (n: number, text: string) => `${requests(n, text)} stored`,
    duplicates: (n: number, text: string) => `${text} ${plural(n, { one: 'duplicate', other: 'duplicates' })}, not counted again`,
    rejected: (n: number, text: string) => `${lines(n, text)} rejected`,
    missing: (n: number, text: string) => `${text} ${plural(n, { one: 'field', other: 'fields' })} missing`,
    report: 'Report', showSpan: 'Show its time range', lost: 'The connection broke. What was already stored stays; upload the file again to add the rest.',
    active: (n: number, text: string) => `${text} ${plural(n, { one: 'upload', other: 'uploads' })} running`, finished: 'Uploads finished', failed: 'Upload failed.',
    announceDone: (name: string, text: string) => `${name}: ${text}`,
  },
  batches: {
    title: 'Batches', lead: 'What each upload, file or delivery brought, and what became of its lines.',
    received: 'Received', name: 'Name', input: 'Input', state: 'State', lines: 'Lines', stored: 'Stored', duplicates: 'Duplicates', rejected: 'Rejected',
    span: 'Time covered', took: 'Took', bytes: 'Size read', lag: 'Delivery lag', more: 'Older batches',
    inputs: { upload: 'Upload', logpush: 'Logpush', logpull: 'Logpull', file: 'File', stdin: 'Standard input', simulate: 'Simulated', bucket: 'Bucket' } as { [input: string]: string },
    states: { open: 'In progress', complete: 'Complete', aborted: 'Interrupted' },
    batch: (id: string) => `Batch ${id}`, show: 'Show this time range',
    summary: (n: number, all: string, stored: string, duplicates: string, rejected: string) =>
      `${lines(n, all)}: ${stored} stored, ${duplicates} already known, ${rejected} rejected.`,
    rejectedTitle: 'Rejected lines', rejectedShown: (shown: string, all: string) => `The first ${shown} of ${all}`, download: 'Download all rejected lines',
    line: 'Line', reason: 'Reason', sample: 'Beginning of the line', whatToDo: 'What to do', count: 'Lines',
    missingTitle: 'Fields missing from this export', missingLead: 'Without them some questions have no answer. Add them to your Logpush job.', field: 'Field',
    spoils: 'What cannot be told without it', copyFields: 'Copy the full field list', undo: 'Remove batch', undoTitle: 'Remove this batch?',
    undoText: (n: number, text: string) => `${requests(n, text)} stored by this batch will disappear from every figure. You can upload the file again later.`,
    undoDuplicates: 'If a later batch contained some of the same requests, they were not stored twice and will be gone too. Send that batch again to get them back.',
    undoConfirm: (text: string) => `Remove ${text}`, cancel: 'Keep', removing: 'Removing…',
    removed: (n: number, text: string) => `${requests(n, text)} removed.`,
    broughtAgain: (_n: number, text: string) => `${text} of them were also in a later batch. Send that batch again to get them back.`,
    notFound: 'This batch does not exist. It may have been removed.',
  },
  records: {
    title: 'Requests', lead: 'Newest first.', time: 'Time', status: 'Status', source: 'Answered by', request: 'Request', client: 'From', ttfb: 'TTFB', ray: 'Ray ID',
    more: 'Older requests', end: 'No older requests in this range.', find: 'Find a Ray ID', findHint: '16 hex digits', open: (ray: string) => `Request ${ray}`,
  },
  record: {
    title: 'Request', several: (n: number, text: string) => `${text} ${plural(n, { one: 'request carries', other: 'requests carry' })} this Ray ID.`,
    notFound: 'No request with this Ray ID is stored.', notFoundHint: 'Check the 16 hex digits, or upload the logs of that time.',
    groups: { request: 'Request', answer: 'Answer', origin: 'Origin and cache', security: 'Security', visitor: 'Visitor', routing: 'Routing' },
    zero: '0: no answer from the origin', notExported: 'Empty, or not in the export', yes: 'yes', no: 'no: no visitor saw it',
    around: 'This host, two minutes before and after', sameClient: 'Everything from this client', parent: 'The request whose Worker made this one',
    children: 'Requests made by its Worker', weight: (text: string) => `${text} requests (sampled)`, rule: 'Everything this rule stopped', filterBy: (text: string) => `Show all with ${text}`,
  },
  statuses: {
    title: 'Status codes', lead: 'What each status means, who can write it, and its documented causes.', search: 'Search codes, titles and causes', none: 'Nothing found.',
    meaning: 'Meaning', writtenBy: 'Who can write it', causes: 'Documented causes', source: 'Documentation', count: (n: number, text: string) => `${text} ${plural(n, { one: 'code', other: 'codes' })}`,
    inData: (interval: string) => `In your logs, ${interval}`, seeRequests: 'See these requests', notFound: 'This status is not documented.',
    found: (_n: number, text: string) => `${text} found`, noCauses: 'No causes are documented for this status.', absent: 'The catalogue of status codes is not part of this service.',
  },
  spike: {
    title: 'Spike', share: 'Copy link', observed: 'requests', expected: 'expected', score: 'score', against: 'Observed and expected', seen: 'Observed', expectedLine: 'Expected', band: 'Upper bound', detectedLine: 'Detected',
    detected: 'detected', likely: 'Most likely cause', confidence: (text: string) => `confidence ${text}`, documentation: 'Documentation', evidence: 'Evidence',
    check: 'Check first', others: (name: string) => `Other documented causes of ${name}`, changed: 'What changed', changedHint: 'Share during the spike, compared with before', share2: 'In the spike',
    baseline: 'Before', first: 'First requests', showRequests: 'Show its requests', notFound: 'This spike is not known. The data may have changed since the link was created.',
    noEvidence: 'The records do not point to one cause; these are ordered by plausibility.', scope: 'Where',
  },
  shortcuts: {
    title: 'Keyboard shortcuts',
    keys: {
      filter: 'Filter', help: 'This list', back: 'Close or go back', overview: 'Overview', records: 'Requests', batches: 'Batches', statuses: 'Status codes',
      view: 'Errors, all, share', live: 'Pause or resume live updates', earlier: 'Earlier', later: 'Later', zoomOut: 'Zoom out', refresh: 'Refresh', theme: 'Light or dark', upload: 'Upload logs',
    },
    next: 'then', click: 'click', exclude: 'Exclude the row', drag: 'drag on a chart', zoom: 'Zoom in',
  },
  problem: {
    offline: 'The service cannot be reached.', offlineDo: 'Check that it is running. This page tries again by itself.',
    failed: 'The service could not answer.', failedDo: 'Try again. If it keeps failing, check the service’s log.',
    refused: 'The request was refused.', absent: 'This service does not offer this feature.',
    notFound: 'This page does not exist.', toOverview: 'Go to the overview',
  },
  alerts,
  /** the service's own words are English */
  errors: null as ErrorTexts | null,
  announce: {
    figures: (requestsText: string, n: number, errors: string) => `${requests(n, requestsText)}, ${errors} errors.`,
    loading: 'Loading',
  },
}

/** The shape every language must have, to the last key. */
export type Words = typeof en
