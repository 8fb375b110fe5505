/** What a rule would have done over a range: one question after the other, since each runs through all of the range. */
import { useEffect, useState } from 'preact/hooks'
import type { Preview } from '../../../schema/api/alerts.js'
import { useWords } from '../parts/words.js'
import type { RuleDraft } from './rules.js'
import { askPreview, draftOf, problemOf, type TimeRange } from './alerts.js'
import type { Problem } from './api.js'

export interface PreviewAnswer {
  data: Preview | null
  problem: Problem | null
  loading: boolean
}

let line: Promise<unknown> = Promise.resolve()

function inLine<T>(run: () => Promise<T>): Promise<T> {
  const next = line.then(run, run)
  line = next.catch(() => {})
  return next
}

const memory = new Map<string, Preview>()
const remembered = 60

function keep(key: string, preview: Preview): void {
  memory.delete(key)
  memory.set(key, preview)
  if (memory.size > remembered) memory.delete(memory.keys().next().value as string)
}

/** Null asks nothing. `waitMs`: so long nothing more may be typed before it is asked. */
export function usePreview(rule: RuleDraft | null, range: TimeRange | null, waitMs = 0): PreviewAnswer {
  const { lang } = useWords().f
  // whether it is on, whom it tells and what it is called changes nothing of it
  const key =
    rule && range
      ? JSON.stringify([
          { ...draftOf(rule), name: '', enabled: true, note: '', runbook: '', notify: [], labels: {}, severity: '' },
          range.from,
          range.to,
          lang,
        ])
      : null
  const [answer, setAnswer] = useState<PreviewAnswer & { of: string | null }>({
    data: null,
    problem: null,
    loading: key !== null,
    of: null,
  })
  useEffect(() => {
    if (key === null || !rule || !range) {
      setAnswer((old) => ({ ...old, loading: false, of: null }))
      return
    }
    const known = memory.get(key)
    if (known) {
      setAnswer({ data: known, problem: null, loading: false, of: key })
      return
    }
    const stop = new AbortController()
    setAnswer((old) => ({ ...old, loading: true, of: key }))
    const timer = setTimeout(() => {
      inLine(async () =>
        stop.signal.aborted ? null : askPreview({ ...rule, name: rule.name || '–' }, range, lang, stop.signal),
      ).then(
        (preview) => {
          if (!preview || stop.signal.aborted) return
          keep(key, preview)
          setAnswer({ data: preview, problem: null, loading: false, of: key })
        },
        (error: unknown) => {
          if (!stop.signal.aborted) setAnswer((old) => ({ ...old, problem: problemOf(error), loading: false }))
        },
      )
    }, waitMs)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [key])
  // between the question and the effect that asks it nothing is known yet
  return { data: answer.data, problem: answer.problem, loading: answer.loading || answer.of !== key }
}
