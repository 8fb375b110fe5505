/** The catalogue of status codes, where this service has one. */
import { useEffect } from 'preact/hooks'
import type { StatusEntry } from '../../../schema/status/entry.js'
import type { StatusesAnswer } from './answers.js'
import { useAnswer, type Answer } from './api.js'
import { statusesAbsent } from './features.js'
import { useStore } from './store.js'

export function useStatuses(lang: string): Answer<StatusesAnswer> {
  const absent = useStore(statusesAbsent)
  const answer = useAnswer<StatusesAnswer>(absent ? null : `statuses?lang=${lang}`, 0, `statuses ${lang}`)
  useEffect(() => {
    if (answer.problem?.kind === 'absent') statusesAbsent.set(true)
  }, [answer.problem])
  return answer
}

/** Folds case and accents, so that "reponse" finds "réponse". */
export function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

/** Entries in which every word is found: code, title, meaning, causes. Pure. */
export function searchStatuses(entries: readonly StatusEntry[], search: string): StatusEntry[] {
  const words = folded(search).split(/\s+/).filter((x) => x !== '')
  return entries.filter((e) => {
    const text = folded([e.code, e.statusClass, e.title, e.meaning, ...e.causes.flatMap((c) => [c.id, c.title, c.explanation])].join(' '))
    return words.every((x) => text.includes(x))
  })
}
