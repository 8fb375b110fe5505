/** What the rules to begin with are called. Their names are stored in the language of their day; readers see them in their own. */
import { LANGUAGES, type Language, type Translated } from './languages.js'

export const STARTER_NAMES = {
  surge: {
    en: 'Surge of errors',
    fr: 'Pic d’erreurs',
    zh: '错误突增',
  },
  serverErrors: {
    en: 'Server errors',
    fr: 'Erreurs serveur',
    zh: '服务器错误',
  },
  originFailures: {
    en: 'Origin fails',
    fr: 'Origine en échec',
    zh: '源站故障',
  },
  visitorsLeft: {
    en: 'Visitors leave before the answer',
    fr: 'Visiteurs partis avant la réponse',
    zh: '访客在响应前离开',
  },
  edgeRefuses: {
    en: 'Edge refuses visitors',
    fr: 'Visiteurs refusés par la périphérie',
    zh: '边缘拒绝访客',
  },
  fastBurn: {
    en: 'Error budget burns fast',
    fr: 'Budget d’erreur consommé vite',
    zh: '错误预算快速消耗',
  },
  slowBurn: {
    en: 'Error budget burns slowly',
    fr: 'Budget d’erreur consommé lentement',
    zh: '错误预算缓慢消耗',
  },
  noLogs: {
    en: 'No logs',
    fr: 'Plus de journaux',
    zh: '没有日志',
  },
} as const satisfies { [starter: string]: Translated<string> }

export type Starter = keyof typeof STARTER_NAMES

/** The name of a rule or of its alert as a reader of `lang` knows it; what people called a rule stays what it is. */
export const nameIn = (name: string, lang: Language): string => translated(Object.values(STARTER_NAMES), name, lang)

/** The text in `lang` where it is one of these in any language, else the text itself. */
export function translated(texts: readonly Translated<string>[], text: string, lang: Language): string {
  return texts.find((one) => LANGUAGES.some((other) => one[other] === text))?.[lang] ?? text
}
