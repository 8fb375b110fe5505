/**
 * A share has a denominator: the requests that `where` chooses. Where those were chosen by how they ended, each of them is an error, or
 * none can be: among 503s all are 503s. Such a rule fires at once and for ever, or never; it is told to whoever writes it.
 */
import type { RuleWarning } from '../../../schema/api/alerts.js'
import { statusClassOf } from '../../../schema/status/status-class.js'
import type { Filter } from '../../../schema/store/query.js'
import { DEFAULT_LANGUAGE, type Language, type Translated } from '../../../schema/words/languages.js'
import { COMMON_WORDS } from '../kinds/common.js'
import type { Rule } from './rule.js'

/** What is wrong with the share of a rule, in the reader's language; empty for kinds that have none. */
export function warningsOf({ name, condition }: Rule, lang: Language = DEFAULT_LANGUAGE): RuleWarning[] {
  const { where, errors } = condition
  if (errors === undefined) return []
  const settled = settledBy(where.filters, errors)
  if (settled === null) return []
  const { isAlways, filters } = settled
  const said = SAID[isAlways ? 'always' : 'never'][lang]({
    where: `${inQuotes(COMMON_WORDS[lang].where.label, lang)} (where)`,
    errors: `${inQuotes(COMMON_WORDS[lang].errors.label, lang)} (errors)`,
    filters: filters.map(written).join(' '),
  })
  return [
    {
      code: isAlways ? 'ALWAYS_ERRORS' : 'NEVER_ERRORS',
      rule: name,
      path: `expr.where.${nameOf(filters[0])}`,
      message: said,
    },
  ]
}

/** Whether the filters of a scope settle that each of its requests is an error, or that none is, and which of them do; null: they don't. */
export function settledBy(
  where: readonly Filter[],
  errors: readonly Filter[],
): { isAlways: boolean; filters: Filter[] } | null {
  const axes = [...new Set(errors.map(axisOf))].map((axis) => {
    const on = (filters: readonly Filter[]) => filters.filter((filter) => axisOf(filter) === axis)
    const [scope, wrong] = [on(where), on(errors)]
    const chosen = valuesOn(axis, [...scope, ...wrong])?.filter((value) => scope.every((one) => lets(one, value)))
    const failing = chosen?.filter((value) => wrong.every((one) => lets(one, value)))
    return {
      scope,
      all: scope.length > 0 && chosen !== undefined && failing?.length === chosen.length,
      none: scope.length > 0 && failing?.length === 0,
    }
  })
  const none = axes.find((axis) => axis.none)
  if (none) return { isAlways: false, filters: none.scope }
  return axes.every((axis) => axis.all) ? { isAlways: true, filters: axes.flatMap((axis) => axis.scope) } : null
}

/** A class is made of statuses; all other dimensions know nothing of each other. */
const axisOf = ({ dimension }: Filter): string => (dimension === 'class' ? 'status' : dimension)

/** Every value that matters on an axis; undefined where patterns make them too many to tell. */
function valuesOn(axis: string, filters: readonly Filter[]): string[] | undefined {
  const named = filters.filter(({ dimension }) => dimension !== 'class').flatMap(({ values }) => values)
  // all that no filter names are alike: one stands for them
  if (axis === 'status') return [...new Set([...named, ...Array.from({ length: 600 }, (_, status) => String(status))])]
  if (named.some((value) => value.includes('*'))) return undefined
  return [...new Set([...named.map((value) => value.toLowerCase()), ANY_OTHER])]
}

const ANY_OTHER = '\0'

function lets({ dimension, values, not }: Filter, value: string): boolean {
  const own = dimension === 'class' ? statusClassOf(Number(value)) : value
  return values.some((one) => one.toLowerCase() === own) !== (not === true)
}

const nameOf = ({ dimension, not }: Filter): string => `${not ? 'not.' : ''}${dimension}`
const written = (filter: Filter): string => `${nameOf(filter)}=${filter.values.join(',')}`

const inQuotes = (text: string, lang: Language): string => QUOTED[lang](text)
const QUOTED: Translated<(text: string) => string> = {
  en: (text) => `“${text}”`,
  fr: (text) => `« ${text} »`,
  zh: (text) => `“${text}”`,
}

interface Parts {
  where: string
  errors: string
  filters: string
}

const SAID: { readonly [verdict in 'always' | 'never']: Translated<(parts: Parts) => string> } = {
  always: {
    en: ({ where, errors, filters }) =>
      `Every request that ${where} chooses is an error: the share is always 100%. Take ${filters} out there, so that it is a share of all requests; ${errors} says already which of them are meant.`,
    fr: ({ where, errors, filters }) =>
      `Toute requête retenue par ${where} est une erreur : la part est toujours de 100 %. Retirez-y ${filters} pour que la part porte sur toutes les requêtes ; ${errors} dit déjà lesquelles sont visées.`,
    zh: ({ where, errors, filters }) =>
      `${where}所选的每个请求都是错误，比例始终为 100%。请从中去掉 ${filters}，使比例针对全部请求；${errors}已说明所指的是哪些请求。`,
  },
  never: {
    en: ({ where, errors, filters }) =>
      `No request that ${where} chooses can be an error: the share is always 0 and the rule never fires. Take ${filters} out there, or change ${errors}.`,
    fr: ({ where, errors, filters }) =>
      `Aucune requête retenue par ${where} ne peut être une erreur : la part est toujours nulle et la règle ne se déclenche jamais. Retirez-y ${filters}, ou modifiez ${errors}.`,
    zh: ({ where, errors, filters }) =>
      `${where}所选的请求都不可能是错误，比例始终为 0，规则永远不会触发。请从中去掉 ${filters}，或修改${errors}。`,
  },
}
