/** What fires now, and what did. */
import { useState } from 'preact/hooks'
import type { EpisodeJson } from '../../../../schema/api/alerts.js'
import { MINUTE } from '../../../../schema/words/duration.js'
import { visible } from '../../../../schema/words/visible.js'
import { AlertActions } from '../../parts/alerts/alert-actions.js'
import { FirstSteps } from '../../parts/alerts/first-steps.js'
import { labelsText, peakText, usualText, valueAgainst } from '../../parts/alerts/rule-words.js'
import { LabelList, SeverityMark } from '../../parts/alerts/tags.js'
import { Finder } from '../../parts/finder.js'
import { Icon } from '../../parts/icon.js'
import { TakeMenu } from '../../parts/take-menu.js'
import { takingOfEpisodes } from '../../state/takings.js'
import { ProblemNote } from '../../parts/problem.js'
import { useWords } from '../../parts/words.js'
import { SEVERITIES } from '../../state/alerts-lists.js'
import { firing, firingProblem, useHistory, useRules } from '../../state/alerts.js'
import { folded } from '../../state/catalogue.js'
import { now, refresh } from '../../state/clock.js'
import { change, linkTo, useView } from '../../state/router.js'
import { reachable } from '../../state/api.js'
import { useStore } from '../../state/store.js'

const pageSize = 50

export function AlertsPage() {
  const { w } = useWords()
  const alerts = useStore(firing)
  const unknown = useStore(firingProblem)
  return (
    <>
      <header class="page-head">
        <h1>{w.alerts.pages.alerts}</h1>
      </header>
      <FirstSteps />
      <section class="firing-now">
        <h2>{w.alerts.now.title}</h2>
        {unknown && <ProblemNote problem={unknown} onRetry={() => refresh()} />}
        {alerts === null && !unknown && <i class="skeleton" />}
        {alerts?.length === 0 && <Quiet />}
        {alerts && alerts.length > 0 && (
          <ul class="cards">
            {[...alerts]
              .sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity))
              .map((a) => (
                <Firing key={a.id} alert={a} />
              ))}
          </ul>
        )}
      </section>
      <History />
    </>
  )
}

/** Rules that were evaluated longer ago say nothing of now, ms: as long as a delivery may be late on the overview. */
const staleMs = 30 * MINUTE

/** That nothing fires is known only of the time up to which rules were evaluated. */
function Quiet() {
  const { w, f } = useWords()
  const n = w.alerts.now
  const online = useStore(reachable)
  const at = useStore(now)
  const { data, problem } = useRules()
  const on = data?.rules.filter((r) => r.enabled).length ?? 0
  if (!data) return problem ? null : <i class="skeleton" />
  const upTo = data.watermark === null ? null : Date.parse(data.watermark)
  const known = on > 0 && upTo !== null && at - upTo < staleMs && online && !problem
  return (
    <div class="all-quiet">
      {known && <Icon name="check" />}
      <p>
        <strong>{n.quiet}</strong> {on === 0 ? n.noRules : n.quietRules(on, f.count(on))}{' '}
        {on > 0 && (upTo === null ? n.notYet : n.quietSince(f.full(upTo)))}
      </p>
      {on === 0 && (
        <a class="control" href={linkTo({ name: 'rules' })}>
          {n.toRules}
        </a>
      )}
    </div>
  )
}

/** What else is to be known of an alert that fires. */
export function AlertFlags({ alert }: { alert: EpisodeJson }) {
  const { w } = useWords()
  const n = w.alerts.now
  return (
    <>
      {alert.acknowledged && (
        <span class="flag good" title={alert.acknowledged.note}>
          <Icon name="check" />
          {n.acknowledged(alert.acknowledged.by)}
        </span>
      )}
      {alert.muted && (
        <span class="flag" title={n.mutedHint(alert.muted)}>
          {n.muted}
        </span>
      )}
      {alert.flapping && (
        <span class="flag" title={n.flappingHint}>
          {n.flapping}
        </span>
      )}
      {alert.noData && (
        <span class="flag" title={n.noDataHint}>
          {n.noData}
        </span>
      )}
    </>
  )
}

