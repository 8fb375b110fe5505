/** Everything that people and programs wrote on the time line: found, changed, deleted; and how a deployment writes itself. */
import { useState } from 'preact/hooks'
import type { AnnotationJson } from '../../../../schema/api/annotations.js'
import { visible } from '../../../../schema/words/visible.js'
import { isWeb } from '../../parts/cause.js'
import { CopyButton } from '../../parts/copy.js'
import { Icon } from '../../parts/icon.js'
import { onArrows } from '../../parts/popover.js'
import { ProblemNote } from '../../parts/problem.js'
import { TakeMenu } from '../../parts/take-menu.js'
import { useWords } from '../../parts/words.js'
import { annotating, endOf, startOf, useAnnotations } from '../../state/annotations.js'
import { folded } from '../../state/catalogue.js'
import { refresh } from '../../state/clock.js'
import { change, linkTo, useView } from '../../state/router.js'
import { takingOfAnnotations } from '../../state/takings.js'

/** Before and after an annotation that its figures are shown with, ms. */
const aroundMs = 3_600_000
const EVER = { from: 0, to: Date.UTC(9999, 0) }

export function AnnotationsPage() {
  const { w, f } = useWords()
  const a = w.incidents.annotations
  const view = useView()
  const [kind, setKind] = useState('')
  const range = view.range.kind === 'span' ? view.range : EVER
  const { data, problem } = useAnnotations(range)
  const all = data?.annotations ?? []
  const kinds = [...new Set(all.map((one) => one.kind ?? ''))].filter((one) => one !== '').sort()
  const wanted = folded(view.search)
  const shown = all
    .filter((one) => kind === '' || one.kind === kind)
    .filter((one) => folded(`${one.text} ${one.host ?? ''} ${one.author ?? ''}`).includes(wanted))
    .sort((x, y) => startOf(y) - startOf(x))
  return (
    <>
      <header class="page-head">
        <div>
          <h1>{a.title}</h1>
          <p>{a.lead}</p>
        </div>
        <button
          type="button"
          class="primary"
          data-needs="operate"
          onClick={() => annotating.set({ kind: 'new', from: Date.now(), to: null, host: '' })}
        >
          <Icon name="plus" />
          {a.write}
        </button>
      </header>
      <div class="list-tools">
        <input
          type="search"
          value={view.search}
          aria-label={a.search}
          placeholder={a.search}
          onInput={(e) => change({ search: e.currentTarget.value }, 'replace')}
        />
        <select value={kind} aria-label={a.kind} onChange={(e) => setKind(e.currentTarget.value)}>
          <option value="">{a.everyKind}</option>
          {kinds.map((one) => (
            <option key={one} value={one}>
              {visible(one)}
            </option>
          ))}
        </select>
        {view.range.kind === 'span' && (
          <button type="button" class="chip" onClick={() => change({ range: { kind: 'auto' } })}>
            {f.interval(view.range.from, view.range.to)} <Icon name="close" />
          </button>
        )}
        {shown.length > 0 && <TakeMenu take={() => takingOfAnnotations(a.title, shown)} />}
      </div>
      {problem && <ProblemNote problem={problem} onRetry={() => refresh()} />}
      {!data && !problem && <i class="skeleton tall" />}
      {data && shown.length === 0 && <p class="none">{all.length === 0 ? a.none : w.statuses.none}</p>}
      {shown.length > 0 && (
        <div class="scroll-x">
          <table class="plain stacking annotations" onKeyDown={onArrows}>
            <caption class="unseen">{a.title}</caption>
            <thead>
              <tr>
                <th scope="col">{w.chart.time}</th>
                <th scope="col">{a.text}</th>
                <th scope="col">{a.kind}</th>
                <th scope="col">{w.dimensions.host.one}</th>
                <th scope="col">{a.author}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((one) => (
                <Row key={one.id} one={one} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <FromCi />
    </>
  )
}

function Row({ one }: { one: AnnotationJson }) {
  const { w, f } = useWords()
  const a = w.incidents.annotations
  const start = startOf(one)
  const end = endOf(one)
  const around = { kind: 'span' as const, from: start - aroundMs, to: (end ?? start) + aroundMs }
  return (
    <tr>
      <td class="nowrap">
        <a href={linkTo({ name: 'overview' }, { range: around, filters: [] })} title={a.figures}>
          {end === null ? f.moment(start) : f.interval(start, end)}
        </a>
      </td>
      <td class="name">
        <button
          type="button"
          class="link"
          data-item
          title={w.alerts.common.edit}
          onClick={() => annotating.set({ kind: 'old', annotation: one })}
        >
          {visible(one.text)}
        </button>{' '}
        {one.url !== null && isWeb(one.url) && (
          <a data-side href={one.url} target="_blank" rel="noreferrer noopener" aria-label={`${a.url}: ${one.url}`}>
            ↗
          </a>
        )}
      </td>
      <td data-label={a.kind}>{one.kind === null ? <span class="faint">–</span> : visible(one.kind)}</td>
      <td data-label={w.dimensions.host.one}>{one.host === null ? <span class="faint">–</span> : visible(one.host)}</td>
      <td data-label={a.author} class="faint">
        {one.author === null ? '–' : visible(one.author)}
      </td>
    </tr>
  )
}

/** One line of shell, for the end of a deployment. */
function FromCi() {
  const { w } = useWords()
  const a = w.incidents.annotations
  const command = `curl -sf -H "Authorization: Bearer $FAULTLINE_TOKEN" -H 'content-type: application/json' \\
  -d "{\\"text\\":\\"deploy $VERSION\\",\\"kind\\":\\"deploy\\",\\"at\\":\\"$(date -u +%FT%TZ)\\",\\"by\\":\\"ci\\"}" \\
  ${location.origin}/api/v1/annotations`
  return (
    <section class="from-ci">
      <h2>{a.ci}</h2>
      <p class="faint">{a.ciHint}</p>
      <div class="command">
        <pre tabIndex={0}>{command}</pre>
        <CopyButton text={command} />
      </div>
    </section>
  )
}
