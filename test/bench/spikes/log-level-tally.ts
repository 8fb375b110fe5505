import type { Spike } from '../../../schema/api/spikes.js'
import type { Outcome } from './log-level-run.js'
import type { LogScenario } from './log-level-scenario.js'
import {
  isQuietTruth,
  isTellable,
  saidBy,
  scopeExtras,
  scopeFaults,
  speaksOf,
  tellableScope,
  tellsOtherwise,
  wantedOf,
  type Said,
  type Wanted,
} from './log-level-score.js'
import { quantile } from '../../analyze/worlds/score.js'

interface Count {
  right: number
  of: number
}
const count = (): Count => ({ right: 0, of: 0 })

interface Kind {
  found: Count
  cause: Count
  scope: Count
}

export interface LogTally {
  scenarios: number
  /** by who looks: Faultline, then the documented rule with 200 and with 20 requests */
  find: [Count, Count, Count]
  weak: [Count, Count, Count]
  precision: [Count, Count, Count]
  falseOnQuiet: [number, number, number]
  quietDays: number
  delays: number[]
  pieces: number
  found: number
  cause: Count
  /** the export lacks what would tell: the true cause comes first, or among the first three with what lacks said */
  untellable: Count
  scope: Count
  extras: Count
  classLevel: Count
  kinds: Map<string, Kind>
  seconds: { intake: number; spikes: number; slowest: number }
  records: number
  mistakes: string[]
}

export function newLogTally(): LogTally {
  const three = (): [Count, Count, Count] => [count(), count(), count()]
  return {
    scenarios: 0,
    find: three(),
    weak: three(),
    precision: three(),
    falseOnQuiet: [0, 0, 0],
    quietDays: 0,
    delays: [],
    pieces: 0,
    found: 0,
    cause: count(),
    untellable: count(),
    scope: count(),
    extras: count(),
    classLevel: count(),
    kinds: new Map(),
    seconds: { intake: 0, spikes: 0, slowest: 0 },
    records: 0,
    mistakes: [],
  }
}

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
/** Steps known later than this are listed, min. */
const LATE = 2

function note(c: Count, right: boolean): boolean {
  c.of++
  if (right) c.right++
  return right
}

export function tallyLogs(t: LogTally, scenario: LogScenario, outcome: Outcome): void {
  const { truth, report, rules } = outcome
  const from = Date.parse(truth.from)
  t.scenarios++
  t.records += truth.records
  t.seconds.intake += outcome.seconds.intake
  t.seconds.spikes += outcome.seconds.spikes
  t.seconds.slowest = Math.max(t.seconds.slowest, outcome.seconds.spikes)
  if (scenario.quiet) t.quietDays += (Date.parse(truth.to) - from) / DAY
  const wanted = truth.incidents.map((incident) => wantedOf(incident, from))
  const said: Said[][] = [report.spikes.map(saidBy), ...rules]
  said.forEach((spikes, who) => tallyDetection(t, who, spikes, scenario, outcome, wanted))
  truth.incidents.forEach((incident, i) => tallyIncident(t, scenario, outcome, incident, wanted[i]))
}

function tallyDetection(
  t: LogTally,
  who: number,
  spikes: Said[],
  scenario: LogScenario,
  { truth }: Outcome,
  wanted: Wanted[],
): void {
  for (const spike of spikes) {
    if (isQuietTruth(spike, truth.quiet)) continue
    const about = truth.incidents.flatMap((incident, i) => (tells(spike, incident) ? [wanted[i]] : []))
    if (about.length > 0) {
      if (about.some((w) => w !== 'either')) note(t.precision[who], true)
      continue
    }
    note(t.precision[who], false)
    if (scenario.quiet) t.falseOnQuiet[who]++
    if (who === 0)
      t.mistakes.push(`${headOf(scenario)}: WRONG ${textOf(spike, truth.from)}${scenario.quiet ? ' (quiet)' : ''}`)
  }
  truth.incidents.forEach((incident, i) => {
    if (wanted[i] === 'either') return
    const found = spikes.some((spike) => tells(spike, incident))
    note((wanted[i] === 'find' ? t.find : t.weak)[who], found)
  })
}

const tells = (said: Said, incident: Outcome['truth']['incidents'][number]) =>
  speaksOf(said, incident) || tellsOtherwise(said, incident)

