/** The requests themselves, newest first, page after page. */
import { useMemo, useState } from 'preact/hooks'
import type { RecordJson } from '../../../schema/words/record.js'
import { EmptyStore } from './empty.js'
import { Icon } from '../parts/icon.js'
import { ProblemNote } from '../parts/problem.js'
import { RecordTable, takingOfRecords } from '../parts/record-table.js'
import { TakeMenu } from '../parts/take-menu.js'
import { useWords } from '../parts/words.js'
import type { RecordsAnswer } from '../state/answers.js'
import { ask, ProblemError, useAnswer, type Problem } from '../state/api.js'
import { refresh, turn } from '../state/clock.js'
import { useAsked } from '../state/asked.js'
import { exportPath, questionKey, recordsPath, type Asked } from '../state/questions.js'
import { change } from '../state/router.js'
import { placesOf } from '../state/search.js'
import { useStore } from '../state/store.js'
import { useTheSummary } from '../state/summary.js'

const pageSize = 50

interface Pages {
  of: string | null
  records: RecordJson[]
  next: string | null
  loading: boolean
  problem: Problem | null
}

export function RecordsPage() {
  const { w, f } = useWords()
  const now = useAsked()
  const { asked, times, renew } = useStill(now)
  const summary = useTheSummary()
  const first = useAnswer<RecordsAnswer>(asked && recordsPath(asked, pageSize, null), {
    // within the same minute the question has the same address
    turn: times,
    subject: asked ? questionKey(asked) : '',
  })
  const [older, setOlder] = useState<Pages | null>(null)
  const current = older && older.of === first.path ? older : null
  const newer = useNewer(now, first.data)
  if (summary.data?.extent.from === null) return <EmptyStore />
  const next = current ? current.next : (first.data?.next ?? null)
  const records = first.data && [...first.data.records, ...(current?.records ?? [])]
  const before = summary.data?.goneBefore
  const gone = before === undefined ? undefined : w.notes.goneBefore(f.date(Date.parse(before)))
  const problem = first.problem ?? (asked === null ? summary.problem : null)

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
        {asked && <TakeRecords asked={asked} shown={records} />}
        <RayFinder />
      </header>
      {problem && <ProblemNote problem={problem} onRetry={() => refresh()} />}
      <Newer newer={newer} onShow={renew} />
      {(records !== null || problem === null) && (
        <RecordTable records={records} busy={first.loading && !records} none={gone} />
      )}
      {current?.problem && <ProblemNote problem={current.problem} />}
      <div class="more">
        {next !== null && (
          <button type="button" class="control" disabled={current?.loading} onClick={() => void more()}>
            {w.records.more}
          </button>
        )}
        {records && next === null && <p class="faint">{records.length > 0 ? w.records.end : ''}</p>}
        {records && records.length > 0 && next === null && gone && <p class="faint">{gone}</p>}
      </div>
    </div>
  )
}

/** Says how many came since, and shows them when the reader wants. */
function Newer({ newer, onShow }: { newer: { count: number; more: boolean }; onShow: () => void }) {
  const { w, f } = useWords()
  return (
    <div class="newer" role="status">
      {newer.count > 0 && (
        <button type="button" class="control" onClick={onShow}>
          <Icon name="up" />
          {w.records.newer(newer.count, `${f.count(newer.count)}${newer.more ? '+' : ''}`)}
        </button>
      )}
    </div>
  )
}

/** A list that moves under the reader's eyes cannot be read: it stands still until another question is asked, or `renew`. */
function useStill(asked: Asked | null): { asked: Asked | null; times: number; renew: () => void } {
  const [times, setTimes] = useState(0)
  const still = useMemo(() => asked, [asked && questionKey(asked), times])
  return { asked: still, times, renew: () => setTimes(times + 1) }
}

const keyOf = (r: RecordJson): string => JSON.stringify([r.time, r.rayId, r.host, r.path, r.clientIp])

/** What a new first page holds that the one on screen does not. */
function useNewer(asked: Asked | null, shown: RecordsAnswer | null): { count: number; more: boolean } {
  const again = useStore(turn)
  const [begun] = useState(again)
  const latest = useAnswer<RecordsAnswer>(asked && shown && again > begun ? recordsPath(asked, pageSize, null) : null, {
    turn: again,
    subject: asked ? questionKey(asked) : '',
  })
  if (!shown || !latest.data) return { count: 0, more: false }
  const known = new Set(shown.records.map(keyOf))
  const fresh = latest.data.records.filter((r) => !known.has(keyOf(r)))
  // what lies below the last row shown is older, not newer: it came into the page because others left it
  const last = shown.records.at(-1)?.time
  const count = last === undefined ? fresh.length : fresh.filter((r) => r.time >= last).length
  return { count, more: count === pageSize && latest.data.next != null }
}

const FORMAT_NAMES = { ndjson: 'NDJSON', csv: 'CSV', parquet: 'Parquet' }

/** All of them, however many: the service streams, the browser keeps. And those shown, as a picture too. */
function TakeRecords({ asked, shown }: { asked: Asked; shown: readonly RecordJson[] | null }) {
  const { w } = useWords()
  return (
    <span class="take-records">
      {(['ndjson', 'csv', 'parquet'] as const).map((format) => (
        <a
          key={format}
          class="control"
          href={`/api/v1/${exportPath(asked, format)}`}
          download
          title={w.take.recordsHint}
          aria-label={w.take.records(FORMAT_NAMES[format])}
        >
          <Icon name="download" />
          {FORMAT_NAMES[format]}
        </a>
      ))}
      {shown && shown.length > 0 && <TakeMenu take={() => takingOfRecords(w.records.title, shown)} />}
    </span>
  )
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
        const [place] = placesOf(ray)
        if (ray.trim() !== '')
          change({ page: { name: 'record', id: place?.kind === 'record' ? place.id : ray.trim() } })
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
