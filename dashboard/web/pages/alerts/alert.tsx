/** One alert: since when, how much, where, who was told; and what can be done about it. */
import { noteOf } from '../../state/rule-notes.js'
import type { EpisodeJson } from '../../../../schema/api/alerts.js'
import { visible } from '../../../../schema/words/visible.js'
import { AlertActions } from '../../parts/alerts/alert-actions.js'
import { PreviewChart } from '../../parts/alerts/preview-chart.js'
import { filtersOfAlert, peakText, placeText, ruleText, unitText, usualText } from '../../parts/alerts/rule-words.js'
import { LabelList, SeverityTag, SeverityMark } from '../../parts/alerts/tags.js'
import { CopyButton } from '../../parts/copy.js'
import { Untold } from '../../parts/alerts/untold.js'
import { PageHead } from '../../parts/page-head.js'
import { ProblemNote } from '../../parts/problem.js'
import { useWords } from '../../parts/words.js'
import { usePreview } from '../../state/alerts-preview.js'
import { useAlert, useRules } from '../../state/alerts.js'
import { now } from '../../state/clock.js'
import { recoverOf } from '../../state/rules.js'
import { linkTo } from '../../state/router.js'
import { useStore } from '../../state/store.js'
import { AlertFlags } from './alerts.js'

const minute = 60_000
const leastAroundMs = 60 * minute

/** The alert with as much before and after it as it lasted. */
function around(alert: EpisodeJson, at: number): { from: number; to: number } {
  const start = Date.parse(alert.pendingAt)
  const end = alert.resolvedAt === null ? at : Date.parse(alert.resolvedAt)
  const room = Math.max(leastAroundMs, end - start)
  return {
    from: Math.floor((start - room) / minute) * minute,
    to: Math.ceil(Math.min(end + room, at) / minute) * minute,
  }
}

export function AlertOne({ id }: { id: string }) {
  const { w, f } = useWords()
  const { data, problem } = useAlert(id, f.lang)
  if (problem && !data)
    return (
      <>
        <PageHead title={w.alerts.pages.alert} />
        {problem.status === 404 ? (
          <div class="empty-range">
            <h1>{w.alerts.one.notFound}</h1>
          </div>
        ) : (
          <ProblemNote problem={problem} />
        )}
      </>
    )
  if (!data)
    return (
      <>
        <PageHead title={w.alerts.pages.alert} />
        <i class="skeleton tall" />
      </>
    )
  return <Shown alert={data} />
}

