/** One incident as it was known when it was frozen: nothing here asks for logs, so nothing of it ever changes. */
import { useState } from 'preact/hooks'
import type { IncidentJson } from '../../../../schema/api/incidents.js'
import type { Language } from '../../../../schema/words/languages.js'
import { visible } from '../../../../schema/words/visible.js'
import { isUnnamed, restOf, titleIn } from '../../../../analyze/incidents/title.js'
import { WORDS } from '../../../../analyze/incidents/words.js'
import { timelineOf } from '../../../../schema/api/timeline.js'
import { FrozenChart } from '../../charts/frozen-chart.js'
import { Confirm } from '../../parts/alerts/confirm.js'
import { isWeb } from '../../parts/cause.js'
import { CopyButton } from '../../parts/copy.js'
import { Explained, Facts } from '../../parts/explained.js'
import { FrozenTables } from '../../parts/incidents/frozen-tables.js'
import { Icon } from '../../parts/icon.js'
import { Foldable } from '../../parts/foldable.js'
import { PageHead } from '../../parts/page-head.js'
import { Popover } from '../../parts/popover.js'
import { ProblemNote } from '../../parts/problem.js'
import { FirstRecords } from '../../parts/record-table.js'
import { useWords } from '../../parts/words.js'
import { AnnotationsContext } from '../../state/annotations.js'
import { refresh } from '../../state/clock.js'
import { linkCopied, removeIncident, useIncident } from '../../state/incidents.js'
import { change, linkTo } from '../../state/router.js'
import { useStore } from '../../state/store.js'

export function IncidentOne({ id }: { id: string }) {
  const { w } = useWords()
  const { data, problem } = useIncident(id)
  if (data) return <Shown incident={data} />
  return (
    <>
      <PageHead title={w.incidents.one} />
      {!problem && <i class="skeleton tall" />}
      {problem?.status === 404 && (
        <div class="empty-range">
          <h1>{w.incidents.notFound}</h1>
        </div>
      )}
      {problem && problem.status !== 404 && <ProblemNote problem={problem} onRetry={() => refresh()} />}
    </>
  )
}

function Shown({ incident }: { incident: IncidentJson }) {
  const { w, f } = useWords()
  const i = w.incidents
  const { frozen } = incident
  const spike = frozen.explained?.[f.lang as keyof typeof frozen.explained] ?? null
  const range = { from: Date.parse(incident.from), to: Date.parse(incident.to) }
  const unnamed = isUnnamed(incident)
  const title = titleIn(incident, f.lang as Language)
  const frozenAt = f.full(Date.parse(incident.createdAt))
  const copied = useStore(linkCopied) === incident.id
  return (
    <AnnotationsContext.Provider value={frozen.annotations}>
      <PageHead
        title={title}
        sub={`${f.interval(range.from, range.to)} ${f.zoneName(range.from)}${f.aside(f.duration(range.to - range.from))}`}
      >
        <CopyButton text={location.href} label={w.spike.share} icon="link" />
        <Exports id={incident.id} />
        <Delete incident={incident} />
      </PageHead>
      <p class="faint frozen-note">
        <Icon name="snow" />
        {i.frozen(frozenAt, visible(incident.author ?? ''))}
      </p>
      {copied && (
        <p class="link-copied" role="status">
          <Icon name="check" />
          {i.freeze.copied}
        </p>
      )}
      <Foldable class="lead alarm-lead">
        {spike === null ? WORDS[f.lang as 'en'].calm : restOf(spike.summary, unnamed ? title : '')}
      </Foldable>
      {spike && <Facts spike={spike} window={frozen.selection.spike === null} />}
      <dl class="facts-row">
        {!spike && (
          <div>
            <dd>{f.count(frozen.figures.requests)}</dd>
            <dt>{w.table.requests}</dt>
          </div>
        )}
        <div>
          <dd>{f.share(frozen.figures.share)}</dd>
          <dt>{i.ofAll}</dt>
        </div>
        {frozen.figures.clients !== null && (
          <div>
            <dd>{f.count(frozen.figures.clients)}</dd>
            <dt>{i.clients}</dt>
          </div>
        )}
        <div>
          <dd>
            <a href={linkTo({ name: 'overview' }, { range: { kind: 'span', ...range }, filters: [] })}>{i.nowThere}</a>
          </dd>
          <dt>{i.nowHint}</dt>
        </div>
      </dl>
      <Timeline incident={incident} />
      <FrozenChart title={i.chosen} by="status" chart={frozen.charts.selection} range={range} />
      <FrozenChart title={i.everybody} by="class" chart={frozen.charts.classes} range={range} />
      {spike && <Explained spike={spike} window={frozen.selection.spike === null} />}
      <FrozenTables incident={incident} />
      {frozen.records.length > 0 && <FirstRecords records={frozen.records} />}
    </AnnotationsContext.Provider>
  )
}

const FORMATS = ['html', 'md', 'csv', 'json'] as const

function Exports({ id }: { id: string }) {
  const { w, f } = useWords()
  const i = w.incidents
  return (
    <Popover
      align="right"
      name="export"
      button={
        <>
          <Icon name="download" />
          {i.export}
          <Icon name="down" />
        </>
      }
    >
      {(close) => (
        <div class="menu-list">
          {FORMATS.map((format) => (
            <a
              key={format}
              class="menu-item"
              href={`/api/v1/incidents/${encodeURIComponent(id)}?format=${format}&lang=${f.lang}`}
              download={`incident-${id}.${format}`}
              onClick={() => close()}
            >
              {i.formats[format]}
            </a>
          ))}
          <button
            type="button"
            class="menu-item"
            onClick={() => {
              close()
              print()
            }}
          >
            {i.formats.print}
          </button>
        </div>
      )}
    </Popover>
  )
}

function Delete({ incident }: { incident: IncidentJson }) {
  const { w, f } = useWords()
  const [asked, setAsked] = useState(false)
  return (
    <>
      <button
        type="button"
        class="control square"
        data-needs="operate"
        aria-label={w.alerts.common.delete}
        title={w.alerts.common.delete}
        onClick={() => setAsked(true)}
      >
        <Icon name="trash" />
      </button>
      {asked && (
        <Confirm
          title={w.incidents.deleteTitle}
          text={w.incidents.deleteText(visible(titleIn(incident, f.lang as Language)))}
          submit={w.alerts.common.delete}
          run={() => removeIncident(incident.id)}
          onClose={() => setAsked(false)}
          onDone={() => change({ page: { name: 'incidents' } })}
        />
      )}
    </>
  )
}

function Timeline({ incident }: { incident: IncidentJson }) {
  const { f } = useWords()
  const words = WORDS[f.lang as 'en']
  const start = Date.parse(incident.from)
  return (
    <section>
      <h2>{words.timeline}</h2>
      <ol class="timeline">
        {timelineOf(incident).map((event, i) => {
          const at = Date.parse(event.at)
          return (
            <li key={i} class={event.kind}>
              <time dateTime={event.at} title={f.full(at)}>
                {f.near(at, start)}
              </time>
              <span>
                {visible(words.events[event.kind](event.text, event.who ?? ''))}
                {event.note !== '' && <span class="faint"> {visible(event.note)}</span>}
                {event.url !== null && isWeb(event.url) && (
                  <>
                    {' '}
                    <a href={event.url} target="_blank" rel="noreferrer noopener">
                      {visible(event.url)} ↗
                    </a>
                  </>
                )}
              </span>
            </li>
          )
        })}
      </ol>
    </section>
  )
}