function tallyIncident(
  t: LogTally,
  scenario: LogScenario,
  { truth, report }: Outcome,
  incident: Outcome['truth']['incidents'][number],
  wanted: Wanted,
): void {
  const about = report.spikes.filter((spike) => speaksOf(saidBy(spike), incident))
  const head = `${headOf(scenario)}: ${incident.kind}/${wanted} ${clock(Date.parse(incident.start), truth.from)}–${clock(Date.parse(incident.end), truth.from)} +${incident.requests} over ${incident.background} ${JSON.stringify(incident.scope)}`
  const kind = t.kinds.get(incident.kind) ?? { found: count(), cause: count(), scope: count() }
  t.kinds.set(incident.kind, kind)
  const isFound = report.spikes.some((spike) => tells(saidBy(spike), incident))
  if (wanted !== 'either' && !note(kind.found, isFound)) t.mistakes.push(`${head} MISSED`)
  if (about.length === 0) return
  // the spike that others cannot claim: same status first, then the largest
  const mine = [...about].sort((a, b) => rank(b, incident) - rank(a, incident) || b.observed - a.observed)
  const spike = mine[0]
  if (wanted !== 'either') {
    const own = about.filter((s) => bestIncident(s, truth.incidents) === incident)
    t.found++
    t.pieces += Math.max(1, own.length)
    if (own.length > 1) t.mistakes.push(`${head} PIECES ${own.map((s) => textOf(saidBy(s), truth.from)).join(' + ')}`)
    if (wanted === 'find' && scenario.isStep(incident)) {
      const delay = (Math.min(...about.map((s) => Date.parse(s.detectedAt))) - Date.parse(incident.start)) / MINUTE
      t.delays.push(delay)
      if (delay > LATE) t.mistakes.push(`${head} LATE ${delay.toFixed(1)} min`)
    }
  }
  if (incident.cause === null) {
    if (!note(t.classLevel, spike.status === null))
      t.mistakes.push(`${head} CLASS ${about.map((s) => textOf(saidBy(s), truth.from)).join(' + ')}`)
  } else tallyCause(t, kind, head, spike, incident, isTellable(incident, truth))
  const planted = tellableScope(incident, truth)
  const faults = scopeFaults(spike, planted)
  note(t.scope, faults.length === 0)
  if (!note(kind.scope, faults.length === 0))
    t.mistakes.push(
      `${head} SCOPE ${faults.join(', ')}; said ${JSON.stringify(spike.scope)} of ${textOf(saidBy(spike), truth.from)} expected ${spike.expected}`,
    )
  const extras = scopeExtras(spike, planted)
  if (!note(t.extras, extras.length === 0))
    t.mistakes.push(`${head} BEYOND ${extras.map((e) => e.join(' ')).join(', ')}`)
}

function tallyCause(
  t: LogTally,
  kind: Kind,
  head: string,
  spike: Spike,
  incident: { cause: string | null },
  tellable: boolean,
): void {
  const list = spike.causes
    .slice(0, 3)
    .map((cause) => `${cause.id} ${cause.confidence}`)
    .join(', ')
  if (tellable) {
    note(t.cause, spike.causes[0]?.id === incident.cause)
    if (!note(kind.cause, spike.causes[0]?.id === incident.cause)) t.mistakes.push(`${head} CAUSE ${list}`)
    return
  }
  const place = spike.causes.findIndex(({ id }) => id === incident.cause)
  const says = spike.causes.some((cause) =>
    cause.evidence.some(({ text }) => text.includes('lacks') || text.includes('too few of them')),
  )
  if (!note(t.untellable, place === 0 || (place > 0 && place < 3 && says)))
    t.mistakes.push(`${head} UNTELLABLE ${list}${says ? '' : ', without saying what lacks'}`)
}

const rank = (spike: Spike, incident: { status: number | null }) => (spike.status === incident.status ? 1 : 0)

function bestIncident(spike: Spike, incidents: Outcome['truth']['incidents']) {
  const said = saidBy(spike)
  const shared = (i: (typeof incidents)[number]) =>
    Math.min(said.end, Date.parse(i.end)) - Math.max(said.start, Date.parse(i.start))
  return incidents
    .filter((i) => speaksOf(said, i))
    .sort((a, b) => rank(spike, b) - rank(spike, a) || shared(b) - shared(a))[0]
}

const headOf = (scenario: LogScenario) => `--seed ${scenario.seed} (${scenario.name})`

function clock(at: number, from: string): string {
  const minute = Math.round((at - Date.parse(from)) / MINUTE)
  return `+${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}`
}

function textOf(said: Said, from: string): string {
  return `${said.status ?? said.statusClass} ${said.host ?? ''} ${clock(said.start, from)}–${clock(said.end, from)} known ${clock(said.detectedAt, from)}`
}

const part = ({ right, of }: Count) => (of === 0 ? '–' : `${(right / of).toFixed(3)}  (${right}/${of})`)

export function printLogTally(t: LogTally, name: string): void {
  const columns = ['faultline', 'z > 3.5, > 200 requests', 'z > 3.5, > 20 requests']
  console.log(t.mistakes.join('\n'))
  console.log(
    `\nlog lines: ${name}, ${t.scenarios} sites, ${t.records.toLocaleString('en')} records taken in within ${t.seconds.intake.toFixed(0)} s, spikes found and explained in ${t.seconds.spikes.toFixed(1)} s (slowest ${t.seconds.slowest.toFixed(1)} s)`,
  )
  const row = (values: (string | number)[]) => Object.fromEntries(columns.map((column, i) => [column, values[i] ?? '']))
  console.table({
    'recall': row(t.find.map(part)),
    'recall, weak': row(t.weak.map(part)),
    'precision': row(t.precision.map(part)),
    [`false alarms per quiet day (${t.quietDays.toFixed(1)} days)`]: row(
      t.falseOnQuiet.map((n) => (t.quietDays === 0 ? '–' : (n / t.quietDays).toFixed(2))),
    ),
    'median delay of steps (min)': row([quantile(t.delays, 0.5).toFixed(1)]),
    '90 % delay': row([quantile(t.delays, 0.9).toFixed(1)]),
    'pieces per incident': row([(t.pieces / t.found).toFixed(2)]),
    'right first cause': row([part(t.cause)]),
    'export lacks what tells: listed and said': row([part(t.untellable)]),
    'right scope': row([part(t.scope)]),
    'nothing beyond the planted scope': row([part(t.extras)]),
    'mixed 5xx told as a class': row([part(t.classLevel)]),
  })
  console.table(
    Object.fromEntries(
      [...t.kinds]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([kind, k]) => [kind, { 'found': part(k.found), 'first cause': part(k.cause), 'scope': part(k.scope) }]),
    ),
  )
}
