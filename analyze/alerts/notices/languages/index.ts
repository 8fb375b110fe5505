/** The languages of notices. A new one is a file and a line. */
import type { Translated } from '../../../../schema/words/languages.js'
import { en } from './en.js'
import { fr } from './fr.js'
import type { AlertTexts } from './texts.js'
import { zh } from './zh.js'

export const ALERT_TEXTS: Translated<AlertTexts> = { en, fr, zh }
export type { AlertTexts } from './texts.js'
