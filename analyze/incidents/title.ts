/** What an incident is called: as somebody named it, else by the headline of its explanation, which each reader has in the own language. */
import { LANGUAGES, SPEECH, type Language } from '../../schema/words/languages.js'

/** As long as a title may be. */
const LONGEST_TITLE = 200

interface Explained {
  explained: { [L in Language]: { summary: string } } | null
}

/** The headline's first sentence; null: nothing was explained. */
export function headlineOf({ explained }: Explained, lang: Language): string | null {
  if (explained === null) return null
  const { summary } = explained[lang]
  const end = summary.search(SPEECH[lang].sentenceEnd)
  const title = end > 0 ? summary.slice(0, end) : summary
  return title.length <= LONGEST_TITLE ? title : `${title.slice(0, LONGEST_TITLE - 1)}…`
}

/** Whether nobody named it. */
export const isUnnamed = ({ title, frozen }: { title: string; frozen: Explained }): boolean =>
  LANGUAGES.some((lang) => headlineOf(frozen, lang) === title)

/** Its title for a reader of `lang`. */
export const titleIn = (incident: { title: string; frozen: Explained }, lang: Language): string =>
  isUnnamed(incident) ? (headlineOf(incident.frozen, lang) ?? incident.title) : incident.title
