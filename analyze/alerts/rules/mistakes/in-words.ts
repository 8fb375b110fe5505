/** Mistakes of rules in the reader's language. */
import type { RuleProblem } from '../../../../schema/api/alerts.js'
import { SPEECH, type Language, type Translated } from '../../../../schema/words/languages.js'
import { filterProblemInWords, isFilterProblem } from '../../../http/filter-values.js'
import { en } from './languages/en.js'
import { fr } from './languages/fr.js'
import type { MistakeTexts } from './languages/texts.js'
import { zh } from './languages/zh.js'
import { pathText, type Mistake, type MistakeInFile, type Path } from './mistake.js'

const TEXTS: Translated<MistakeTexts> = { en, fr, zh }

/** The end of a sentence that begins with the place, without its full stop. */
export function inWords(mistake: Mistake, language: Language): string {
  if (isFilterProblem(mistake)) return filterProblemInWords(mistake, language)
  if (mistake.what === 'of-kind') return mistake.says[language]
  const say = TEXTS[language][mistake.what] as (of: Mistake) => string
  return say(mistake)
}

/** What programs know it by, whatever the language. */
const codeOf = (mistake: Mistake): string => (mistake.what === 'of-kind' ? mistake.code : mistake.what)

/** As the API tells them. */
export const problemsInWords = (mistakes: readonly MistakeInFile[], language: Language): RuleProblem[] =>
  mistakes.map(({ mistake, ...place }) => ({
    ...place,
    code: codeOf(mistake),
    reason: inWords(mistake, language),
  }))

type Placed = readonly { path: Path; mistake: Mistake }[]

/** Several with their places, as whole sentences. */
export function sentencesOf(mistakes: Placed, language: Language): string {
  const { colon, gap } = SPEECH[language]
  const { rule, end } = TEXTS[language]
  return mistakes
    .map(({ path, mistake }) => `${pathText(path) || rule}${colon}${inWords(mistake, language)}`)
    .map((said) => (/[.。?？]$/.test(said) ? said : `${said}${end}`))
    .join(gap)
}

/** Several with their places, in a row. */
export const rowOf = (mistakes: Placed, language: Language): string =>
  mistakes.map(({ path, mistake }) => `${pathText(path)} ${inWords(mistake, language)}`).join(TEXTS[language].between)
