/** How much room is in use, and what a limit would remove before anybody sets it. */
import { useState } from 'preact/hooks'
import { ProblemNote } from '../../parts/problem.js'
import { useWords } from '../../parts/words.js'
import { isTried, NO_LIMITS, useRetention, type TriedLimits } from '../../state/access.js'

export function RetentionSection() {
  const { w, f } = useWords()
  const p = w.access.privacy
  const [limits, setLimits] = useState(NO_LIMITS)
  const set = useRetention(NO_LIMITS).data
  const { data, problem } = useRetention(limits)
  const removal = isTried(limits) ? data?.removal : undefined
  const field = (name: keyof TriedLimits, label: string, step: string | null) => (
    <label class="field">
      <span class="field-label">{label}</span>
      <input
        {...(step === null ? { type: 'text', placeholder: 'example.com=30/400' } : { type: 'number', min: '0', step })}
        value={limits[name]}
        onInput={(e) => setLimits({ ...limits, [name]: e.currentTarget.value })}
      />
    </label>
  )
  return (
    <div>
      {set && (
        <dl class="facts-row">
          <div>
            <dt>{p.room}</dt>
            <dd>{set.gb === null ? f.bytes(set.used) : p.roomOf(f.bytes(set.used), f.bytes(set.gb * 1e9))}</dd>
          </div>
        </dl>
      )}
      {set?.counted && (
        <p>
          {p.counted(
            f.date(Date.parse(set.counted.from)),
            f.date(Date.parse(set.counted.to)),
            set.counted.records,
            f.count(set.counted.records),
          )}
        </p>
      )}
      <h3>{p.tryLimits}</h3>
      <form class="limits" onSubmit={(e) => e.preventDefault()}>
        {field('days', p.limitDays, '1')}
        {field('countsDays', p.limitCounts, '1')}
        {field('zones', p.limitZones, null)}
        {field('gb', p.limitGb, 'any')}
      </form>
      {problem && <ProblemNote problem={problem} />}
      <div role="status">
        {removal && (
          <p>
            {p.wouldRemove(
              f.full(Date.parse(removal.before)),
              removal.records,
              f.count(removal.records),
              f.bytes(removal.bytes),
            )}{' '}
            {removal.countsStay && p.countsStay}
          </p>
        )}
        {removal && removal.zones.length > 1 && (
          <ul>
            {removal.zones.map(({ zone, days, records, bytes }) => (
              <li key={zone}>
                {p.ofZone(zone || p.noZone, p.days(days, f.count(days)), f.count(records), f.bytes(bytes))}
              </li>
            ))}
          </ul>
        )}
        {isTried(limits) && data && removal === null && <p>{data.overfull ? p.overfull : p.wouldRemoveNothing}</p>}
      </div>
      <p class="faint">{p.howToSet}</p>
    </div>
  )
}
