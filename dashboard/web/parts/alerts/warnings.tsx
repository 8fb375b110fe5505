/** What a rule can hardly be meant to do, in the service's words. */
import type { RuleWarning } from '../../../../schema/api/alerts.js'
import { Icon } from '../icon.js'

export function Warnings({ of }: { of: readonly RuleWarning[] }) {
  return (
    <>
      {of.map(({ code, message }) => (
        <p key={code} class="aside warn">
          <Icon name="info" />
          {message}
        </p>
      ))}
    </>
  )
}
