/** Values that a filter can never meet: a slip that would silently count nothing, or in an alert never fire. */
import type { Dimension, Filter } from '../../schema/store/query.js'
import { SPEECH, type Language, type Translated } from '../../schema/words/languages.js'
import { SOURCES } from '../../schema/words/sources.js'
import { STATUS_CLASSES } from '../../schema/status/status-class.js'
import { isPattern } from '../../schema/words/pattern.js'

/** Values of one filter; more is a list that belongs elsewhere. */
export const MOST_VALUES = 500
/** Values with `*` of a whole question: each is looked for in all the texts that there are. */
export const MOST_PATTERNS = 100

/** A value that its dimension never has, or too many of them. */
export type FilterProblem =
  | { what: 'no-class' | 'no-source' | 'no-status' | 'no-origin-status' | 'no-network'; value: string }
  | { what: 'long-filter'; dimension: Dimension; count: number }
  | { what: 'many-patterns'; count: number }

/** What is too much in these filters; null: nothing. */
export function amountProblem(filters: readonly Filter[]): FilterProblem | null {
  const long = filters.find(({ values }) => values.length > MOST_VALUES)
  if (long) return { what: 'long-filter', dimension: long.dimension, count: long.values.length }
  const count = filters.flatMap(({ values }) => values.filter(isPattern)).length
  return count <= MOST_PATTERNS ? null : { what: 'many-patterns', count }
}

/** What is wrong with a value of this dimension; null: nothing. '' means absent. */
export function valueProblem(dimension: Dimension, value: string): FilterProblem | null {
  const plain = value.toLowerCase()
  switch (dimension) {
    case 'class':
      return oneOf(STATUS_CLASSES, plain) ? null : { what: 'no-class', value }
    case 'source':
      return oneOf(SOURCES, plain) ? null : { what: 'no-source', value }
    case 'status':
      return /^\d{1,3}$/.test(value) ? null : { what: 'no-status', value }
    case 'originStatus':
      return /^\d{0,3}$/.test(value) ? null : { what: 'no-origin-status', value }
    case 'asn':
      return /^\d{0,10}$/.test(value) ? null : { what: 'no-network', value }
    default:
      return null
  }
}

const oneOf = (list: readonly string[], value: string): boolean => list.includes(value)

/** The end of a sentence, without its full stop. */
export function filterProblemInWords(problem: FilterProblem, language: Language): string {
  const said = SAID[language]
  if (problem.what === 'long-filter')
    return said['long-filter'](problem.dimension, counted(problem.count, language), counted(MOST_VALUES, language))
  if (problem.what === 'many-patterns')
    return said['many-patterns'](counted(problem.count, language), counted(MOST_PATTERNS, language))
  return said[problem.what](problem.value)
}

export const isFilterProblem = (problem: { what: string }): problem is FilterProblem =>
  Object.hasOwn(SAID.en, problem.what)

/** English has been without separators here since programs read it. */
const counted = (n: number, language: Language): string =>
  language === 'en' ? String(n) : new Intl.NumberFormat(SPEECH[language].locale).format(n)

interface Sentences {
  'no-class'(value: string): string
  'no-source'(value: string): string
  'no-status'(value: string): string
  'no-origin-status'(value: string): string
  'no-network'(value: string): string
  'long-filter'(dimension: string, count: string, most: string): string
  'many-patterns'(count: string, most: string): string
}

const SAID: Translated<Sentences> = {
  en: {
    'no-class': (value) => `"${value}" is no class; there are ${STATUS_CLASSES.join(', ')}`,
    'no-source': (value) => `"${value}" is no source; there are ${SOURCES.join(', ')}`,
    'no-status': (value) => `"${value}" is no status; write one like 403, or filter by class: 4xx`,
    'no-origin-status': (value) => `"${value}" is no status; write one like 502, or leave it empty for absent`,
    'no-network': (value) => `"${value}" is no network number; write it like 13335`,
    'long-filter': (dimension, count, most) =>
      `"${dimension}" has ${count} values, ${most} is the limit of one filter. Use * or ask twice`,
    'many-patterns': (count, most) =>
      `${count} values have a *, ${most} is the limit of a question. Leave some out or ask twice`,
  },
  fr: {
    'no-class': (value) => `« ${value} » n’est pas une classe ; il y a ${STATUS_CLASSES.join(', ')}`,
    'no-source': (value) => `« ${value} » n’est pas une source ; il y a ${SOURCES.join(', ')}`,
    'no-status': (value) =>
      `« ${value} » n’est pas un statut ; écrivez-en un comme 403, ou filtrez par classe (class: 4xx)`,
    'no-origin-status': (value) =>
      `« ${value} » n’est pas un statut ; écrivez-en un comme 502, ou laissez vide s’il est absent`,
    'no-network': (value) => `« ${value} » n’est pas un numéro de réseau ; écrivez-le comme 13335`,
    'long-filter': (dimension, count, most) =>
      `« ${dimension} » a ${count} valeurs, la limite d’un filtre est de ${most}. Utilisez * ou répartissez-les`,
    'many-patterns': (count, most) =>
      `${count} valeurs contiennent *, la limite est de ${most} en tout. Retirez-en ou répartissez-les`,
  },
  zh: {
    'no-class': (value) => `“${value}”不是状态码类别，可选值：${STATUS_CLASSES.join('、')}`,
    'no-source': (value) => `“${value}”不是来源，可选值：${SOURCES.join('、')}`,
    'no-status': (value) => `“${value}”不是状态码，请写成 403 这样，或按类别筛选（class: 4xx）`,
    'no-origin-status': (value) => `“${value}”不是状态码，请写成 502 这样，留空表示没有`,
    'no-network': (value) => `“${value}”不是网络编号，请写成 13335 这样`,
    'long-filter': (dimension, count, most) =>
      `“${dimension}”有 ${count} 个值，每个筛选条件最多 ${most} 个。请使用 * 或分开填写`,
    'many-patterns': (count, most) => `共有 ${count} 个值含 *，合计最多 ${most} 个。请减少一些或分开填写`,
  },
}
