/** What people wrote, on a chart: a line where it was, a band for as long as it was, a flag at the foot that opens it. */
import { visible } from '../../../schema/words/visible.js'
import { Icon } from '../parts/icon.js'
import { useWords } from '../parts/words.js'
import { annotating, endOf, startOf, useDrawnAnnotations } from '../state/annotations.js'
import { change } from '../state/router.js'
import type { Area } from './time-chart.js'

/** Flags closer than this become one, px. */
const markWidth = 26
/** More texts than these no tip can hold. */
const most = 5

export function AnnotationMarks({ area, from, to }: { area: Area; from: number; to: number }) {
  const { w, f } = useWords()
  const all = useDrawnAnnotations()
  const width = area.right - area.left
  const x = (t: number): number => ((Math.max(from, Math.min(to, t)) - from) / (to - from)) * width
  const shown = all
    .map((one) => ({ one, start: startOf(one), end: endOf(one) }))
    .filter(({ start, end }) => start < to && (end ?? start) >= from)
    .sort((a, b) => a.start - b.start)
  if (shown.length === 0) return null
  const groups: { left: number; marks: typeof shown }[] = []
  for (const mark of shown) {
    const left = x(mark.start)
    const last = groups.at(-1)
    if (last && left - last.left < markWidth) last.marks.push(mark)
    else groups.push({ left, marks: [mark] })
  }
  const text = ({ one, start, end }: (typeof shown)[number]): string =>
    `${visible(one.text)} · ${end === null ? f.moment(start) : f.interval(start, end)}`
  return (
    <div
      class="annotation-marks"
      role="group"
      aria-label={w.incidents.annotations.title}
      style={{
        left: `${area.left}px`,
        top: `${area.top}px`,
        width: `${width}px`,
        height: `${area.bottom - area.top}px`,
      }}
    >
      {shown.map(({ one, start, end }) => (
        <i
          key={one.id}
          class="annotation-line"
          style={{ left: `${x(start)}px`, width: `${end === null ? 0 : Math.max(2, x(end) - x(start))}px` }}
          aria-hidden="true"
        />
      ))}
      {groups.map(({ left, marks: [first, ...others] }) => (
        <button
          key={first.one.id}
          type="button"
          class={`annotation-mark ${left > width / 2 ? 'to-left' : ''}`}
          style={{ left: `${Math.max(12, Math.min(width - 12, left))}px` }}
          aria-label={`${others.length > 0 ? `${f.count(others.length + 1)}: ` : ''}${[first, ...others].slice(0, most).map(text).join('; ')}`}
          onClick={() =>
            others.length === 0
              ? annotating.set({ kind: 'old', annotation: first.one })
              : change({
                  page: { name: 'annotations' },
                  range: { kind: 'span', from: first.start, to: (others.at(-1) ?? first).start + 1 },
                  search: '',
                })
          }
        >
          <Icon name="flag" />
          {others.length > 0 && <b>{f.count(others.length + 1)}</b>}
          <span class="spike-tip" aria-hidden="true">
            {[first, ...others].slice(0, most).map((mark) => (
              <span key={mark.one.id}>{text(mark)}</span>
            ))}
            {others.length >= most && '…'}
          </span>
        </button>
      ))}
    </div>
  )
}
