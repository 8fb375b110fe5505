import type { Spike } from '../../../../schema/api/spikes.js'
import { quantile } from '../../../analyze/worlds/score.js'
import type { Corpus, Label, Labels } from './corpus.js'

/** What is said of a corpus against what is true of it, family by family. */
export interface FamilyTally {
  corpora: number
  days: number
  found: number
  of: number
  right: number
  wrong: number
  delays: number[]
  exact: number
  pieces: number
  scope: number
  scoped: number
  named: number
  clients: number
  cause: number
  caused: number
  seconds: number
  mistakes: string[]
}

export const newFamilyTally = (): FamilyTally => ({
  corpora: 0,
  days: 0,
  found: 0,
  of: 0,
  right: 0,
  wrong: 0,
  delays: [],
  exact: 0,
  pieces: 0,
  scope: 0,
  scoped: 0,
  named: 0,
  clients: 0,
  cause: 0,
  caused: 0,
  seconds: 0,
  mistakes: [],
})

const MINUTE = 60_000
const DAY = 1440 * MINUTE
/** A spike may begin before its incident, and an incident's last errors come after it, by this much. */
const SLACK = 5 * MINUTE

/** Spikes as any version tells them: what came later is optional. */
type Told = Spike & { severity?: string; client?: { address: string } | null }

export function tallyFamily(
  t: FamilyTally,
  corpus: Corpus,
  labels: Labels,
  spikes: readonly Told[],
  span: { from: number; to: number },
  seconds: number,
): void {
  const { incidents } = labels
  t.corpora++
  t.days += (span.to - span.from) / DAY
  t.seconds += seconds
  const once = new Map<Label, Told[]>()
  for (const spike of spikes) {
    const about = aboutOf(spike, incidents)
    if (about.some((label) => label.told === 'find')) t.right++
    else if (about.some((label) => label.told === 'either')) continue
    else {
      const pattern = about.find((label) => label.told === 'once')
      if (pattern && (once.get(pattern)?.length ?? 0) === 0) {
        once.set(pattern, [spike])
        t.right++
      } else if (!about.some((label) => label.told === 'note') || (spike.severity ?? 'page') === 'page') {
        t.wrong++
        t.mistakes.push(`${corpus.name}: WRONG ${text(spike, span.from)}`)
      }
    }
  }
  for (const label of incidents) {
    if (label.told === 'once') {
      t.of++
      if (once.has(label)) t.found++
      else t.mistakes.push(`${corpus.name}: NEVER TOLD ${labelText(label, span.from)}`)
    }
    if (label.told !== 'find') continue
    t.of++
    const mine = spikes.filter((spike) => aboutOf(spike, incidents).includes(label))
    if (mine.length === 0) {
      t.mistakes.push(`${corpus.name}: MISSED ${labelText(label, span.from)}`)
      continue
    }
    t.found++
    score(t, corpus, label, mine, incidents, span)
  }
}

function score(
  t: FamilyTally,
  corpus: Corpus,
  label: Label,
  mine: readonly Told[],
  labels: readonly Label[],
  span: { from: number },
): void {
  const [start, end] = [Date.parse(label.start), Date.parse(label.end)]
  const say = (what: string) =>
    t.mistakes.push(
      `${corpus.name}: ${what} ${labelText(label, span.from)} by ${mine.map((s) => text(s, span.from)).join(' + ')}`,
    )
  const first = Math.min(...mine.map((spike) => Date.parse(spike.detectedAt)))
  const delay = Math.max(0, first - Date.parse(label.delayFrom ?? label.start)) / MINUTE
  t.delays.push(delay)
  // a spike that another label owns is no piece of this one
  const own = mine.filter((spike) => best(spike, labels) === label)
  const pieces = Math.max(1, own.length)
  t.pieces += pieces
  if (pieces > 1) say('PIECES')
  const nearest = [...mine].sort((a, b) => off(a, start, end) - off(b, start, end))[0]
  if (off(nearest, start, end) <= SLACK) t.exact++
  else say('INTERVAL')
  const scope = Object.entries(label.scope ?? {})
  t.scoped++
  const right = mine.some(
    (spike) =>
      scope.every(([name, value]) => spike.scope[name] === value) &&
      (label.status === undefined || label.status === null || spike.status === label.status),
  )
  if (right) t.scope++
  else say(`SCOPE ${JSON.stringify(mine.map((s) => [s.status, s.source, s.scope]))} of`)
  if (label.client !== undefined) {
    t.clients++
    const named = mine.some((spike) => spike.client?.address === label.client && spike.severity !== 'page')
    if (named) t.named++
    else say('UNNAMED')
  }
  if (label.cause !== undefined) {
    t.caused++
    if (nearest.causes[0]?.id === label.cause) t.cause++
    else say(`CAUSE ${nearest.causes[0]?.id ?? 'none'}`)
  }
  if (delay > 20) say(`LATE ${delay.toFixed(0)} min`)
}

