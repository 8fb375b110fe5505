/** How much room is in use, and what a limit would remove before anybody sets it. */
import { useState } from 'preact/hooks'
import { ProblemNote } from '../../parts/problem.js'
import { useWords } from '../../parts/words.js'
import { useRetention } from '../../state/access.js'

export function RetentionSection() {
  const { w, f } = useWords()
  const p = w.access.privacy
  const [days, setDays] = useState('')
  const [gb, setGb] = useState('')
  const set = useRetention('', '').data
  const { data, problem } = useRetention(days, gb)
  const isAsked = days !== '' || gb !== ''
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
      <h3>{p.tryLimits}</h3>
      <form class="form" onSubmit={(e) => e.preventDefault()}>
        <label>
          {p.limitDays}
          <input type="number" min="1" step="1" value={days} onInput={(e) => setDays(e.currentTarget.value)} />
        </label>
        <label>
          {p.limitGb}
          <input type="number" min="0.001" step="any" value={gb} onInput={(e) => setGb(e.currentTarget.value)} />
        </label>
      </form>
      {problem && <ProblemNote problem={problem} />}
      <p role="status">
        {isAsked &&
          data &&
          (data.removal !== null
            ? p.wouldRemove(
                f.full(Date.parse(data.removal.before)),
                data.removal.records,
                f.count(data.removal.records),
                f.bytes(data.removal.bytes),
              )
            : data.overfull
              ? p.overfull
              : p.wouldRemoveNothing)}
      </p>
      <p class="faint">{p.howToSet}</p>
    </div>
  )
}
