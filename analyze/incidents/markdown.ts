/** A frozen incident as Markdown, for tickets and reports. */
import type { IncidentJson } from '../../schema/api/incidents.js'
import type { Language } from '../../schema/words/languages.js'
import { timelineOf } from '../../schema/api/timeline.js'
import { figuresFor } from '../page/figures.js'
import { plain } from '../page/markdown.js'
import { restOf, titleIn } from './title.js'
import { valuesIn } from './values.js'
import { WORDS } from './words.js'

export function incidentMarkdown(incident: IncidentJson, lang: Language): string {
  const { from, to, author, createdAt, frozen } = incident
  const title = titleIn(incident, lang)
  const words = WORDS[lang]
  const valueOf = valuesIn(incident, lang)
  const f = figuresFor(words)
  const { selection, explained, figures, breakdowns, alerts, annotations, records } = frozen
  const spike = explained?.[lang] ?? null
  const lines: string[] = [
    `# ${plain(title)}`,
    '',
    `${f.time(from)} – ${f.time(to)} UTC. ${plain(words.frozen(f.time(createdAt), author))}`,
    '',
  ]
  lines.push(spike === null ? words.calm : plain(restOf(spike.summary, title)), '', `## ${words.selection}`, '')
  for (const [name, values] of Object.entries(selection.filters))
    lines.push(
      `- ${plain(words.dimensions[name] ?? name)}${words.colon}${values.map((value) => plain(valueOf(name, value))).join(', ')}`,
    )
  lines.push(
    `- ${words.requests}${words.colon}${f.number(figures.requests)} (${f.share(figures.share)} ${words.ofAll})`,
  )
  lines.push(
    `- ${words.clients}${words.colon}${figures.clients === null ? words.unknown : f.number(figures.clients)}`,
    '',
  )
  lines.push(`## ${words.timeline}`, '')
  for (const { at, kind, text, who, note, url } of timelineOf(incident)) {
    const link = url === null ? '' : ` <${url.replaceAll(/[<>`\\]/g, encodeURIComponent)}>`
    lines.push(
      `- ${f.time(at)}${words.colon}${plain(words.events[kind](text, who ?? ''))}${note === '' ? '' : ` (${plain(note)})`}${link}`,
    )
  }
  lines.push('')
  if (spike) {
    lines.push(`## ${words.causes}`, '')
    for (const cause of spike.causes.filter(({ confidence }) => confidence > 0)) {
      lines.push(`### ${plain(cause.title)} (${f.share(cause.confidence)})`, '', plain(cause.explanation), '')
      for (const { text } of cause.evidence) lines.push(`- ${plain(text)}`)
      lines.push('', `${words.check}${words.colon}`, '')
      cause.check.forEach((step, i) => lines.push(`${i + 1}. ${plain(step)}`))
      lines.push('', `<${cause.url}>`, '')
    }
  }
  if (spike && spike.changed.length > 0) {
    lines.push(
      `## ${words.changed}`,
      '',
      `| ${words.value} | ${words.during} | ${words.before} |`,
      '| --- | ---: | ---: |',
    )
    for (const one of spike.changed)
      lines.push(
        `| ${plain(words.dimensions[one.dimension] ?? one.dimension)} ${plain(valueOf(one.dimension, one.value))} | ${f.share(one.share)} | ${f.share(one.baselineShare)} |`,
      )
    lines.push('')
  }
  lines.push(`## ${words.who}`, '')
  for (const { dimension, rows } of breakdowns) {
    lines.push(
      `| ${words.dimensions[dimension] ?? dimension} | ${words.requests} | ${words.share} |`,
      '| --- | ---: | ---: |',
    )
    for (const row of rows)
      lines.push(
        `| ${row.key === '' ? '–' : plain(valueOf(dimension, row.key))} | ${f.number(row.count)} | ${f.share(row.share)} |`,
      )
    lines.push('')
  }
  lines.push(`## ${words.alerts}`, '')
  if (alerts.length === 0) lines.push(words.none)
  for (const alert of alerts) {
    const by = alert.acknowledged
    const told = by ? words.acknowledged(by.by, f.time(by.at)) : words.notAcknowledged
    lines.push(
      `- ${f.time(alert.firedAt)} – ${alert.resolvedAt === null ? words.firing : f.time(alert.resolvedAt)}${words.colon}${plain(alert.name)}, ${plain(told)}`,
    )
  }
  lines.push('', `## ${words.annotations}`, '')
  if (annotations.length === 0) lines.push(words.none)
  for (const one of annotations)
    lines.push(
      `- ${f.time((one.at ?? one.from) as string)}${words.colon}${plain(one.text)}${one.author === null ? '' : ` (${plain(one.author)})`}`,
    )
  lines.push(
    '',
    `## ${words.records}`,
    '',
    `| ${words.time} | Ray ID | ${words.dimensions.status} | ${words.dimensions.source} | ${words.dimensions.host} | ${words.dimensions.path} |`,
    '| --- | --- | --- | --- | --- | --- |',
  )
  for (const one of records)
    lines.push(
      `| ${f.clock(one.time)} | ${plain(one.rayId ?? '–')} | ${one.edgeResponseStatus} | ${plain(valueOf('source', one.source))} | ${plain(one.host ?? '–')} | ${one.path === null ? '–' : plain(valueOf('path', one.path))} |`,
    )
  return `${lines.join('\n')}\n`
}
