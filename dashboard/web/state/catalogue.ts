/** The catalogue of status codes, where this service has one. */
import { useEffect, useState } from 'preact/hooks'
import type { StatusEntry } from '../../../schema/status/entry.js'
import type { StatusesAnswer } from './answers.js'
import { ask, useAnswer, type Answer } from './api.js'
import { statusesAbsent } from './features.js'
import { useStore } from './store.js'

export function useStatuses(lang: string): Answer<StatusesAnswer> {
  const absent = useStore(statusesAbsent)
  const answer = useAnswer<StatusesAnswer>(absent ? null : `statuses?lang=${lang}`, {
    subject: `statuses ${lang}`,
  })
  useEffect(() => {
    if (answer.problem?.kind === 'absent') statusesAbsent.set(true)
  }, [answer.problem])
  return answer
}

const titles = new Map<string, Promise<ReadonlyMap<string, string>>>()

/** What each code is called: asked once for a language, when nothing more urgent waits. Empty until it is known. */
export function useStatusTitles(lang: string): ReadonlyMap<string, string> {
  const absent = useStore(statusesAbsent)
  const [known, setKnown] = useState<ReadonlyMap<string, string>>(new Map())
  useEffect(() => {
    if (absent) return
    let current = true
    const asked =
      titles.get(lang) ??
      ask<StatusesAnswer>(`statuses?lang=${lang}`, { priority: 'low' }).then(
        ({ statuses }) => new Map(statuses.map((s) => [String(s.code), s.title])),
        () => {
          titles.delete(lang)
          return new Map<string, string>()
        },
      )
    titles.set(lang, asked)
    void asked.then((map) => current && setKnown(map))
    return () => {
      current = false
    }
  }, [lang, absent])
  return known
}

/** Folds case and accents, so that "reponse" finds "réponse". */
export function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

/** Entries in which every word is found: code, title, meaning, causes. Pure. */
export function searchStatuses(entries: readonly StatusEntry[], search: string): StatusEntry[] {
  const words = folded(search)
    .split(/\s+/)
    .filter((x) => x !== '')
  return entries.filter((e) => {
    const text = folded(
      [e.code, e.statusClass, e.title, e.meaning, ...e.causes.flatMap((c) => [c.id, c.title, c.explanation])].join(' '),
    )
    return words.every((x) => text.includes(x))
  })
}
