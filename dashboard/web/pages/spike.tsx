/** One spike: how far it ran above what was expected, what explains it, what changed, its first requests. */
import { MINUTE } from '../../../schema/words/duration.js'
import { SpikeChart } from '../charts/spike-chart.js'
import { CopyButton } from '../parts/copy.js'
import { Explained, Facts } from '../parts/explained.js'
import { FreezeButton } from '../parts/incidents/freeze-button.js'
import { Foldable } from '../parts/foldable.js'
import { PageHead } from '../parts/page-head.js'
import { ProblemNote } from '../parts/problem.js'
import { later } from '../parts/later.js'
import { FirstRecords } from '../parts/record-table.js'
import { Bell } from '../parts/alerts/bell.js'
import { filtersOf, spikeName, spikeSource, spikeSpan } from '../parts/spike-words.js'
import { Swatch } from '../parts/tags.js'
import { useWords } from '../parts/words.js'
import type { SpikeDetail } from '../state/answers.js'
import { AnnotationsContext, useAnnotations } from '../state/annotations.js'
import { useAnswer } from '../state/api.js'
import { turn, wallClock } from '../state/clock.js'
import { spikePath } from '../state/questions.js'
import { statusClassOf } from '../../../schema/status/status-class.js'
import { linkTo, useView } from '../state/router.js'
import { useStore } from '../state/store.js'

const VerdictRow = later<{ spike: SpikeDetail }>(async () => (await import('../parts/verdict.js')).VerdictRow, true)

export function SpikePage({ id }: { id: string }) {
  const { w, f } = useWords()
  const again = useStore(turn)
  const path = spikePath(id, f.lang, useView().filters)
  const { data, problem } = useAnswer<SpikeDetail>(path, { turn: again, subject: path })
  if (problem && !data) {
    return (
      <div class="page">
        <PageHead title={w.spike.title} />
        {problem.status === 404 || problem.kind === 'absent' ? (
          <div class="empty-range">
            <h1>{w.spike.notFound}</h1>
          </div>
        ) : (
          <ProblemNote problem={problem} />
        )}
      </div>
    )
  }
  if (!data)
    return (
      <div class="page">
        <PageHead title={w.spike.title} />
        <i class="skeleton tall" />
      </div>
    )
  return (
    <div class="page spike-page">
      <OneSpike spike={data} />
    </div>
  )
}

function OneSpike({ spike }: { spike: SpikeDetail }) {
  const speech = useWords()
  const { w, f } = speech
  const at = useStore(wallClock)
  const start = Date.parse(spike.start)
  const end = Date.parse(spike.end)
  const series = spike.series?.points ?? []
  const charted = series.length === 0 ? null : { from: series[0][0], to: series[series.length - 1][0] + MINUTE }
  const written = useAnnotations(charted).data?.annotations ?? []
  const own = { range: { kind: 'span' as const, from: start, to: end }, filters: filtersOf(spike) }
  return (
    <>
      <PageHead
        sign={<Swatch token={`class-${spike.status === null ? spike.statusClass : statusClassOf(spike.status)}`} />}
        title={spikeName(spike, speech)}
        sub={[spikeSource(spike, speech), spikeSpan(spike, speech, at) + f.aside(f.duration(end - start))]
          .filter((part) => part !== '')
          .join(' · ')}
      >
        <CopyButton text={location.href} label={w.spike.share} icon="link" bare />
        <FreezeButton what={{ spike: spike.id }} />
        <a class="control" href={linkTo({ name: 'overview' }, own)}>
          {w.spike.showRequests}
        </a>
        <Bell filters={filtersOf(spike)} of={spikeName(spike, speech)} />
      </PageHead>
      <Foldable class="lead alarm-lead">{spike.summary}</Foldable>
      <Facts spike={spike} />
      <VerdictRow key={spike.id} spike={spike} />
      {spike.series && (
        <AnnotationsContext.Provider value={written}>
          <SpikeChart spike={spike} />
        </AnnotationsContext.Provider>
      )}
      <Explained spike={spike} />
      {spike.firstRecords && spike.firstRecords.length > 0 && (
        <FirstRecords
          records={[...spike.firstRecords].sort((a, b) => (a.time < b.time ? -1 : 1))}
          all={linkTo({ name: 'records' }, own)}
        />
      )}
    </>
  )
}
