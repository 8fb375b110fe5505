/** The labels of spikes above a chart: hover or focus tells the sentence, a click opens the spike. */
import type { Spike } from '../../../schema/api/spikes.js'
import { spikeName, spikeTimes } from '../parts/spike-words.js'
import { useWords } from '../parts/words.js'
import { linkTo } from '../state/router.js'
import type { View } from '../state/url.js'
import { placesOf } from './label-lanes.js'
import type { Area } from './time-chart.js'

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
  const inRange = [...spikes]
    .filter((s) => Date.parse(s.end) > from && Date.parse(s.start) < to)
    .sort((a, b) => b.score - a.score)
  const places = placesOf(
    inRange.map((s) => ({ text: `${spikeName(s, speech)} ${spikeTimes(s, speech)}`, x: x(Date.parse(s.start)) })),
    width,
  )
  const placed = inRange
    .flatMap((spike, i) => {
      const place = places[i]
      return place ? [{ spike, ...place }] : []
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