const off = (spike: Told, start: number, end: number) =>
  Math.max(Math.abs(Date.parse(spike.start) - start), Math.abs(Date.parse(spike.end) - end))

/** What a spike is about. One that names the client of a label has told of that client, and of nobody else who had trouble meanwhile. */
function aboutOf(spike: Told, incidents: readonly Label[]): Label[] {
  const about = incidents.filter((label) => speaks(spike, label))
  const own = about.filter(({ client }) => client !== undefined && client === spike.client?.address)
  return own.length > 0 ? own : about
}

function speaks(spike: Told, label: Label): boolean {
  // One client's incident holds all of its codes.
  const ofClient = label.client !== undefined && spike.client?.address === label.client
  if ((spike.kind === 'slow' ? 'slow' : spike.statusClass) !== label.statusClass && !ofClient) return false
  const status =
    ofClient ||
    spike.status === null ||
    label.status === undefined ||
    label.status === null ||
    spike.status === label.status
  const host =
    spike.scope.host === undefined || label.scope?.host === undefined || spike.scope.host === label.scope.host
  return (
    status &&
    host &&
    Date.parse(spike.start) < Date.parse(label.end) + SLACK &&
    Date.parse(label.start) - SLACK < Date.parse(spike.end)
  )
}

function best(spike: Told, labels: readonly Label[]): Label | undefined {
  const shared = (label: Label) =>
    Math.min(Date.parse(spike.end), Date.parse(label.end)) - Math.max(Date.parse(spike.start), Date.parse(label.start))
  const fits = (label: Label) =>
    Object.entries(label.scope ?? {}).filter(([name, value]) => spike.scope[name] === value).length
  return aboutOf(spike, labels)
    .filter((label) => label.told !== 'note')
    .sort((a, b) => fits(b) - fits(a) || shared(b) - shared(a))[0]
}

const clock = (time: number, from: number) => {
  const minute = Math.round((time - from) / MINUTE)
  return `d${Math.floor(minute / 1440)} ${String(Math.floor((minute % 1440) / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}
const text = (s: Told, from: number) =>
  `[${s.severity ?? ''} ${s.kind === 'slow' ? 'slow' : (s.status ?? s.statusClass)}/${s.source ?? ''} ${clock(Date.parse(s.start), from)}–${clock(Date.parse(s.end), from)} known ${clock(Date.parse(s.detectedAt), from)} ${s.observed}/${s.expected} ${JSON.stringify(s.scope)}${s.client ? ` ${s.client.address}` : ''}]`
const labelText = (l: Label, from: number) =>
  `(${l.told} ${l.status ?? l.statusClass} ${clock(Date.parse(l.start), from)}–${clock(Date.parse(l.end), from)} ${JSON.stringify(l.scope ?? {})})`

/** The figures of a family, ready to print. */
export function familyRow(t: FamilyTally): { [figure: string]: string } {
  const part = (right: number, of: number) => (of === 0 ? '–' : `${(right / of).toFixed(2)} (${right}/${of})`)
  return {
    'recall': part(t.found, t.of),
    'precision': part(t.right, t.right + t.wrong),
    'false a day': (t.wrong / t.days).toFixed(2),
    'delay, 90 %':
      t.delays.length === 0 ? '–' : `${quantile(t.delays, 0.5).toFixed(0)}, ${quantile(t.delays, 0.9).toFixed(0)}`,
    '± 5 min': part(t.exact, t.delays.length),
    'pieces': t.delays.length === 0 ? '–' : (t.pieces / t.delays.length).toFixed(2),
    'scope': part(t.scope, t.scoped),
    'named': part(t.named, t.clients),
    's': t.seconds.toFixed(1),
  }
}
