/** The report as one page that needs nothing else. */
import type { StandaloneReport } from '../../schema/api/standalone-report.js'
import { classNames } from '../../schema/status/status-class.js'
import { dimensionLabels, type Dimension } from '../../schema/words/dimensions.js'
import { SPEECH, type Language } from '../../schema/words/languages.js'
import { REJECTION_NAMES } from '../../schema/words/rejections.js'
import { SOURCE_NAMES, type Source } from '../../schema/words/sources.js'
import { chartFigure, type Chart } from '../page/chart.js'
import { figuresFor } from '../page/figures.js'
import { escape, link, list, pageHtml, section, table, tableAside } from '../page/html.js'
import { headlineOf, tilesOf, titleOf, valueIn, type Told } from './told.js'
import { WORDS } from './words.js'

/** Rejected lines shown. */
const SHOWN_REJECTIONS = 20

export function reportHtml(report: StandaloneReport, lang: Language): string {
  const words = WORDS[lang]
  const told: Told = { report, words, f: figuresFor(SPEECH[lang]), lang }
  const { f } = told
  const { from, to, createdAt, taken } = report
  return pageHtml({
    title: titleOf(told),
    lang,
    body: [
      `<h1>${escape(titleOf(told))}</h1>`,
      `<p class="faint">${from === null ? '' : `${f.interval(from, to as string)} UTC<br>`}${escape(words.made(f.time(createdAt), taken.inputs.join(', ')))}</p>`,
      `<p class="summary">${escape(headlineOf(told))}</p>`,
      `<div class="tiles">${tilesOf(told)
        .map(([name, value]) => `<div><span class="faint">${escape(name)}</span><b>${escape(value)}</b></div>`)
        .join('')}</div>`,
      ...(from === null
        ? []
        : [section(words.overTime, charts(told)), section(words.spikes, spikes(told)), ...tables(told)]),
      section(words.missing, missing(told)),
      section(words.read, read(told)),
    ],
  })
}

function charts({ report, words, f, lang }: Told): string {
  const ranges = report.spikes.spikes.map(({ start, end }) => ({ from: Date.parse(start), to: Date.parse(end) }))
  const classes = classNames(lang)
  const nameOfClass = (key: string) =>
    key === 'other' ? classes.other : `${key} ${classes[key as keyof typeof classes] ?? ''}`.trim()
  const nameOfSource = (key: string) => SOURCE_NAMES[key as Source]?.[lang] ?? key
  const figure = (chart: Chart, by: string, caption: string, nameOf: (key: string) => string, errors: boolean) =>
    chartFigure(chart, by, { caption, nameOf, number: f.number, within: f.within }, ranges, errors)
  const { errorClasses, errorSources, classes: all, sources } = report.charts
  return [
    figure(errorClasses, 'class', words.errorsByClass, nameOfClass, true),
    figure(errorSources, 'source', words.errorsBySource, nameOfSource, true),
    figure(all, 'class', words.byClass, nameOfClass, false),
    figure(sources, 'source', words.bySource, nameOfSource, false),
  ].join('')
}

function spikes({ report, words, f, lang }: Told): string {
  const { spikes: found, notice } = report.spikes
  const said = notice ? `<p class="faint">${escape(notice)}</p>` : ''
  const names = dimensionLabels(lang)
  const nameOf = (dimension: string) => names[dimension as Dimension]?.one ?? dimension
  if (found.length === 0) return `${said}<p>${words.noSpikes}</p>`
  const one = (spike: (typeof found)[number]) => {
    const [first, ...others] = spike.causes.filter(({ confidence }) => confidence > 0)
    const figures = [
      `${f.interval(spike.start, spike.end)} UTC`,
      `${f.number(spike.observed)} (${words.expected(f.number(spike.expected))})`,
      ...(spike.severity ? [`${words.severity[spike.severity]}${words.colon}${spike.severityReason ?? ''}`] : []),
    ]
    const cause =
      first === undefined
        ? ''
        : `<h4>${escape(first.title)} <span class="faint">${f.share(first.confidence)}</span></h4><p>${escape(first.explanation)}</p>` +
          list(first.evidence.map(({ text }) => escape(text))) +
          `<p class="faint">${words.check}</p>${list(first.check.map(escape), '', 'ol')}<p>${link(first.url)}</p>`
    const rest =
      others.length === 0
        ? ''
        : `<p class="faint">${words.otherCauses}</p>${list(others.map((other) => `${escape(other.title)} (${f.share(other.confidence)}) ${link(other.url)}`))}`
    const changed =
      spike.changed.length === 0
        ? ''
        : `<p class="faint">${words.changed}</p>${table(
            [words.value, words.during, words.before],
            spike.changed.map(({ dimension, value, share, baselineShare }) => [
              `<span class="faint">${escape(nameOf(dimension))}</span> ${escape(valueIn(report, dimension, value))}`,
              f.share(share),
              f.share(baselineShare),
            ]),
          )}`
    return `<div class="spike"><h3>${escape(spike.summary)}</h3><p class="faint">${escape(figures.join(' · '))}</p>${cause}${changed}${rest}</div>`
  }
  return said + found.map(one).join('')
}

