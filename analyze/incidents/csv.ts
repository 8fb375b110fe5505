/** A frozen incident as one table, for spreadsheets: every figure of it in a row of its own. */
import type { IncidentJson } from '../../schema/api/incidents.js'
import type { Language } from '../../schema/words/languages.js'
import { csvLine } from '../../schema/words/csv.js'
import { timelineOf } from '../../schema/api/timeline.js'
import { WORDS } from './words.js'

type Cell = string | number | null
const HEAD = ['part', 'time', 'name', 'value', 'requests', 'share', 'share_before']

/** RFC 4180, UTF-8 with a mark at the beginning, without which spreadsheets take it for something else. */
export function incidentCsv(incident: IncidentJson, lang: Language): string {
  const { frozen, title, from, to } = incident
  const { figures, explained, charts, breakdowns, records } = frozen
  const spike = explained?.[lang] ?? null
  const words = WORDS[lang]
  const rows: Cell[][] = [
    ['incident', from, 'title', title, null, null, null],
    ['incident', to, 'summary', spike?.summary ?? words.calm, figures.requests, figures.share, null],
    ...Object.entries(frozen.selection.filters).map(([name, values]) => [
      'filter',
      null,
      name,
      values.join(', '),
      null,
      null,
      null,
    ]),
    ...timelineOf(incident).map(({ at, kind, text, who, note }) => [
      'timeline',
      at,
      kind,
      [words.events[kind](text, who ?? ''), note].filter((part) => part !== '').join(' · '),
      null,
      null,
      null,
    ]),
    ...(spike?.causes ?? []).flatMap((cause) => [
      ['cause', null, cause.id, cause.title, null, cause.confidence, null],
      ...cause.evidence.map(({ text, share, baselineShare }) => [
        'evidence',
        null,
        cause.id,
        text,
        null,
        share,
        baselineShare,
      ]),
    ]),
    ...(spike?.changed ?? []).map((one) => [
      'changed',
      null,
      one.dimension,
      one.value,
      null,
      one.share,
      one.baselineShare,
    ]),
    ...breakdowns.flatMap(({ dimension, rows: values }) =>
      values.map(({ key, count, share }) => ['breakdown', null, dimension, key, count, share, null]),
    ),
    ...Object.entries(charts).flatMap(([chart, { series }]) =>
      series.flatMap(({ key, points }) =>
        points.map(([time, count]) => [`chart ${chart}`, new Date(time).toISOString(), chart, key, count, null, null]),
      ),
    ),
    ...records.map((one) => [
      'record',
      one.time,
      one.rayId,
      `${one.edgeResponseStatus} ${one.method ?? ''} ${one.host ?? ''}${one.path ?? ''}`,
      null,
      null,
      null,
    ]),
  ]
  return `\ufeff${[HEAD, ...rows].map(csvLine).join('')}`
}
