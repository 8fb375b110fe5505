/** A rule's value against its threshold, small: the shape, the line it must not cross, and when it would have fired. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Preview } from '../../../../schema/api/alerts.js'
import type { RuleDraft } from '../../state/rules.js'
import { usePreview } from '../../state/alerts-preview.js'
import type { TimeRange } from '../../state/alerts.js'
import { saidText } from '../said.js'
import { useWords } from '../words.js'
import { backtestText } from './rule-words.js'

const width = 200
const height = 40
/** Lines beyond these would only be a tangle. */
const mostLines = 4

export function RuleSpark({ rule, range }: { rule: RuleDraft & { name: string }; range: TimeRange | null }) {
  const speech = useWords()
  const { w } = speech
  const box = useRef<HTMLDivElement>(null)
  const seen = useSeen(box)
  const { data, problem, loading } = usePreview(seen ? rule : null, range)
  const text = problem
    ? saidText(problem, speech) || w.problem.failed
    : data
      ? backtestText(data, speech)
      : w.alerts.preview.running
  const drawn = data && data.series.length > 0
  return (
    <div class="rule-spark" ref={box} title={text}>
      {drawn ? (
        <svg
          viewBox={`0 0 ${width} ${height}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={w.alerts.rules.chartOf(rule.name, text)}
        >
          <Shape data={data} />
        </svg>
      ) : !seen ? null : loading ? (
        <i class="skeleton" />
      ) : (
        <small class={problem ? 'bad' : ''}>{problem ? w.problem[problem.kind] : w.alerts.rules.noValue}</small>
      )}
    </div>
  )
}

/** True once it was on screen: charts further down the list are not asked for yet. */
function useSeen(box: { current: HTMLDivElement | null }): boolean {
  const [seen, setSeen] = useState(false)
  useEffect(() => {
    if (!box.current) return
    const watcher = new IntersectionObserver(
      (entries) => {
        if (entries.some((e) => e.isIntersecting)) setSeen(true)
      },
      { rootMargin: '120px' },
    )
    watcher.observe(box.current)
    return () => watcher.disconnect()
  }, [])
  return seen
}

function Shape({ data }: { data: Preview }) {
  const from = Date.parse(data.from)
  const to = Math.max(Date.parse(data.to), from + 1)
  const x = (t: number): number => ((Math.max(from, Math.min(to, t)) - from) / (to - from)) * width
  const lines = data.series.slice(0, mostLines)
  const most = Math.max(data.threshold ?? 0, ...lines.flatMap((s) => s.points.map((p) => p[1] ?? 0)), 1e-9) * 1.08
  const y = (v: number): number => height - 1 - (v / most) * (height - 2)
  return (
    <>
      {together(data.episodes.map((e) => [Date.parse(e.firedAt), e.resolvedAt ? Date.parse(e.resolvedAt) : to])).map(
        ([start, end]) => (
          <rect key={start} class="fired" x={x(start)} y="0" width={Math.max(2, x(end) - x(start))} height={height} />
        ),
      )}
      {data.threshold !== null && (
        <line class="threshold" x1="0" x2={width} y1={y(data.threshold)} y2={y(data.threshold)} />
      )}
      {[...lines].reverse().map((s, i) => (
        <path key={i} class={i === lines.length - 1 ? 'line' : 'line other'} d={pathOf(s.points, x, y)} />
      ))}
    </>
  )
}

/** Times in which anything fired: alerts side by side do not darken the ground. */
function together(spans: [number, number][]): [number, number][] {
  const joined: [number, number][] = []
  for (const [start, end] of spans.sort((a, b) => a[0] - b[0])) {
    const last = joined.at(-1)
    if (last && start <= last[1]) last[1] = Math.max(last[1], end)
    else joined.push([start, end])
  }
  return joined
}

/** Broken where nobody can tell. */
function pathOf(
  points: readonly [number, number | null][],
  x: (t: number) => number,
  y: (v: number) => number,
): string {
  let down = false
  return points
    .map(([t, v]) => {
      const step = v === null ? '' : `${down ? 'L' : 'M'}${x(t).toFixed(1)} ${y(v).toFixed(1)}`
      down = v !== null
      return step
    })
    .join('')
}
