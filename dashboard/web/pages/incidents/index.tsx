/** Pages of what people write and keep of a trouble, by what the address names. */
import type { IncidentPage } from '../../state/url.js'
import { AnnotationsPage } from './annotations.js'

export { AnnotationDialogs } from '../../parts/incidents/annotation-dialog.js'

export function CurrentIncidentPage(_: { page: IncidentPage }) {
  return (
    <div class="page alerting">
      <AnnotationsPage />
    </div>
  )
}
