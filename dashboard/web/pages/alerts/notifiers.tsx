/** Where notices go, and what became of them. */
import type { NotifierJson } from '../../../../schema/api/alerts.js'
import { Deliveries } from '../../parts/alerts/deliveries.js'
import { FirstSteps } from '../../parts/alerts/first-steps.js'
import { SendTest } from '../../parts/alerts/send-test.js'
import { Icon } from '../../parts/icon.js'
import { ProblemNote } from '../../parts/problem.js'
import { visible } from '../../../../schema/words/visible.js'
import { attemptText } from '../../parts/alerts/attempt-text.js'
import { useWords } from '../../parts/words.js'
import { useChannels, useNotifiers } from '../../state/alerts.js'
import { linkTo } from '../../state/router.js'

export function NotifiersPage() {
  const { w } = useWords()
  const n = w.alerts.notifiers
  const { data, problem } = useNotifiers()
  return (
    <>
      <header class="page-head">
        <div>
          <h1>{n.title}</h1>
          <p>{n.lead}</p>
        </div>
        <a class="primary" data-needs="admin" href={linkTo({ name: 'notifier', id: 'new' })}>
          <Icon name="plus" />
          {n.create}
        </a>
      </header>
      {problem && <ProblemNote problem={problem} />}
      {!data && !problem && <i class="skeleton tall" />}
      <FirstSteps />
      <ul class="cards">
        {data?.notifiers.map((x) => (
          <Row key={x.id} notifier={x} />
        ))}
      </ul>
      {data && data.notifiers.length > 0 && <Deliveries />}
    </>
  )
}

function Row({ notifier }: { notifier: NotifierJson }) {
  const speech = useWords()
  const { w, f } = speech
  const n = w.alerts.notifiers
  const channel = useChannels(f.lang).data?.types.find((t) => t.type === notifier.type)?.label ?? notifier.type
  const last = notifier.lastDelivery
  return (
    <li class={`notifier-row ${notifier.enabled ? '' : 'off'}`}>
      <div>
        <a class="row-name" href={linkTo({ name: 'notifier', id: notifier.id })}>
          {notifier.name}
        </a>
        {!notifier.enabled && <span class="flag">{n.off}</span>}
        <p class="faint">
          {channel} · {f.language(notifier.language)} ·{' '}
          {notifier.severities.length === 0
            ? n.allSeverities
            : f.list(notifier.severities.map((s) => w.alerts.severities[s]))}
        </p>
      </div>
      <div class="destination" title={notifier.destination}>
        {notifier.destination}
      </div>
      <div>
        {last ? (
          <span class={`delivery ${last.ok ? 'sent' : 'failed'}`} title={last.error ?? undefined}>
            <i aria-hidden="true" />
            {last.ok ? n.ok : n.failed} · {f.moment(Date.parse(last.at))}
          </span>
        ) : (
          <span class="faint">{n.never}</span>
        )}
        {last?.error && <p class={`${last.ok ? 'warn' : 'bad'} small`}>{visible(attemptText(last.error, speech))}</p>}
        {notifier.queued > 0 && <p class="warn small">{n.queued(notifier.queued, f.count(notifier.queued))}</p>}
        {notifier.failed > 0 && <p class="bad small">{n.givenUp(notifier.failed, f.count(notifier.failed))}</p>}
      </div>
      <div class="row-actions">
        <SendTest id={notifier.id} name={notifier.name} />
      </div>
    </li>
  )
}
