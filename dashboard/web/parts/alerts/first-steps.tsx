/** Where nobody can be told yet: from here to a Slack alert. */
import { useNotifiers, useRules } from '../../state/alerts.js'
import { linkTo } from '../../state/router.js'
import { Icon } from '../icon.js'
import { useWords } from '../words.js'

/** Nothing once there is a notifier. */
export function FirstSteps() {
  const { w } = useWords()
  const n = w.alerts.notifiers
  const notifiers = useNotifiers().data?.notifiers
  const rules = useRules().data?.rules ?? []
  if (!notifiers || notifiers.length > 0) return null
  const watched = rules.some((r) => r.enabled)
  return (
    <section class="first-steps" aria-label={n.stepsTitle}>
      <h2>{n.stepsTitle}</h2>
      <p class="faint">{n.stepsLead}</p>
      <ol>
        <li>
          <h3>{n.stepOne}</h3>
          <p>{n.stepOneText}</p>
        </li>
        <li>
          <h3>{n.stepTwo}</h3>
          <p>{n.stepTwoText}</p>
          <div class="step-doors">
            <a class="primary" data-needs="admin" href={linkTo({ name: 'notifier', id: 'new:slack' })}>
              {n.stepSlack}
            </a>
            <a class="control" href={linkTo({ name: 'notifier', id: 'new' })}>
              {n.stepOther}
            </a>
          </div>
        </li>
        <li class={watched ? 'done' : ''}>
          <h3>
            {n.stepThree}
            {watched && (
              <span class="flag good">
                <Icon name="check" />
                {n.stepDone}
              </span>
            )}
          </h3>
          <p>{rules.length === 0 ? n.stepThreeLater : n.stepThreeText}</p>
          <div class="step-doors">
            <a class="control" href={linkTo({ name: 'rules' })}>
              {n.stepRules}
            </a>
          </div>
        </li>
      </ol>
    </section>
  )
}
