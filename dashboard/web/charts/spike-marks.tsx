/** The labels of spikes above a chart: hover or focus tells the sentence, a click opens the spike. */
import type { Spike } from '../../../schema/api/spikes.js'
import { spikeName, spikeTimes } from '../parts/spike-words.js'
import { useWords } from '../parts/words.js'
import { linkTo } from '../state/router.js'
import type { View } from '../state/url.js'
import type { Area } from './time-chart.js'

/** Room for one label, px; where labels would lie over each other the less severe one is left to the list. */
const labelWidth = 92
const lanes = 2
const laneHeight = 22

export function SpikeMarks({
  spikes,
  area,
  from,
  to,
}: {
  spikes: readonly Spike[]
  area: Area
  from: number
  to: number
  view: View
}) {
  const speech = useWords()
  const width = area.right - area.left
  const x = (t: number): number => ((Math.max(from, Math.min(to, t)) - from) / (to - from)) * width
  const taken: number[][] = Array.from({ length: lanes }, () => [])
  const placed = [...spikes]
    .filter((s) => Date.parse(s.end) > from && Date.parse(s.start) < to)
    .sort((a, b) => b.score - a.score)
    .flatMap((spike) => {
      const left = Math.max(0, Math.min(width - labelWidth, x(Date.parse(spike.start))))
      const lane = taken.findIndex((lane) => lane.every((other) => Math.abs(other - left) >= labelWidth))
      if (lane < 0) return []
      taken[lane].push(left)
      return [{ spike, left, lane }]
    })
    .sort((a, b) => a.left - b.left)
  return (
    <div class="spike-marks" style={{ left: `${area.left}px`, top: `${area.top}px`, width: `${width}px` }}>
      {placed.map(({ spike, left, lane }) => (
        <a
          key={spike.id}
          class={`spike-mark ${left > width / 2 ? 'to-left' : ''}`}
          href={linkTo({ name: 'spike', id: spike.id })}
          style={{ left: `${left}px`, top: `${lane * laneHeight}px` }}
          aria-label={`${spikeName(spike, speech)} ${spikeTimes(spike, speech)}. ${speech.w.spikes.open(spike.summary)}`}
        >
          {spikeName(spike, speech)} <b>{spikeTimes(spike, speech)}</b>
          <span class="spike-tip" aria-hidden="true">
            {spike.summary}
          </span>
        </a>
      ))}
    </div>
  )
}