function Firing({ alert }: { alert: EpisodeJson }) {
  const speech = useWords()
  const { w, f } = speech
  const n = w.alerts.now
  const since = Date.parse(alert.firedAt)
  const at = useStore(now)
  const usual = usualText(alert, speech)
  const told = [...new Set(alert.notified.map((x) => visible(x.notifier)))]
  const missed = alert.failing.map((x) => visible(x.notifier))
  const attempts = alert.failing.reduce((sum, x) => sum + x.attempts, 0)
  return (
    <li class={`firing-row ${alert.acknowledged || alert.muted ? 'calm' : ''}`}>
      <div class="firing-head">
        <SeverityMark severity={alert.severity} />
        <a
          href={linkTo({ name: 'alert', id: alert.id })}
          aria-label={n.open(`${alert.name}, ${labelsText(alert.labels, speech)}`)}
        >
          {alert.name}
        </a>
        <AlertFlags alert={alert} />
      </div>
      <LabelList labels={alert.labels} />
      <p class="firing-facts">
        <strong>{valueAgainst(alert, speech)}</strong>
        {usual !== null && <span>{n.usually(usual)}</span>}
        <span title={f.full(since)}>
          {n.firingSince(f.moment(since))}
          {f.aside(f.duration(Math.max(0, at - since)))}
        </span>
        {(told.length > 0 || missed.length === 0) && <span>{told.length > 0 ? n.told(f.list(told)) : n.untold}</span>}
        {missed.length > 0 && <span class="bad">{n.trying(f.list(missed), attempts, f.count(attempts))}</span>}
      </p>
      <AlertActions alert={alert} />
    </li>
  )
}

function History() {
  const speech = useWords()
  const { w, f } = speech
  const h = w.alerts.history
  const { search } = useView()
  const [limit, setLimit] = useState(pageSize)
  const { data, problem, loading } = useHistory(limit)
  const words = folded(search)
    .split(/\s+/)
    .filter((x) => x !== '')
  const shown = data?.alerts.filter((a) =>
    words.every((x) =>
      folded(`${a.name} ${Object.values(a.labels).join(' ')} ${labelsText(a.labels, speech)}`).includes(x),
    ),
  )
  return (
    <section>
      <header class="section-head">
        <h2>{h.title}</h2>
        {data && data.alerts.length > 0 && (
          <span class="section-doors">
            <Finder label={h.search} value={search} />
            <TakeMenu take={() => takingOfEpisodes(h.title, shown ?? [])} />
          </span>
        )}
      </header>
      {problem && <ProblemNote problem={problem} />}
      {data?.alerts.length === 0 && (
        <div class="nothing-yet">
          <strong>{h.empty}</strong>
          <p>{h.emptyHint}</p>
        </div>
      )}
      {!data && !problem && <i class="skeleton tall" />}
      {shown && data && data.alerts.length > 0 && (
        <table class="plain stacking" aria-busy={loading}>
          <caption class="unseen">{h.title}</caption>
          <thead>
            <tr>
              <th scope="col">{h.fired}</th>
              <th scope="col">{w.alerts.now.rule}</th>
              <th scope="col">{w.alerts.now.where}</th>
              <th scope="col" class="number">
                {w.alerts.now.peak}
              </th>
              <th scope="col" class="number">
                {h.lasted}
              </th>
              <th scope="col">{h.ended}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((a) => (
              <Past key={a.id} alert={a} />
            ))}
            {shown.length === 0 && (
              <tr class="none">
                <td colSpan={6}>{h.none}</td>
              </tr>
            )}
          </tbody>
        </table>
      )}
      {data?.next && limit < 1000 && (
        <div class="more">
          <button type="button" class="control" onClick={() => setLimit(Math.min(1000, limit * 4))}>
            {w.alerts.common.older}
          </button>
        </div>
      )}
      {shown && (
        <p class="unseen" role="status">
          {h.total(shown.length, f.count(shown.length))}
        </p>
      )}
    </section>
  )
}

function Past({ alert }: { alert: EpisodeJson }) {
  const speech = useWords()
  const { w, f } = speech
  const page = { name: 'alert' as const, id: alert.id }
  const fired = Date.parse(alert.firedAt)
  const resolved = alert.resolvedAt === null ? null : Date.parse(alert.resolvedAt)
  return (
    <tr
      class="door"
      onClick={(e) => {
        if (!(e.target instanceof Element && e.target.closest('a'))) change({ page })
      }}
    >
      <td title={f.full(fired)}>{f.moment(fired)}</td>
      <td class="name">
        <SeverityMark severity={alert.severity} />{' '}
        <a href={linkTo(page)} aria-label={w.alerts.now.open(alert.name)}>
          {alert.name}
        </a>
      </td>
      <td class="wrap">{labelsText(alert.labels, speech)}</td>
      <td class="number" data-label={w.alerts.now.peak}>
        {peakText(alert, speech)}
      </td>
      <td class="number" data-label={w.alerts.history.lasted}>
        {resolved === null ? w.alerts.history.ongoing : f.duration(resolved - fired)}
      </td>
      <td>
        {alert.reason ? w.alerts.endings[alert.reason] : ''}
        {alert.flapping && (
          <span class="flag" title={w.alerts.now.flappingHint}>
            {w.alerts.now.flapping}
          </span>
        )}
      </td>
    </tr>
  )
}
