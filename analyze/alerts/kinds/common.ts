/** Fields that several kinds have, with their words. */
import { filters, number, scope, usually, window } from '../../../schema/api/rule-fields.js'
import type { Complain } from '../rules/mapping.js'
import type { Language } from '../../../schema/words/languages.js'
import type { FieldWords } from './kind.js'

/** Requests that a window needs before its share says anything, where the rule does not say. */
const DEFAULT_MINIMUM = 100

export const common = {
  where: usually(scope('Which requests, with the filters of the API. Default: all that visitors made'), {}),
  errors: filters('Which of them count as errors'),
  window: window('Counted over'),
  minimum: usually(
    number('Fewer requests than this in the window break nothing', { minimum: 1, maximum: 1e12 }),
    DEFAULT_MINIMUM,
  ),
}

/** The value at which it is over: the threshold itself where nothing else is said. */
export function settleRecover<V extends { above: number; recover: number | undefined }>(
  values: V,
  complain: Complain,
): V & { recover: number } {
  const { above, recover = above } = values
  if (recover > above) {
    complain(['recover'], { what: 'recover-over', above })
  }
  return { ...values, recover }
}

type Shared = 'where' | 'errors' | 'window' | 'above' | 'recover' | 'minimum'

export const COMMON_WORDS: { readonly [language in Language]: { readonly [field in Shared]: FieldWords } } = {
  en: {
    where: { label: 'Which requests', help: 'Leave empty for every request that visitors made.' },
    errors: { label: 'Which of them are errors' },
    window: { label: 'Counted over' },
    above: { label: 'Threshold' },
    recover: {
      label: 'Over again at or below',
      help: 'Lower than the threshold, so that it does not flicker around it.',
    },
    minimum: { label: 'Minimum of requests', help: 'With fewer in the window nothing is broken.' },
  },
  fr: {
    where: { label: 'Quelles requêtes', help: 'Laissez vide pour toutes les requêtes des visiteurs.' },
    errors: { label: 'Lesquelles sont des erreurs' },
    window: { label: 'Comptées sur' },
    above: { label: 'Seuil' },
    recover: { label: 'Terminée à ou sous', help: 'Plus bas que le seuil, pour qu’elle n’oscille pas autour.' },
    minimum: {
      label: 'Nombre minimal de requêtes',
      help: 'Avec moins de requêtes dans la fenêtre, rien ne se déclenche.',
    },
  },
  zh: {
    where: { label: '哪些请求', help: '留空表示访客的全部请求。' },
    errors: { label: '其中哪些算作错误' },
    window: { label: '统计窗口' },
    above: { label: '阈值' },
    recover: { label: '降至此值恢复', help: '低于阈值，以免在其附近反复。' },
    minimum: { label: '最少请求数', help: '窗口内请求少于此数时不触发。' },
  },
}
