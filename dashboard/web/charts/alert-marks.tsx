/**
 * Alerts on a chart over time: a bell where one fired, a bar on the axis for as long as it did. Spikes are what the
 * records show and lie at the top; alerts are what people were told and lie at the foot.
 */
import { nameIn } from '../../../schema/words/starters.js'
import { useWords } from '../parts/words.js'
import { linkTo } from '../state/router.js'
import type { ChartAlert } from '../state/alerts-marks.js'
import { Icon } from '../parts/icon.js'
import type { Area } from './time-chart.js'

/** Bells closer than this become one, px. */
const markWidth = 22

export function AlertMarks({
  alerts,
  area,
  from,
  to,
}: {
  alerts: readonly ChartAlert[]
  area: Area
  from: number
  to: number
}) {
  const { w, f } = useWords()
  const width = area.right - area.left
  const x = (t: number): number => ((Math.max(from, Math.min(to, t)) - from) / (to - from)) * width
  const shown = alerts.filter((a) => a.to > from && a.from < to).sort((a, b) => a.from - b.from)
  const groups: { left: number; alerts: ChartAlert[] }[] = []
  for (const alert of shown) {
    const left = Math.min(width - markWidth / 2, x(alert.from))
    const last = groups.at(-1)
    if (last && left - last.left < markWidth) last.alerts.push(alert)
    else groups.push({ left, alerts: [alert] })
  }
  if (shown.length === 0) return null
  const text = (a: ChartAlert): string =>
    (a.history ? w.alerts.marks.would : w.alerts.marks.fired)(nameIn(a.name, f.lang), f.interval(a.from, a.to))
  return (
    <div
      class="alert-marks"
      role="group"
      aria-label={w.alerts.marks.label}
      style={{ left: `${area.left}px`, top: `${area.bottom}px`, width: `${width}px` }}
    >
      {shown.map((a) => (
        <i
          key={a.key}
          class={`alert-bar ${a.severity} ${a.history ? 'history' : ''}`}
          style={{ left: `${x(a.from)}px`, width: `${Math.max(3, x(a.to) - x(a.from))}px` }}
          aria-hidden="true"
        />
      ))}
      {groups.map(({ left, alerts: [first, ...others] }) => {
        const names = [first, ...others].slice(0, 6).map(text)
        const label =
          others.length > 0
            ? `${w.alerts.marks.more(others.length + 1, f.count(others.length + 1))}: ${names.join('; ')}`
            : names[0]
        return (
          <a
            key={first.key}
            class={`alert-mark ${first.severity} ${first.history ? 'history' : ''} ${left > width / 2 ? 'to-left' : ''}`}
            href={linkTo(others.length > 0 && !first.history ? { name: 'alerts' } : first.page)}
            style={{ left: `${left}px` }}
            aria-label={label}
          >
            <Icon name="bell" />
            {others.length > 0 && <b>{f.count(others.length + 1)}</b>}
            <span class="spike-tip" aria-hidden="true">
              {names.map((name, i) => (
                <span key={i}>{name}</span>
              ))}
              {others.length > 5 && '…'}
            </span>
          </a>
        )
      })}
    </div>
  )
}
