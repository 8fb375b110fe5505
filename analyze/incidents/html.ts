/** A frozen incident as one page that needs nothing else: no script, no address but links, light and dark, for paper too. */
import type { IncidentJson } from '../../schema/api/incidents.js'
import { SPEECH, type Language } from '../../schema/words/languages.js'
import { colourOf, keysOf, stackedBars } from './chart.js'
import { figuresFor, harmless } from './figures.js'
import { WORDS } from './words.js'

const ENTITIES: { [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escape = (text: string) => harmless(text).replaceAll(/[&<>"']/g, (c) => ENTITIES[c])

const STYLE = `
:root { color-scheme: light dark; --text: #1d2330; --faint: #5b6577; --ground: #fff; --line: #d9dee7; --shade: #e9eef7;
  --c0: #2f6fde; --c1: #d9534f; --c2: #e0a030; --c3: #7a5bd0; --c4: #2b9a8b; --c5: #8a93a3 }
@media (prefers-color-scheme: dark) { :root { --text: #e6e9ef; --faint: #9aa4b5; --ground: #14171d; --line: #2c333f; --shade: #202938;
  --c0: #6ea0ff; --c1: #ff8a84; --c2: #f0c060; --c3: #ad95ff; --c4: #5fcdbd; --c5: #8a93a3 } }
@media print { :root { color-scheme: light; --text: #000; --faint: #444; --ground: #fff; --line: #bbb; --shade: #eee } a { color: inherit }
  section { break-inside: avoid } body { padding: 0 } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 62rem; padding: 2rem 1.25rem; background: var(--ground); color: var(--text);
  font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem } h3 { font-size: 1rem; margin: 1.25rem 0 .25rem }
.faint { color: var(--faint) } .summary { font-size: 1.05rem }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; font-variant-numeric: tabular-nums }
th, td { border-bottom: 1px solid var(--line); padding: .25rem .5rem; text-align: left; vertical-align: top } th { color: var(--faint); font-weight: 500 }
.n { text-align: right; white-space: nowrap } .tables { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: 0 2rem }
svg { display: block; width: 100%; height: 140px; border-bottom: 1px solid var(--line) } .range { fill: var(--shade) }
.c0 { fill: var(--c0) } .c1 { fill: var(--c1) } .c2 { fill: var(--c2) } .c3 { fill: var(--c3) } .c4 { fill: var(--c4) } .c5 { fill: var(--c5) }
.key { display: inline-block; margin-right: 1rem } .key svg { display: inline-block; width: .75em; height: .75em; border: 0; margin-right: .35em }
figure { margin: 0 0 1.25rem } figcaption { color: var(--faint); margin-bottom: .25rem } dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 0 } dt { color: var(--faint) } dd { margin: 0 }
`

export function incidentHtml(incident: IncidentJson, lang: Language): string {
  const words = WORDS[lang]
  const f = figuresFor(words)
  const { title, from, to, author, createdAt, frozen } = incident
  const { selection, explained, figures, charts, breakdowns, alerts, annotations, records } = frozen
  const spike = explained?.[lang] ?? null
  const nameOf = (dimension: string) => escape(words.dimensions[dimension] ?? dimension)
  const range = { from: Date.parse(from), to: Date.parse(to) }

  const figure = (chart: typeof charts.classes, caption: string) =>
    `<figure><figcaption>${caption}</figcaption>${stackedBars(chart, range, caption)}<div>${keysOf(chart)
      .map(
        (key, i) =>
          `<span class="key"><svg viewBox="0 0 1 1"><rect class="${colourOf(i)}" width="1" height="1"/></svg>${escape(key)}</span>`,
      )
      .join('')}</div></figure>`

  const pairs: [string, string][] = [
    ...Object.entries(selection.filters).map(([name, values]): [string, string] => [
      nameOf(name),
      values.map(escape).join(', '),
    ]),
    [words.requests, `${f.number(figures.requests)} (${f.share(figures.share)} ${words.ofAll})`],
    [words.clients, figures.clients === null ? words.unknown : f.number(figures.clients)],
  ]
  const causes = (spike?.causes ?? [])
    .filter(({ confidence }) => confidence > 0)
    .map(
      (cause) =>
        `<section><h3>${escape(cause.title)} <span class="faint">${f.share(cause.confidence)}</span></h3><p>${escape(cause.explanation)}</p>` +
        list(cause.evidence.map(({ text }) => escape(text))) +
        `<p class="faint">${words.check}</p><ol>${cause.check.map((step) => `<li>${escape(step)}</li>`).join('')}</ol>` +
        `<p><a href="${escape(cause.url)}" rel="noreferrer">${escape(cause.url)}</a></p></section>`,
    )
  const changed = (spike?.changed ?? []).map((one) => [
    `${nameOf(one.dimension)} <b>${escape(one.value)}</b>`,
    f.share(one.share),
    f.share(one.baselineShare),
  ])
  const tables = breakdowns.map(({ dimension, rows, other }) =>
    table(
      [nameOf(dimension), words.requests, words.share],
      [
        ...rows.map((row) => [escape(row.key || '–'), f.number(row.count), f.share(row.share)]),
        ...(other > 0 ? [[`<span class="faint">${words.other}</span>`, f.number(other), '']] : []),
      ],
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
    const link = one.url === null ? '' : ` <a href="${escape(one.url)}" rel="noreferrer">${escape(one.url)}</a>`
    return `${when}${words.colon}${escape(one.text)}${one.author === null ? '' : ` <span class="faint">${escape(one.author)}</span>`}${link}`
  })
  const first = records.map((one) => [
    f.clock(one.time),
    escape(one.rayId ?? '–'),
    String(one.edgeResponseStatus),
    escape(one.source),
    escape(one.host ?? '–'),
    escape(`${one.method ?? ''} ${one.path ?? '–'}`.trim()),
  ])
  const d = words.dimensions
  const body = [
    `<h1>${escape(title)}</h1><p class="faint">${f.time(from)} – ${f.time(to)} UTC. ${escape(words.frozen(f.time(createdAt), author))}</p>`,
    `<p class="summary">${spike === null ? words.calm : escape(spike.summary)}</p>`,
    section(words.selection, `<dl>${pairs.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join('')}</dl>`),
    section(words.overTime, figure(charts.selection, words.chosen) + figure(charts.classes, words.everybody)),
    causes.length === 0 ? '' : `<h2>${words.causes}</h2>${causes.join('')}`,
    changed.length === 0 ? '' : section(words.changed, table([words.value, words.during, words.before], changed)),
    section(words.who, `<div class="tables">${tables.join('')}</div>`),
    section(words.alerts, list(told, words.none)),
    section(words.annotations, list(written, words.none)),
    section(words.records, wide([words.time, 'Ray ID', d.status, d.source, d.host, d.path], first)),
  ]
  return `<!doctype html>
<html lang="${SPEECH[lang].page}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>${escape(title)}</title>
<style>${STYLE}</style></head><body>
${body.filter((part) => part !== '').join('\n')}
</body></html>
`
}

const section = (title: string, content: string) => `<section><h2>${title}</h2>${content}</section>`
const list = (items: string[], none = '') =>
  items.length === 0
    ? none === ''
      ? ''
      : `<p class="faint">${none}</p>`
    : `<ul>${items.map((item) => `<li>${item}</li>`).join('')}</ul>`

/** Its first column is text, the others are figures. */
function table(head: string[], rows: string[][]): string {
  const kind = (i: number) => (i === 0 ? '' : ' class="n"')
  return `<table><thead><tr>${head.map((name, i) => `<th${kind(i)}>${name}</th>`).join('')}</tr></thead><tbody>${rows
    .map((row) => `<tr>${row.map((cell, i) => `<td${kind(i)}>${cell}</td>`).join('')}</tr>`)
    .join('')}</tbody></table>`
}

function wide(head: string[], rows: string[][]): string {
  return `<table><thead><tr>${head.map((name) => `<th>${name}</th>`).join('')}</tr></thead><tbody>${rows
    .map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`)
    .join('')}</tbody></table>`
}
