/** One spike: how far it ran above what was expected, what explains it, what changed, its first requests. */
import type { Dimension } from '../../../schema/store/query.js'
import type { Spike } from '../../../schema/api/spikes.js'
import { SpikeChart } from '../charts/spike-chart.js'
import { CauseBody } from '../parts/cause.js'
import { CopyButton } from '../parts/copy.js'
import { PageHead } from '../parts/page-head.js'
import { ProblemNote } from '../parts/problem.js'
import { RecordTable } from '../parts/record-table.js'
import { spikeName, spikeSource, spikeSpan } from '../parts/spike-words.js'

import { Swatch } from '../parts/tags.js'
import { Value } from '../parts/value.js'
import { useWords } from '../parts/words.js'
import type { SpikeDetail } from '../state/answers.js'
import { useAnswer } from '../state/api.js'
import { turn } from '../state/clock.js'
import { spikePath } from '../state/questions.js'
import { statusClassOf } from '../../../schema/status/status-class.js'
import { DIMENSION_NAMES } from '../state/dimensions.js'
import { spanOf } from '../state/range.js'
import { useRuleNames } from '../state/rule-names.js'
import { linkTo, useView } from '../state/router.js'
import { useStore } from '../state/store.js'
import type { UrlFilter } from '../state/url.js'

const isDimension = (name: string): name is Dimension => (DIMENSION_NAMES as readonly string[]).includes(name)

/** The filters that show a spike's own requests. A path with `:id` in it stands for many and can not be asked for. */
export function filtersOf(spike: Spike): UrlFilter[] {
  const one = (dimension: Dimension, value: string): UrlFilter => ({ dimension, not: false, values: [value] })
  const filters = [spike.status === null ? one('class', spike.statusClass) : one('status', String(spike.status))]
  if (spike.source !== null) filters.push(one('source', spike.source))
  for (const [name, value] of Object.entries(spike.scope))
    if (isDimension(name) && !value.includes(':id')) filters.push(one(name, value))
  return filters
}

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
  const start = Date.parse(spike.start)
  const end = Date.parse(spike.end)
  const own = { range: { kind: 'span' as const, from: start, to: end }, filters: filtersOf(spike) }
  const scope = Object.entries(spike.scope).filter(([name]) => isDimension(name)) as [Dimension, string][]
  const ruleOf = useRuleNames(
    { span: spanOf(start, end, false) },
    [spike.scope.securityRuleId, ...spike.changed.map((c) => (c.dimension === 'securityRuleId' ? c.value : ''))].filter(
      (rule) => rule !== undefined,
    ),
  )
  const [likely, ...others] = spike.causes
  const certain = likely !== undefined && likely.evidence.length > 0
  return (
    <>
      <PageHead
        sign={<Swatch token={`class-${spike.status === null ? spike.statusClass : statusClassOf(spike.status)}`} />}
        title={spikeName(spike, speech)}
        sub={`${spikeSource(spike, speech)} · ${spikeSpan(spike, speech)} (${f.duration(end - start)})`}
      >
        <CopyButton text={location.href} label={w.spike.share} icon="link" />
        <a class="control" href={linkTo({ name: 'overview' }, own)}>
          {w.spike.showRequests}
        </a>
      </PageHead>
      <p class="lead alarm-lead">{spike.summary}</p>
      <dl class="facts-row big">
        <div>
          <dd>{f.count(spike.observed)}</dd>
          <dt>{w.spike.observed}</dt>
        </div>
        <div>
          <dd>{spike.expected < 10 ? f.decimal(spike.expected) : f.count(spike.expected)}</dd>
          <dt>{w.spike.expected}</dt>
        </div>
        <div title={w.spike.scoreHint}>
          <dd>{f.count(spike.score)}</dd>
          <dt>{w.spike.score}</dt>
        </div>
        <div>
          <dd>{f.near(Date.parse(spike.detectedAt), start)}</dd>
          <dt>{w.spike.detected}</dt>
        </div>
        {scope.length > 0 && (
          <div class="wide">
            <dd class="tag-list">
              {scope.map(([d, v]) => (
                <span key={d} class="scope">
                  <small>{w.dimensions[d].one}</small>
                  <Value dimension={d} value={v} note={d === 'securityRuleId' ? ruleOf(v) : undefined} />
                </span>
              ))}
            </dd>
            <dt>{w.spike.scope}</dt>
          </div>
        )}
      </dl>
      {spike.series && <SpikeChart spike={spike} />}
      {likely && (
        <section class="likely">
          <h2>{certain ? w.spike.likely : w.spike.others(spikeName(spike, speech))}</h2>
          {!certain && <p class="faint">{w.spike.noEvidence}</p>}
          <Cause cause={likely} certain={certain} />
          {others.length > 0 && certain && <h2>{w.spike.others(spikeName(spike, speech))}</h2>}
          {others.map((c) => (
            <details key={c.id} class="other-cause">
              <summary>
                <b>{c.title}</b>
                {c.confidence >= leastTold && <Confidence value={c.confidence} />}
              </summary>
              <Cause cause={c} certain={certain} />
            </details>
          ))}
        </section>
      )}
      {spike.changed.length > 0 && <Changed spike={spike} ruleOf={ruleOf} />}
      {spike.firstRecords && spike.firstRecords.length > 0 && (
        <section>
          <h2>{w.spike.first}</h2>
          <RecordTable records={[...spike.firstRecords].sort((a, b) => (a.time < b.time ? -1 : 1))} />
        </section>
      )}
    </>
  )
}

