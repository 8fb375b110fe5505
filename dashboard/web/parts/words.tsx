import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Words } from '../../languages/index.js'
import type { Format } from '../state/format.js'

/** The words and the number and date formats of the reader's language. */
export interface Speech {
  w: Words
  f: Format
}

export const SpeechContext = createContext<Speech | null>(null)

export function useWords(): Speech {
  const speech = useContext(SpeechContext)
  if (!speech) throw new Error('useWords outside of SpeechContext: main.tsx must provide it')
  return speech
}
