/** The requests themselves, newest first, page after page. */
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { RecordJson } from '../../../schema/words/record.js'
import { EmptyStore } from './empty.js'
import { ProblemNote } from '../parts/problem.js'
import { RecordTable } from '../parts/record-table.js'
import { useWords } from '../parts/words.js'
import type { RecordsAnswer } from '../state/answers.js'
import { ask, ProblemError, useAnswer, type Problem } from '../state/api.js'
import { useAsked } from '../state/asked.js'
import { recordsPath, type Asked } from '../state/questions.js'
import { change } from '../state/router.js'
import { useTheSummary } from '../state/summary.js'

const pageSize = 50

export function RecordsPage() {
  const { w } = useWords()
  const asked = useStill(useAsked())
  const summary = useTheSummary()
  const first = useAnswer<RecordsAnswer>(asked && recordsPath(asked, pageSize, null), 0, 'records')
  const [older, setOlder] = useState<{
    of: string | null
    records: RecordJson[]
    next: string | null
    loading: boolean
    problem: Problem | null
  } | null>(null)
  const current = older && older.of === first.path ? older : null
  useEffect(() => setOlder(null), [first.path])
  if (summary.data?.extent.records === 0) return <EmptyStore />
  const next = current ? current.next : (first.data?.next ?? null)
  const records = first.data && [...first.data.records, ...(current?.records ?? [])]

  async function more(): Promise<void> {
    if (!asked || next === null) return
    const so = current ?? { of: first.path, records: [], next, loading: false, problem: null }
    setOlder({ ...so, loading: true, problem: null })
    try {
      const page = await ask<RecordsAnswer>(recordsPath(asked, pageSize, next))
      setOlder({
        ...so,
        records: [...so.records, ...page.records],
        next: page.next ?? null,
        loading: false,
        problem: null,
      })
    } catch (error) {
      setOlder({ ...so, loading: false, problem: error instanceof ProblemError ? error.problem : null })
    }
  }

  return (
    <div class="page">
      <header class="page-head">
        <div>
          <h1>{w.records.title}</h1>
          <p>{w.records.lead}</p>
        </div>
        <RayFinder />
      </header>
      {first.problem && <ProblemNote problem={first.problem} />}
      <RecordTable records={records} busy={first.loading} />
      {current?.problem && <ProblemNote problem={current.problem} />}
      <div class="more">
        {next !== null && (
          <button type="button" class="control" disabled={current?.loading} onClick={() => void more()}>
            {w.records.more}
          </button>
        )}
        {records && next === null && <p class="faint">{records.length > 0 ? w.records.end : ''}</p>}
      </div>
    </div>
  )
}

/** A list that moves under the reader's eyes cannot be read: the clock stands still until another range or filter is chosen. */
function useStill(asked: Asked | null): Asked | null {
  return useMemo(() => asked, [asked === null, asked?.view.range, asked?.view.filters, asked?.view.internal])
}

function RayFinder() {
  const { w } = useWords()
  const [ray, setRay] = useState('')
  return (
    <form
      class="finder"
      role="search"
      onSubmit={(e) => {
        e.preventDefault()
        if (ray.trim() !== '') change({ page: { name: 'record', ray: ray.trim() } })
      }}
    >
      <label>
        <span class="unseen">{w.records.find}</span>
        <input
          type="search"
          value={ray}
          placeholder={w.records.find}
          title={w.records.findHint}
          spellcheck={false}
          onInput={(e) => setRay(e.currentTarget.value)}
        />
      </label>
    </form>
  )
}
