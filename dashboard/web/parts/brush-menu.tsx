/** What can be done with a stretch of time chosen on a chart. */
import { useLayoutEffect, useRef } from 'preact/hooks'
import { annotating } from '../state/annotations.js'
import { freezing } from '../state/incidents.js'
import { freezeAndCopy } from './incidents/freeze-and-copy.js'
import type { Asked } from '../state/questions.js'
import { may } from '../state/me.js'
import { change } from '../state/router.js'
import type { View } from '../state/url.js'
import { Icon, type IconName } from './icon.js'
import { onArrows } from './popover.js'
import { useWords } from './words.js'

export interface BrushMenuProps {
  asked: Asked
  range: { from: number; to: number }
  onClose: () => void
}

export function BrushMenu({ asked, range, onClose }: BrushMenuProps) {
  const { w, f } = useWords()
  const b = w.incidents.brush
  const first = useRef<HTMLButtonElement>(null)
  useLayoutEffect(() => first.current?.focus(), [range.from, range.to])
  const span = { kind: 'span' as const, ...range }
  const window = { ...range, filters: asked.view.filters }
  const all: [name: string, icon: IconName, deed: () => void, needs?: 'operate'][] = [
    [b.zoom, 'search', () => change({ range: span })],
    [b.explain, 'question', () => change({ page: { name: 'explain' }, range: span })],
    [b.annotate, 'flag', () => annotating.set({ kind: 'new', ...range, host: hostOf(asked) }), 'operate'],
    [b.compare, 'compare', () => change(against(range, asked.span))],
    [b.freeze, 'snow', () => freezing.set(window), 'operate'],
    [w.incidents.freeze.andCopy, 'link', () => void freezeAndCopy(window, f.lang), 'operate'],
  ]
  const deeds = all.filter(([, , , needs]) => needs === undefined || may(needs))
  return (
    <div class="panel brush-menu" role="group" aria-label={b.label(f.interval(range.from, range.to))}>
      <p class="faint">{f.interval(range.from, range.to)}</p>
      <div class="menu-list" onKeyDown={onArrows}>
        {deeds.map(([name, icon, deed], i) => (
          <button
            key={name}
            ref={i === 0 ? first : undefined}
            type="button"
            data-item
            class="menu-item"
            onClick={() => {
              onClose()
              deed()
            }}
          >
            <Icon name={icon} />
            {name}
          </button>
        ))}
      </div>
    </div>
  )
}

/**
 * The last stretch of that length against the one that was chosen: a window as long as all of the chart would reach into what it is
 * held against. One that touches the last stretch itself is held against the time before it.
 */
function against(range: BrushMenuProps['range'], { to }: Asked['span']): Partial<View> {
  const length = range.to - range.from
  return range.to <= to - length
    ? { range: { kind: 'span', from: to - length, to }, compare: range.from }
    : { range: { kind: 'span', ...range }, compare: 'previous' }
}

/** Whoever looks at one host writes about that one. */
export function hostOf({ view }: Pick<Asked, 'view'>): string {
  const hosts = view.filters.find((one) => one.dimension === 'host' && !one.not)?.values ?? []
  return hosts.length === 1 ? hosts[0] : ''
}
