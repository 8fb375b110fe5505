/** What explains a spike, or any window: its figures, the documented causes with their evidence, what changed. */
import type { Dimension } from '../../../schema/store/query.js'
import type { Spike } from '../../../schema/api/spikes.js'
import { spanOf } from '../state/range.js'
import { linkTo } from '../state/router.js'
import { useRuleNames } from '../state/rule-names.js'
import { CauseBody } from './cause.js'
import { Icon } from './icon.js'
import { isDimension, spikeName } from './spike-words.js'
import { TakeMenu } from './take-menu.js'
import { Value } from './value.js'
import { useWords } from './words.js'

function useRulesOf(spike: Spike): (id: string) => string | undefined {
  return useRuleNames({ span: spanOf(Date.parse(spike.start), Date.parse(spike.end), false) }, [
    ...(spike.scope.securityRuleId === undefined ? [] : [spike.scope.securityRuleId]),
    ...spike.changed.filter((c) => c.dimension === 'securityRuleId').map((c) => c.value),
  ])
}

/** `window`: somebody chose it, nothing was detected. */
export function Facts({ spike, window = false }: { spike: Spike; window?: boolean }) {
  const { w, f } = useWords()
  const start = Date.parse(spike.start)
  const scope = Object.entries(spike.scope).filter(([name]) => isDimension(name)) as [Dimension, string][]
  const ruleOf = useRulesOf(spike)
  return (
    <>
      <dl class="facts-row big">
        <div>
          <dd>{f.count(spike.observed)}</dd>
          <dt>{w.spike.observed}</dt>
        </div>
        {!hasNoPast(spike) && (
          <div>
            <dd>{spike.expected < 10 ? f.decimal(spike.expected) : f.count(spike.expected)}</dd>
            <dt>{w.spike.expected}</dt>
          </div>
        )}
        {spike.score >= 0.5 && (
          <div title={w.spike.scoreHint}>
            <dd>{f.count(spike.score)}</dd>
            <dt>{w.spike.score}</dt>
          </div>
        )}
        {!window && (
          <div>
            <dd>{f.near(Date.parse(spike.detectedAt), start)}</dd>
            <dt>{w.spike.detected}</dt>
          </div>
        )}
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
      {spike.after && <After after={spike.after} />}
    </>
  )
}

/** What people wrote on the time line shortly before it began. */
function After({ after }: { after: NonNullable<Spike['after']> }) {
  const { w } = useWords()
  const at = Date.parse(after.at)
  return (
    <p class="after">
      <Icon name="flag" />
      <span>{after.sentence}</span>
      <a
        href={linkTo(
          { name: 'annotations' },
          { range: { kind: 'span', from: at - AROUND_MS, to: at + AROUND_MS }, filters: [] },
        )}
      >
        {w.incidents.annotations.title}
      </a>
    </p>
  )
}

/** Of a window that the logs hold nothing before: none were expected by nobody. What is seen without being expected has a score. */
export const hasNoPast = ({ expected, score, observed }: Spike): boolean =>
  expected === 0 && score === 0 && observed > 0

const AROUND_MS = 3_600_000

/** `window`: somebody chose it, nothing was detected. */
export function Explained({ spike, window = false }: { spike: Spike; window?: boolean }) {
  const speech = useWords()
  const { w } = speech
  const name = spikeName(spike, speech)
  const others = w.spike.others(/^\d/.test(name) ? name : name.toLowerCase())
  const ruleOf = useRulesOf(spike)
  const [likely, ...unlikely] = spike.causes
  const certain = likely !== undefined && likely.evidence.length > 0
  return (
    <>
      {likely && (
        <section class="likely">
          <h2>{certain ? w.spike.likely : others}</h2>
          {!certain && <p class="faint">{w.spike.noEvidence}</p>}
          <Cause cause={likely} certain={certain} />
          {unlikely.length > 0 && certain && <h2>{others}</h2>}
          {unlikely.map((c) => (
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
      {spike.changed.length > 0 && <Changed spike={spike} ruleOf={ruleOf} window={window} />}
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
                {(e.share !== e.baselineShare || e.text.includes('%')) && (
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

function Changed(props: { spike: Spike; ruleOf: (id: string) => string | undefined; window: boolean }) {
  const { spike, ruleOf, window } = props
  const { w, f } = useWords()
  const share = f.shares(spike.changed.flatMap((c) => [c.share, c.baselineShare]))
  return (
    <section>
      <header class="section-head">
        <h2>
          {w.spike.changed} <small>{window ? w.spike.changedHintOfWindow : w.spike.changedHint}</small>
        </h2>
        <TakeMenu
          take={() => ({
            title: w.spike.changed,
            head: ['dimension', 'value', 'share', 'before'],
            rows: spike.changed.map((c) => [c.dimension, c.value, c.share, c.baselineShare]),
          })}
        />
      </header>
      <div class="scroll-x">
        <table class="plain changed">
          <thead>
            <tr>
              <th scope="col" colSpan={2}>
                {w.table.value}
              </th>
              <td />
              <th scope="col" class="number">
                {window ? w.spike.shareOfWindow : w.spike.share2}
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
                <td class="number">{share(c.share)}</td>
                <td class="number faint">{share(c.baselineShare)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