function Shown({ alert }: { alert: EpisodeJson }) {
  const speech = useWords()
  const { w, f } = speech
  const o = w.alerts.one
  const at = useStore(now)
  const rules = useRules().data?.rules
  const rule = rules?.find((r) => r.id === alert.rule) ?? null
  const range = around(alert, at)
  const preview = usePreview(rule, range)
  const usual = usualText(alert, speech)
  const fired = Date.parse(alert.firedAt)
  const resolved = alert.resolvedAt === null ? null : Date.parse(alert.resolvedAt)
  const recover = rule && recoverOf(rule.expr)
  return (
    <>
      <PageHead
        sign={<SeverityMark severity={alert.severity} />}
        title={[alert.name, placeText(alert.labels, speech)].filter((part) => part !== '').join(' · ')}
        sub={
          alert.state === 'firing'
            ? w.alerts.states.firing.name
            : alert.reason
              ? w.alerts.endings[alert.reason]
              : o.resolved
        }
      >
        <CopyButton text={location.href} label={w.spike.share} icon="link" />
        <a
          class="control"
          href={linkTo(
            { name: 'overview' },
            { range: { kind: 'span', ...range }, filters: filtersOfAlert(alert.labels, rule) },
          )}
        >
          {o.requests}
        </a>
      </PageHead>
      <p class="alert-flags">
        <SeverityTag severity={alert.severity} />
        <AlertFlags alert={alert} />
        <LabelList labels={alert.labels} />
      </p>
      <AlertActions alert={alert} />
      <dl class="facts-row big">
        {alert.observed !== null && (
          <div>
            <dd>{f.count(alert.observed)}</dd>
            <dt>{o.observed}</dt>
          </div>
        )}
        {alert.observed !== null && alert.expected !== null && (
          <div>
            <dd>{f.decimal(alert.expected)}</dd>
            <dt>{o.expected}</dt>
          </div>
        )}
        <div>
          <dd>{alert.observed === null ? peakText(alert, speech) : unitText(alert.value ?? 0, alert.unit, speech)}</dd>
          <dt>{alert.observed === null ? o.peak : o.score}</dt>
        </div>
        {alert.threshold !== null && (
          <div>
            <dd>{unitText(alert.threshold, alert.unit, speech)}</dd>
            <dt>{o.threshold}</dt>
          </div>
        )}
        {usual !== null && (
          <div>
            <dd>{usual}</dd>
            <dt>{o.usual}</dt>
          </div>
        )}
        <div title={f.full(fired)}>
          <dd>{f.moment(fired)}</dd>
          <dt>{o.fired}</dt>
        </div>
        <div>
          <dd>{resolved === null ? w.alerts.history.ongoing : f.moment(resolved)}</dd>
          <dt>{resolved === null ? w.alerts.now.state : o.resolved}</dt>
        </div>
        <div>
          <dd>{f.duration((resolved ?? at) - fired)}</dd>
          <dt>{w.alerts.history.lasted}</dt>
        </div>
      </dl>
      {alert.history && <p class="aside">{o.history}</p>}
      {rule && (
        <PreviewChart
          data={preview.data}
          loading={preview.loading}
          title={o.around}
          recover={recover}
          height={220}
          fired={{ from: fired, to: resolved ?? at }}
        />
      )}
      {alert.explanation && (
        <section>
          <h2>{w.spike.likely}</h2>
          <p>
            <strong>{alert.explanation.cause}</strong>
            {alert.explanation.confidence !== null && (
              <>
                {' '}
                <span class="faint">{w.spike.confidence(f.share(alert.explanation.confidence))}</span>
              </>
            )}
          </p>
          {alert.explanation.firstCheck && <p>{o.check(alert.explanation.firstCheck)}</p>}
          {alert.explanation.spike && (
            <p class="step-doors">
              <a class="control" href={linkTo({ name: 'spike', id: alert.explanation.spike })}>
                {w.sentence.open}
              </a>
            </p>
          )}
        </section>
      )}
      <section>
        <h2>{w.alerts.pages.rule}</h2>
        {rule ? (
          <>
            <p>{ruleText(rule, speech)}</p>
            {rule.note && <p class="faint">{noteOf(rule, f.lang)}</p>}
            <p class="step-doors">
              <a class="control" href={linkTo({ name: 'rule', id: rule.id })}>
                {o.rule}
              </a>
              {rule.runbook && (
                <a class="control" href={rule.runbook} target="_blank" rel="noreferrer noopener">
                  {w.alerts.editor.runbook} ↗
                </a>
              )}
            </p>
          </>
        ) : (
          rules && <p class="faint">{o.ruleGone}</p>
        )}
      </section>
      <section>
        <h2>{o.told}</h2>
        {alert.notified.length + alert.failing.length === 0 && <p class="faint">{o.toldNobody}</p>}
        <ul class="told">
          <Untold alert={alert} at={at} />
          {alert.notified.map((n, i) => (
            <li key={i}>
              <strong>{visible(n.notifier)}</strong> <span>{o.phases[n.phase] ?? n.phase}</span>{' '}
              <span class="faint">{f.full(Date.parse(n.at))}</span>
            </li>
          ))}
        </ul>
        {alert.acknowledged && (
          <p>
            {w.alerts.now.acknowledged(alert.acknowledged.by)}{' '}
            <span class="faint">
              {f.full(Date.parse(alert.acknowledged.at))} {alert.acknowledged.note}
            </span>
          </p>
        )}
      </section>
    </>
  )
}
