/** What an evaluation or a backtest could not look at, or did not: as data, and in the reader's language. */
import { dimensionLabels } from '../../../schema/words/dimensions.js'
import { SPEECH, type Language, type Translated } from '../../../schema/words/languages.js'
import type { Dimension } from '../../../schema/store/query.js'

/**
 * `groups`: of `all` values only the `kept` with the most requests are watched; `fields`: the logs lack them; `range`: longer than so many
 * days; `episodes`: more than are listed.
 */
export type LeftOut =
  | { what: 'groups'; dimension: Dimension; all: number; kept: number }
  | { what: 'fields'; fields: readonly string[] }
  | { what: 'range'; days: number }
  | { what: 'episodes'; all: number; kept: number }

/** Each as a sentence or two, with what to do about it. */
export const inWords = (leftOut: readonly LeftOut[], language: Language): string[] =>
  leftOut.map((one) => sentence(one, SAID[language], language))

function sentence(one: LeftOut, said: Sentences, language: Language): string {
  const number = (n: number) => new Intl.NumberFormat(SPEECH[language].locale).format(n)
  switch (one.what) {
    case 'groups':
      return said.groups(dimensionLabels(language)[one.dimension].one, number(one.all), number(one.kept))
    case 'fields':
      // names of fields mean the same in every language
      return said.fields(one.fields.join(said.or), one.fields.length)
    case 'range':
      return said.range(number(one.days))
    case 'episodes':
      return said.episodes(number(one.all), number(one.kept))
  }
}

interface Sentences {
  or: string
  groups(dimension: string, all: string, kept: string): string
  fields(names: string, count: number): string
  range(days: string): string
  episodes(all: string, kept: string): string
}

const SAID: Translated<Sentences> = {
  en: {
    or: ' or ',
    groups: (dimension, all, kept) =>
      `${dimension}: of ${all} values only the ${kept} with the most requests are watched. Narrow the rule with where, or group by something smaller.`,
    fields: (names, count) =>
      `No record of the last day carries ${names}, which this rule needs. Add ${count === 1 ? 'the field' : 'the fields'} to the Logpush job, or change the rule.`,
    range: (days) => `The range is longer than ${days} days: only its first ${days} were looked at.`,
    episodes: (all, kept) => `It would have fired ${all} times; the first ${kept} are listed.`,
  },
  fr: {
    or: ' ou ',
    groups: (dimension, all, kept) =>
      `${dimension} : sur ${all} valeurs, seules les ${kept} qui ont le plus de requêtes sont surveillées. Restreignez la règle (where), ou regroupez par une dimension moins large.`,
    fields: (names, count) =>
      `Aucun enregistrement du dernier jour ne porte ${names}, dont cette règle a besoin. Ajoutez ${count === 1 ? 'ce champ' : 'ces champs'} à la tâche Logpush, ou modifiez la règle.`,
    range: (days) => `La période dépasse ${days} jours : seuls les ${days} premiers ont été examinés.`,
    episodes: (all, kept) => `Elle se serait déclenchée ${all} fois ; les ${kept} premières sont listées.`,
  },
  zh: {
    or: ' 或 ',
    groups: (dimension, all, kept) =>
      `${dimension}共有 ${all} 个值，仅监视其中请求最多的 ${kept} 个。请用 where 缩小规则范围，或改用取值更少的维度分组。`,
    fields: (names) => `最近一天没有任何记录带有 ${names}，而此规则需要它。请在 Logpush 任务中加上，或修改规则。`,
    range: (days) => `时间范围超过 ${days} 天，仅检查了最初的 ${days} 天。`,
    episodes: (all, kept) => `此规则本会触发 ${all} 次，仅列出最初的 ${kept} 次。`,
  },
}