/** A cause that nothing speaks for needs no row of zeros. */
const leastTold = 0.005

function Confidence({ value }: { value: number }) {
  const { w, f } = useWords()
  return (
    <span class="confidence">
      <svg class="gauge" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
        <rect width={value * 100} height="1" />
      </svg>
      {w.spike.confidence(f.share(value))}
    </span>
  )
}

function Cause({ cause, certain }: { cause: Spike['causes'][number]; certain: boolean }) {
  const { w } = useWords()
  return (
    <CauseBody cause={cause} aside={certain ? <Confidence value={cause.confidence} /> : undefined}>
      {cause.evidence.length > 0 && (
        <div class="proof">
          <h4>{w.spike.evidence}</h4>
          <ul class="evidence">
            {cause.evidence.map((e, i) => (
              <li key={i}>
                {e.share === e.baselineShare && !e.text.includes('%') ? (
                  <i />
                ) : (
                  <Bars share={e.share} before={e.baselineShare} />
                )}
                <span>{e.text}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </CauseBody>
  )
}

/** A share now over the share before: two bars on one ground. */
function Bars({ share, before }: { share: number; before: number }) {
  return (
    <svg class="pair-bars" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect class="now" width={share * 100} height="6" />
      <rect class="then" y="7" width={before * 100} height="3" />
    </svg>
  )
}

function Changed({ spike, ruleOf }: { spike: Spike; ruleOf: (id: string) => string | undefined }) {
  const { w, f } = useWords()
  return (
    <section>
      <h2>
        {w.spike.changed} <small>{w.spike.changedHint}</small>
      </h2>
      <div class="scroll-x">
        <table class="plain changed">
          <thead>
            <tr>
              <th scope="col" colSpan={2}>
                {w.table.value}
              </th>
              <th scope="col" />
              <th scope="col" class="number">
                {w.spike.share2}
              </th>
              <th scope="col" class="number">
                {w.spike.baseline}
              </th>
            </tr>
          </thead>
          <tbody>
            {spike.changed.map((c) => (
              <tr key={c.dimension + c.value}>
                <td class="faint">{isDimension(c.dimension) ? w.dimensions[c.dimension].one : c.dimension}</td>
                <td class="value">
                  {isDimension(c.dimension) ? (
                    <Value
                      dimension={c.dimension}
                      value={c.value}
                      door
                      note={c.dimension === 'securityRuleId' ? ruleOf(c.value) : undefined}
                    />
                  ) : (
                    c.value
                  )}
                </td>
                <td class="pair-cell">
                  <Bars share={c.share} before={c.baselineShare} />
                </td>
                <td class="number">{f.share(c.share)}</td>
                <td class="number faint">{f.share(c.baselineShare)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
