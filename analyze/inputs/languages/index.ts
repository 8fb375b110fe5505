/** The advice on inputs, per language. A new language is a file of this shape and its line here. */
import type { Language } from '../../../schema/words/languages.js'
import type { AdviceTexts } from './texts.js'
import { en } from './en.js'
import { fr } from './fr.js'
import { zh } from './zh.js'

export const ADVICE_TEXTS: { readonly [L in Language]: AdviceTexts } = { en, fr, zh }
