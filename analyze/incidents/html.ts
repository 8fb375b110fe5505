/** A frozen incident as one page that needs nothing else: no script, no address but links, light and dark, for paper too. */
import type { IncidentJson } from '../../schema/api/incidents.js'
import type { Language } from '../../schema/words/languages.js'
import { timelineOf } from '../../schema/api/timeline.js'
import { chartFigure } from '../page/chart.js'
import { figuresFor } from '../page/figures.js'
import { escape, link, list, pageHtml, section, table, tableAside } from '../page/html.js'
import { restOf, titleIn } from './title.js'
import { valuesIn } from './values.js'
import { WORDS } from './words.js'

export function incidentHtml(incident: IncidentJson, lang: Language): string {
  const words = WORDS[lang]
  const f = figuresFor(words)
  const { from, to, author, createdAt, frozen } = incident
  const title = titleIn(incident, lang)
  const { selection, explained, figures, charts, breakdowns, alerts, annotations, records } = frozen
  const spike = explained?.[lang] ?? null
  const nameOf = (dimension: string) => escape(words.dimensions[dimension] ?? dimension)
  const valueOf = valuesIn(incident, lang)
  const shown = (dimension: string, value: string) => escape(valueOf(dimension, value))
  const range = { from: Date.parse(from), to: Date.parse(to) }

  const figure = (chart: typeof charts.classes, by: string, caption: string) =>
    chartFigure(chart, by, { caption, nameOf: (key) => valueOf(by, key), number: f.number, within: f.within }, [range])

  const pairs: [string, string][] = [
    ...Object.entries(selection.filters).map(([name, values]): [string, string] => [
      nameOf(name),
      values.map((value) => shown(name, value)).join(', '),
    ]),
    [words.requests, `${f.number(figures.requests)} (${f.share(figures.share)} ${words.ofAll})`],
    [words.clients, figures.clients === null ? words.unknown : f.number(figures.clients)],
  ]
  const causes = (spike?.causes ?? [])
    .filter(({ confidence }) => confidence > 0)
    .map(
      (cause) =>
        `<section class="whole"><h3>${escape(cause.title)} <span class="faint">${f.share(cause.confidence)}</span></h3><p>${escape(cause.explanation)}</p>` +
        list(cause.evidence.map(({ text }) => escape(text))) +
        `<p class="faint">${words.check}</p><ol>${cause.check.map((step) => `<li>${escape(step)}</li>`).join('')}</ol>` +
        `<p>${link(cause.url)}</p></section>`,
    )
  const changed = (spike?.changed ?? []).map((one) => [
    `${nameOf(one.dimension)} <b>${shown(one.dimension, one.value)}</b>`,
    f.share(one.share),
    f.share(one.baselineShare),
  ])
  const tables = breakdowns.map(({ dimension, rows, other }) =>
    tableAside(
      [nameOf(dimension), words.requests, words.share],
      [
        ...rows.map((row) => [
          row.key === '' ? '–' : shown(dimension, row.key),
          f.number(row.count),
          f.share(row.share),
        ]),
        ...(other > 0 ? [[`<span class="faint">${words.other}</span>`, f.number(other), '']] : []),
      ],
      rows.map((row) => valueOf(dimension, row.key)),
    ),
  )
  const told = alerts.map((alert) => {
    const by = alert.acknowledged
    const who = by
      ? words.acknowledged(by.by, f.time(by.at)) + (by.note === '' ? '' : ` (${by.note})`)
      : words.notAcknowledged
    const end = alert.resolvedAt === null ? words.firing : f.time(alert.resolvedAt)
    return `${f.time(alert.firedAt)} – ${end}${words.colon}<b>${escape(alert.name)}</b>, ${escape(who)}`
  })
  const written = annotations.map((one) => {
    const when = one.at === null ? `${f.time(one.from as string)} – ${f.time(one.to as string)}` : f.time(one.at)
    const address = one.url === null ? '' : ` ${link(one.url)}`
    return `${when}${words.colon}${escape(one.text)}${one.author === null ? '' : ` <span class="faint">${escape(one.author)}</span>`}${address}`
  })
  const events = timelineOf(incident).map((event) => {
    const address = event.url === null ? '' : ` ${link(event.url)}`
    const note = event.note === '' ? '' : ` <span class="faint">${escape(event.note)}</span>`
    const said = escape(words.events[event.kind](event.text, event.who ?? ''))
    return `<dt><time datetime="${event.at}">${f.time(event.at)}</time></dt><dd>${said}${note}${address}</dd>`
  })
  const first = records.map((one) => [
    f.clock(one.time),
    escape(one.rayId ?? '–'),
    String(one.edgeResponseStatus),
    shown('source', one.source),
    escape(one.host ?? '–'),
    escape(`${one.method ?? ''} ${one.path === null ? '–' : valueOf('path', one.path)}`.trim()),
  ])
  const d = words.dimensions
  const body = [
    `<h1>${escape(title)}</h1><p class="faint">${f.time(from)} – ${f.time(to)} UTC. ${escape(words.frozen(f.time(createdAt), author))}</p>`,
    `<p class="summary">${spike === null ? words.calm : escape(restOf(spike.summary, title))}</p>`,
    section(words.selection, `<dl>${pairs.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join('')}</dl>`),
    section(words.timeline, `<dl>${events.join('')}</dl>`),
    section(
      words.overTime,
      figure(charts.selection, 'status', words.chosen) + figure(charts.classes, 'class', words.everybody),
    ),
    causes.length === 0 ? '' : `<h2>${words.causes}</h2>${causes.join('')}`,
    changed.length === 0 ? '' : section(words.changed, table([words.value, words.during, words.before], changed)),
    section(words.who, `<div class="tables">${tables.join('')}</div>`),
    section(words.alerts, list(told, words.none)),
    section(words.annotations, list(written, words.none)),
    section(
      words.records,
      `<div class="wide">${table([words.time, 'Ray ID', d.status, d.source, d.host, d.path], first, 6)}</div>`,
    ),
  ]
  return pageHtml({ title, lang, body })
}
