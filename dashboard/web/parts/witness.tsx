/** Cloudflare's own count beside ours, for zones that were named: an estimate with its bounds, never mixed into figures. */
import type { Witness, WitnessZone } from '../../../schema/api/witness.js'
import { visible } from '../../../schema/words/visible.js'
import { useAnswer } from '../state/api.js'
import { slowTurn } from '../state/clock.js'
import { useStore } from '../state/store.js'
import { saidText } from './said.js'
import { takingOfWitness } from '../state/takings.js'
import { TakeMenu } from './take-menu.js'
import { useWords } from './words.js'

/** Hours and statuses that are shown where the two counts differ. */
const shownRows = 24

export function WitnessSection() {
  const { w, f } = useWords()
  const { data } = useAnswer<Witness>('witness', { turn: useStore(slowTurn), subject: 'witness' })
  if (!data || data.zones.length === 0) return null
  return (
    <section>
      <h2>{w.inputs.witness.title}</h2>
      <p class="faint">{w.inputs.witness.lead(f.interval(Date.parse(data.from), Date.parse(data.to)))}</p>
      {data.zones.map((zone) => (
        <ZoneCount key={zone.zone} zone={zone} />
      ))}
    </section>
  )
}

function ZoneCount({ zone }: { zone: WitnessZone }) {
  const speech = useWords()
  const { w, f } = speech
  const name = visible(zone.name ?? zone.zone)
  if (zone.problem)
    return (
      <p class="witness">
        <strong>{name}</strong> {saidText(zone.problem, speech)}
      </p>
    )
  const { total, verdict } = zone
  if (!total || !verdict) return null
  const rows = [
    ...zone.hours.map((hour) => ({ ...hour, key: f.moment(Date.parse(hour.from)) })),
    ...zone.statuses.map((status) => ({ ...status, key: String(status.status) })),
  ].filter(({ agrees }) => !agrees)
  return (
    <div class="witness" data-verdict={verdict}>
      <p>
        <strong>{name}</strong> {w.inputs.witness.counts(besides(total.cloudflare), f.count(total.here))}{' '}
        {w.inputs.witness.verdicts[verdict](f.share(zone.share ?? 0))}
      </p>
      {rows.length > 0 && (
        <div class="taken">
          <TakeMenu take={() => takingOfWitness(`${w.inputs.witness.title} ${name}`, zone)} />
          <div class="scroll-x">
            <table class="plain">
              <thead>
                <tr>
                  <th scope="col">{w.inputs.witness.where}</th>
                  <th scope="col" class="number">
                    {w.inputs.witness.cloudflare}
                  </th>
                  <th scope="col" class="number">
                    {w.inputs.witness.here}
                  </th>
                </tr>
              </thead>
              <tbody>
                {rows.slice(0, shownRows).map(({ key, cloudflare, here }) => (
                  <tr key={key}>
                    <th scope="row">{key}</th>
                    <td class="number">{besides(cloudflare)}</td>
                    <td class="number">{f.count(here)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </div>
      )}
    </div>
  )

  /** "1,204,000 ± 0.3%" */
  function besides({ estimate, lower, upper }: { estimate: number; lower: number; upper: number }): string {
    const half = estimate === 0 ? 0 : (upper - lower) / 2 / estimate
    return half === 0 ? f.count(estimate) : `${f.count(estimate)} ± ${f.share(half)}`
  }
}
