import type { Lang } from '../../languages/index.js'
import { noteIn } from '../../../schema/words/starter-notes.js'
import type { RuleJson } from './rules.js'

/** The note of a rule; of one that came with the service in the reader's language. */
export const noteOf = ({ origin, note }: RuleJson, lang: Lang): string | undefined =>
  origin === 'starter' && note ? noteIn(note, lang) : note
