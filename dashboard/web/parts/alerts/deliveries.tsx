/** What became of every notice. */
import { useState } from 'preact/hooks'
import type { DeliveryJson } from '../../../../schema/api/alerts.js'
import { DELIVERY_STATES } from '../../state/alerts-lists.js'
import { act, problemOf, useDeliveries } from '../../state/alerts.js'
import type { Problem } from '../../state/api.js'
import { nameIn } from '../../../../schema/words/starters.js'
import { linkTo } from '../../state/router.js'
import { visible } from '../../../../schema/words/visible.js'
import { ProblemNote } from '../problem.js'
import { attemptText } from './attempt-text.js'
import { placeText } from './rule-words.js'
import { takingOfDeliveries } from '../../state/takings.js'
import { TakeMenu } from '../take-menu.js'
import { useWords } from '../words.js'

const pageSize = 25
/** What one answer of the service holds at most. */
const most = 500

export function Deliveries({ notifier = null }: { notifier?: string | null }) {
  const { w } = useWords()
  const d = w.alerts.deliveries
  const [state, setState] = useState('')
  const [limit, setLimit] = useState(pageSize)
  const { data, problem, loading } = useDeliveries(state, notifier, limit)
  return (
    <section class="deliveries">
      <header class="section-head">
        <h2>
          {d.title} <small>{d.lead}</small>
        </h2>
        <span class="section-doors">
          <select aria-label={d.filter} value={state} onChange={(e) => setState(e.currentTarget.value)}>
            <option value="">{w.alerts.common.all}</option>
            {DELIVERY_STATES.map((s) => (
              <option key={s} value={s}>
                {d.states[s]}
              </option>
            ))}
          </select>
          {data && data.deliveries.length > 0 && <TakeMenu take={() => takingOfDeliveries(d.title, data.deliveries)} />}
        </span>
      </header>
      {problem && <ProblemNote problem={problem} />}
      {data?.deliveries.length === 0 && <p class="faint">{d.none}</p>}
      {data && data.deliveries.length > 0 && (
        <table class="plain stacking" aria-busy={loading}>
          <caption class="unseen">{d.title}</caption>
          <thead>
            <tr>
              <th scope="col">{d.when}</th>
              <th scope="col">{d.state}</th>
              <th scope="col">{d.to}</th>
              <th scope="col">{d.about}</th>
              <th scope="col">{d.attempts}</th>
            </tr>
          </thead>
          <tbody>
            {data.deliveries.map((x) => (
              <Row key={x.id} delivery={x} />
            ))}
          </tbody>
        </table>
      )}
      {data?.next !== null && data && limit < most && (
        <div class="more">
          <button type="button" class="control" onClick={() => setLimit(Math.min(most, limit * 4))}>
            {w.alerts.common.older}
          </button>
        </div>
      )}
    </section>
  )
}

type Told = DeliveryJson['alerts'][number]

/** Of one rule and in one phase: they differ in where they are. */
function alike(alerts: readonly Told[]): Told[][] {
  const groups = new Map<string, Told[]>()
  for (const one of alerts) {
    const key = `${one.rule} ${one.phase}`
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()]
}

function Row({ delivery }: { delivery: DeliveryJson }) {
  const speech = useWords()
  const { w, f } = speech
  const d = w.alerts.deliveries
  const why = (a: DeliveryJson['attempts'][number]): string => visible(attemptText(a.error ?? '', speech))
  const [problem, setProblem] = useState<Problem | null>(null)
  const created = Date.parse(delivery.createdAt)
  const last = delivery.attempts.at(-1)
  const open = delivery.state === 'failed' || delivery.state === 'queued'
  const retry = (): void => {
    act('POST', `notifiers/deliveries/${encodeURIComponent(delivery.id)}/retry`).then(
      () => setProblem(null),
      (error: unknown) => setProblem(problemOf(error)),
    )
  }
  return (
    <tr>
      <td title={f.full(created)}>{f.moment(created)}</td>
      <td>
        <span class={`delivery ${delivery.state}`}>
          <i aria-hidden="true" />
          {d.states[delivery.state]}
        </span>
      </td>
      <td>
        <a href={linkTo({ name: 'notifier', id: delivery.notifier })}>{visible(delivery.notifierName)}</a>
      </td>
      <td class="wrap">
        {delivery.reason === 'test'
          ? d.testNotice
          : alike(delivery.alerts).map((group) => (
              <span key={group[0].episode} class="notice-alerts">
                {visible(nameIn(group[0].name, f.lang))}{' '}
                <span class="faint">{w.alerts.one.phases[group[0].phase] ?? group[0].phase}</span>{' '}
                {group.map((a) => (
                  <a key={a.episode} href={linkTo({ name: 'alert', id: a.episode })}>
                    {placeText(a.labels, speech) || w.alerts.common.everywhere}
                  </a>
                ))}
              </span>
            ))}
        {delivery.reason === 'repeat' && <span class="flag">{d.reasons.repeat}</span>}
      </td>
      <td class="attempts">
        {last && (!last.ok || last.error) && (
          <span class={last.ok ? 'warn' : 'bad'}>
            {why(last) || (last.status === null ? '' : d.status(String(last.status)))}
          </span>
        )}
        {delivery.attempts.length > 0 && (
          <details>
            <summary>{d.show(delivery.attempts.length, f.count(delivery.attempts.length))}</summary>
            <ol>
              {delivery.attempts.map((a, i) => (
                <li key={i}>
                  {f.full(Date.parse(a.at))} ·{' '}
                  {a.ok ? [w.alerts.notifiers.ok, why(a)].filter(Boolean).join(' · ') : why(a)}
                  {a.status !== null && ` · ${d.status(String(a.status))}`} · {d.took(f.millis(a.milliseconds))}
                </li>
              ))}
            </ol>
            <p class="faint small">
              {d.id}: <code>{delivery.id}</code>
            </p>
          </details>
        )}
        {delivery.dueAt && <span class="faint">{d.next(f.moment(Date.parse(delivery.dueAt)))} </span>}
        {open && delivery.reason !== 'test' && (
          <button type="button" class="link" data-needs="operate" onClick={retry}>
            {d.retry}
          </button>
        )}
        {problem && <ProblemNote problem={problem} />}
      </td>
    </tr>
  )
}
