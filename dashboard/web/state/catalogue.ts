/** The catalogue of status codes, where this service has one. */
import { useEffect } from 'preact/hooks'
import type { StatusEntry } from '../../../schema/status/entry.js'
import type { StatusesAnswer } from './answers.js'
import { ask, useAnswer, type Answer } from './api.js'
import { statusesAbsent } from './features.js'
import { createStore, useStore } from './store.js'

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

const titles = createStore<ReadonlyMap<string, string>>(new Map())
const askedFor = new Set<string>()

/** What these codes are called, as far as it is known: each is asked for once, when nothing more urgent waits. */
export function useStatusTitles(lang: string, codes: readonly string[]): (code: string) => string | undefined {
  const absent = useStore(statusesAbsent)
  const known = useStore(titles)
  useEffect(() => {
    const wanted = codes.filter((code) => /^\d{1,3}$/.test(code) && !askedFor.has(`${lang} ${code}`))
    if (absent || wanted.length === 0) return
    for (const code of wanted) askedFor.add(`${lang} ${code}`)
    const params = new URLSearchParams([['lang', lang], ...wanted.map((code) => ['code', code])])
    ask<{ titles: { [code: string]: string } }>(`statuses/titles?${params}`, { priority: 'low' }).then(
      (answer) => {
        const found = Object.entries(answer.titles).map(([code, title]): [string, string] => [`${lang} ${code}`, title])
        titles.set(new Map([...titles.get(), ...found]))
      },
      () => {
        for (const code of wanted) askedFor.delete(`${lang} ${code}`)
      },
    )
  }, [lang, absent, codes.join()])
  return (code) => known.get(`${lang} ${code}`)
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
