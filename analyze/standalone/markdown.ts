/** The report as Markdown, for tickets and wikis. */
import type { StandaloneReport } from '../../schema/api/standalone-report.js'
import { dimensionLabels, type Dimension } from '../../schema/words/dimensions.js'
import { SPEECH, type Language } from '../../schema/words/languages.js'
import { REJECTION_NAMES } from '../../schema/words/rejections.js'
import { figuresFor } from '../page/figures.js'
import { plain, tableOf } from '../page/markdown.js'
import { headlineOf, tilesOf, titleOf, valueIn, type Told } from './told.js'
import { WORDS } from './words.js'

export function reportMarkdown(report: StandaloneReport, lang: Language): string {
  const words = WORDS[lang]
  const told: Told = { report, words, f: figuresFor(SPEECH[lang]), lang }
  const { f } = told
  const { from, to, createdAt, taken, spikes, breakdowns } = report
  const names = dimensionLabels(lang)
  const nameOf = (dimension: string) => names[dimension as Dimension]?.one ?? dimension
  const lines = [`# ${plain(titleOf(told))}`, '']
  if (from !== null) lines.push(`${f.interval(from, to as string)} UTC`, '')
  lines.push(plain(words.made(f.time(createdAt), taken.inputs.join(', '))), '', plain(headlineOf(told)), '')
  lines.push(...tilesOf(told).map(([name, value]) => `- ${plain(name)}${words.colon}${plain(value)}`), '')
  if (from !== null) lines.push(`## ${words.spikes}`, '')
  if (spikes.notice) lines.push(plain(spikes.notice), '')
  for (const spike of spikes.spikes) {
    lines.push(`### ${plain(spike.summary)}`, '')
    lines.push(
      `${f.interval(spike.start, spike.end)} UTC · ${f.number(spike.observed)} (${words.expected(f.number(spike.expected))})`,
      '',
    )
    for (const cause of spike.causes.filter(({ confidence }) => confidence > 0)) {
      lines.push(`**${plain(cause.title)}** (${f.share(cause.confidence)}) ${plain(cause.explanation)}`, '')
      lines.push(...cause.evidence.map(({ text }) => `- ${plain(text)}`), '', `${words.check}${words.colon}`, '')
      lines.push(...cause.check.map((step, i) => `${i + 1}. ${plain(step)}`), '', `<${cause.url}>`, '')
    }
    if (spike.changed.length > 0)
      lines.push(
        ...tableOf(
          [words.changed, words.during, words.before],
          spike.changed.map((one) => [
            plain(`${nameOf(one.dimension)} ${valueIn(report, one.dimension, one.value)}`),
            f.share(one.share),
            f.share(one.baselineShare),
          ]),
        ),
        '',
      )
  }
  if (spikes.spikes.length === 0 && from !== null) lines.push(words.noSpikes, '')
  for (const [of, title, counted] of [
    ['errors', words.whereErrors, words.errors],
    ['requests', words.whereAll, words.requests],
  ] as const) {
    const tables = breakdowns.filter((one) => one.of === of && one.total > 0)
    if (tables.length > 0) lines.push(`## ${title}`, '')
    for (const { dimension, rows } of tables)
      lines.push(
        ...tableOf(
          [nameOf(dimension), counted, words.share],
          rows.map(({ key, count, share }) => [
            key === '' ? words.none : plain(valueIn(report, dimension, key)),
            f.number(count),
            f.share(share),
          ]),
        ),
        '',
      )
  }
  lines.push(`## ${words.missing}`, '')
  if (taken.missingFields.length === 0) lines.push(words.missingNone)
  lines.push(...taken.missingFields.map(({ field, spoils }) => `- ${plain(field)}${words.colon}${plain(spoils)}`), '')
  lines.push(`## ${words.read}`, '')
  lines.push(
    `- ${words.lines}${words.colon}${f.number(taken.lines)}`,
    `- ${words.stored}${words.colon}${f.number(taken.stored)}`,
    `- ${words.duplicates}${words.colon}${f.number(taken.duplicates)}`,
    `- ${words.rejected}${words.colon}${f.number(taken.rejected)}`,
    ...taken.rejections
      .slice(0, 5)
      .map(({ input, line, reason }) => `  - ${plain(`${input}:${line}`)} ${plain(REJECTION_NAMES[reason][lang])}`),
    ...taken.refused.map(({ input, message }) => `- ${words.refused}${words.colon}${plain(`${input}: ${message}`)}`),
  )
  return `${lines.join('\n')}\n`
}
