/** What every part of the page asks with: the view, its span of time, the language. */
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Asked } from './questions.js'

/** Null: the range is not known before the first answer tells what the store holds. */
export const AskedContext = createContext<Asked | null>(null)

export const useAsked = (): Asked | null => useContext(AskedContext)