function tables({ report, words, f, lang }: Told): string[] {
  const names = dimensionLabels(lang)
  const tableOf = ({ dimension, rows, other, of }: (typeof report.breakdowns)[number]) =>
    tableAside(
      [names[dimension as Dimension]?.one ?? dimension, of === 'errors' ? words.errors : words.requests, words.share],
      [
        ...rows.map(({ key, count, share }) => [
          key === '' ? `<span class="faint">${words.none}</span>` : escape(valueIn(report, dimension, key)),
          f.number(count),
          f.share(share),
        ]),
        ...(other > 0 ? [[`<span class="faint">${words.other}</span>`, f.number(other), '']] : []),
      ],
      rows.map(({ key }) => valueIn(report, dimension, key)),
    )
  const group = (of: 'errors' | 'requests') =>
    report.breakdowns
      .filter((one) => one.of === of && one.total > 0)
      .map(tableOf)
      .join('')
  const inTables = (content: string) => (content === '' ? '' : `<div class="tables">${content}</div>`)
  const latency =
    report.latency.length === 0
      ? ''
      : table(
          [words.host, words.requests, 'p50', 'p95'],
          report.latency.map(({ key, requests, p50, p95 }) => [
            escape(key),
            f.number(requests),
            p50 === null ? '–' : f.number(p50),
            p95 === null ? '–' : f.number(p95),
          ]),
        )
  return [
    section(words.whereErrors, inTables(group('errors'))),
    section(words.whereAll, inTables(group('requests'))),
    section(words.latency, latency),
  ]
}

function missing({ report, words }: Told): string {
  const { missingFields } = report.taken
  return list(
    missingFields.map(({ field, spoils }) => `<b>${escape(field)}</b>${words.colon}${escape(spoils)}`),
    words.missingNone,
  )
}

function read({ report, words, f, lang }: Told): string {
  const { taken, summary } = report
  const pairs: [string, string][] = [
    [words.lines, f.number(taken.lines)],
    [words.stored, f.number(taken.stored)],
    [words.duplicates, f.number(taken.duplicates)],
    [words.rejected, f.number(taken.rejected)],
    ...(taken.via.length === 0 ? [] : [[words.via, taken.via.join(', ')] as [string, string]]),
  ]
  const notes = [
    ...(taken.weighted ? [words.weighted] : []),
    ...(summary.excluded > 0 ? [words.phantoms(f.number(summary.excluded))] : []),
    ...((summary.staleAnswers ?? 0) > 0 ? [words.stale(f.number(summary.staleAnswers ?? 0))] : []),
    ...taken.leftOut.map(({ name, why }) => `${words.leftOut}${words.colon}${name} (${words.why[why]})`),
    ...taken.refused.map(({ input, message }) => `${words.refused}${words.colon}${input}${words.colon}${message}`),
  ]
  const rejected =
    taken.rejections.length === 0
      ? ''
      : `<h3>${words.rejections}</h3><div class="wide">${table(
          [words.line, words.reason, words.sample],
          taken.rejections
            .slice(0, SHOWN_REJECTIONS)
            .map(({ input, line, reason, sample }) => [
              escape(`${input}:${line}`),
              escape(REJECTION_NAMES[reason][lang]),
              `<code>${escape(sample.slice(0, 120))}</code>`,
            ]),
          3,
        )}</div>`
  return `<dl>${pairs.map(([name, value]) => `<dt>${escape(name)}</dt><dd>${escape(value)}</dd>`).join('')}</dl>${list(notes.map(escape))}${rejected}`
}
