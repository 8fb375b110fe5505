/** What every form of the report says alike: its title, its sentence, its figures. */
import type { StandaloneReport } from '../../schema/api/standalone-report.js'
import { ERROR_CLASSES } from '../../schema/status/status-class.js'
import type { Language } from '../../schema/words/languages.js'
import { readablePath } from '../../schema/words/visible.js'
import type { Figures } from '../page/figures.js'
import type { ReportWords } from './words.js'

export interface Told {
  report: StandaloneReport
  words: ReportWords
  f: Figures
  lang: Language
}

const MOST_NAMED = 3

/** What it is about: the sites by name, if they are few. */
export function titleOf({ report, words }: Told): string {
  const hosts = report.breakdowns.find(({ dimension, of }) => dimension === 'host' && of === 'requests')
  const names = (hosts?.rows ?? []).filter(({ key }) => key !== '').map(({ key }) => key)
  if (names.length === 0) return words.title
  const more = (hosts?.values ?? 0) > MOST_NAMED ? ' …' : ''
  return `${words.title}${words.colon}${names.slice(0, MOST_NAMED).join(', ')}${more}`
}

/** The sentence before everything else. */
export function headlineOf({ report, words }: Told): string {
  const [first, ...others] = report.spikes.spikes
  if (report.from === null) return words.nothing
  if (first === undefined) return words.calm
  return others.length === 0 ? first.summary : `${first.summary} ${words.more(others.length)}`
}

/** A value as people read it: a rule by its description, a status with its title, a path decoded. */
export function valueIn(report: StandaloneReport, dimension: string, value: string): string {
  if (dimension === 'path') return readablePath(value)
  const known = report.breakdowns.filter((one) => one.dimension === dimension).flatMap(({ rows }) => rows)
  return known.find(({ key }) => key === value)?.label ?? value
}

/** The head figures, name and value. */
export function tilesOf({ report, words, f }: Told): [string, string][] {
  const { summary, clients } = report
  const ofClass = (name: string) => summary.byClass[name] ?? 0
  const errors = ERROR_CLASSES.reduce((sum, name) => sum + ofClass(name), 0)
  const share = (n: number) => (summary.requests === 0 ? '–' : `${f.number(n)} (${f.share(n / summary.requests)})`)
  const ms = (n: number | null) => (n === null ? words.unknown : `${f.number(n)} ms`)
  return [
    [words.requests, f.number(summary.requests)],
    [words.errors, share(errors)],
    ...ERROR_CLASSES.map((name): [string, string] => [name, share(ofClass(name))]),
    [words.clients, clients === null ? words.unknown : f.number(clients)],
    [words.speed('p50'), ms(summary.timeToFirstByteMs.p50)],
    [words.speed('p95'), ms(summary.timeToFirstByteMs.p95)],
  ]
}
