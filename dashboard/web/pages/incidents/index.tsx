/** Pages of what people write and keep of a trouble, by what the address names; and their dialogs. */
import { AnnotationDialogs } from '../../parts/incidents/annotation-dialog.js'
import { FreezeDialogs } from '../../parts/incidents/freeze-dialog.js'
import { useWords } from '../../parts/words.js'
import { linkTo } from '../../state/router.js'
import type { IncidentPage } from '../../state/url.js'
import { AnnotationsPage } from './annotations.js'
import { IncidentOne } from './incident.js'
import { IncidentsPage } from './list.js'

export function CurrentIncidentPage({ page }: { page: IncidentPage }) {
  const { w } = useWords()
  const lists = [
    { name: 'incidents' as const, text: w.incidents.title, on: page.name !== 'annotations' },
    { name: 'annotations' as const, text: w.incidents.annotations.title, on: page.name === 'annotations' },
  ]
  return (
    <div class="page alerting">
      <div class="sections" role="navigation" aria-label={w.incidents.pages}>
        {lists.map(({ name, text, on }) => (
          <a key={name} href={linkTo({ name })} aria-current={on ? 'page' : undefined}>
            {text}
          </a>
        ))}
      </div>
      {page.name === 'annotations' ? (
        <AnnotationsPage />
      ) : page.name === 'incidents' ? (
        <IncidentsPage />
      ) : (
        <IncidentOne key={page.id} id={page.id} />
      )}
    </div>
  )
}

export function IncidentDialogs() {
  return (
    <>
      <AnnotationDialogs />
      <FreezeDialogs />
    </>
  )
}
