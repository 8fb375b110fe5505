/** The languages in which spikes are told. A new one is a file and a line. */
import type { Translated } from '../../../../schema/words/languages.js'
import type { SpikeSentences } from '../say.js'
import { en } from './en.js'
import { fr } from './fr.js'
import { zh } from './zh.js'

export const SENTENCES: Translated<SpikeSentences> = { en, fr, zh }
