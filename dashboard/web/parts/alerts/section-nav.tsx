/** The pages of alerting, side by side. */
import { firing } from '../../state/alerts.js'
import { linkTo, useView } from '../../state/router.js'
import { useStore } from '../../state/store.js'
import type { Page } from '../../state/url.js'
import { useWords } from '../words.js'

const SECTIONS = [
  { name: 'alerts', also: ['alert'] },
  { name: 'rules', also: ['rule'] },
  { name: 'silences', also: [] },
  { name: 'notifiers', also: ['notifier'] },
] as const satisfies readonly { name: Page['name']; also: readonly Page['name'][] }[]

export const ALERT_PAGES: readonly Page['name'][] = SECTIONS.flatMap((s) => [s.name, ...s.also])

export function SectionNav() {
  const { w, f } = useWords()
  const { page } = useView()
  const count = useStore(firing)?.length ?? 0
  return (
    <div class="sections" role="navigation" aria-label={w.alerts.pages.label}>
      {SECTIONS.map((s) => (
        <a
          key={s.name}
          href={linkTo({ name: s.name })}
          aria-current={page.name === s.name || (s.also as readonly string[]).includes(page.name) ? 'page' : undefined}
        >
          {w.alerts.pages[s.name]}
          {s.name === 'alerts' && count > 0 && <span class="firing-count">{f.count(count)}</span>}
        </a>
      ))}
    </div>
  )
}
