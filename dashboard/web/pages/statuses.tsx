/** Every documented status, by class, searchable. */
import type { StatusEntry } from '../../../schema/status/entry.js'
import { ProblemNote } from '../parts/problem.js'
import { Swatch } from '../parts/tags.js'
import { useWords } from '../parts/words.js'
import { searchStatuses, useStatuses } from '../state/catalogue.js'
import { STATUS_CLASSES, statusClassOf, type StatusClass } from '../../../schema/status/status-class.js'
import { change, linkTo, useView } from '../state/router.js'

const ORDER: readonly StatusClass[] = ['5xx', '4xx', '499', '3xx', '2xx', 'other']

export function StatusesPage() {
  const { w, f } = useWords()
  const { search } = useView()
  const { data, problem } = useStatuses(f.lang)
  if (problem?.kind === 'absent')
    return (
      <div class="empty-range">
        <h1>{w.statuses.absent}</h1>
      </div>
    )
  const found = data && searchStatuses(data.statuses, search)
  return (
    <div class="page statuses-page">
      <header class="page-head">
        <div>
          <h1>{w.statuses.title}</h1>
          <p>{w.statuses.lead}</p>
        </div>
        <form
          class="finder"
          role="search"
          onSubmit={(e) => {
            e.preventDefault()
            if (found?.length === 1) change({ page: { name: 'status', id: String(found[0].code) }, search: '' })
          }}
        >
          <label>
            <span class="unseen">{w.statuses.search}</span>
            <input
              type="search"
              data-opens="filter"
              value={search}
              placeholder={w.statuses.search}
              onInput={(e) => change({ search: e.currentTarget.value }, 'replace')}
            />
          </label>
        </form>
      </header>
      {problem && <ProblemNote problem={problem} />}
      <p class="unseen" role="status">
        {found ? w.statuses.found(found.length, f.count(found.length)) : ''}
      </p>
      {found?.length === 0 && <p class="panel-message">{w.statuses.none}</p>}
      {!data && !problem && <i class="skeleton tall" />}
      {found &&
        ORDER.filter((c) => STATUS_CLASSES.includes(c)).map((c) => (
          <ClassSection key={c} name={c} entries={found.filter((e) => statusClassOf(e.code) === c)} />
        ))}
    </div>
  )
}

function ClassSection({ name, entries }: { name: StatusClass; entries: StatusEntry[] }) {
  const { w, f } = useWords()
  if (entries.length === 0) return null
  return (
    <section class="status-class">
      <h2>
        <Swatch token={`class-${name}`} />
        {name === 'other' ? '1xx' : name}{' '}
        <small>
          {w.classes[name]} · {w.statuses.count(entries.length, f.count(entries.length))}
        </small>
      </h2>
      <ul>
        {entries.map((e) => (
          <li key={e.code}>
            <a href={linkTo({ name: 'status', id: String(e.code) })}>
              <b>{e.code}</b>
              <span>
                <strong>{e.title}</strong>
                <small>{e.meaning}</small>
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}
