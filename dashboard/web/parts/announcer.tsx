/** Tells a screen reader the new figures after the reader changed the question; live updates stay silent. */
import { useEffect, useState } from 'preact/hooks'
import { useAsked } from '../state/asked.js'
import { useTheSummary } from '../state/summary.js'
import { createStore, useStore } from '../state/store.js'
import { useWords } from './words.js'

/** Something said once, like the end of an upload. */
export const spoken = createStore('')

export function Announcer() {
  const { w, f } = useWords()
  const asked = useAsked()
  const { data, loading } = useTheSummary()
  const said = useStore(spoken)
  const [text, setText] = useState('')
  const question = asked && JSON.stringify([asked.view.range, asked.view.filters, asked.view.internal])
  const [answered, setAnswered] = useState<string | null>(null)
  useEffect(() => {
    if (!data || loading || question === answered) return
    setAnswered(question)
    if (data.extent.records > 0)
      setText(w.announce.figures(f.short(data.requests), data.requests, f.share(data.errorRate)))
  }, [data, loading, question])
  return (
    <div class="unseen" role="status" aria-live="polite">
      {text} {said}
    </div>
  )
}
