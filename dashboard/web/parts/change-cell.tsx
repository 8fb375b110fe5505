import { changeOf, changeText } from '../state/change.js'
import { useWords } from './words.js'

/** More errors are bad news, more requests are only news. */
export function ChangeCell({
  now,
  before,
  isError,
  ranked,
}: {
  now: number
  before: number | undefined
  isError: boolean
  /** by how much, not how many times: what the table is ranked by */
  ranked: boolean
}) {
  const { w, f } = useWords()
  const moved = changeOf(now, before)
  if (moved.kind === 'none') return null
  const tone = !isError || moved.kind === 'same' ? '' : moved.kind === 'down' ? 'good' : 'bad'
  const title = w.tiles.before(f.count(before ?? 0))
  if (ranked)
    return (
      <span class={tone} title={title}>
        {f.signed(now - (before ?? 0))}
      </span>
    )
  if (moved.kind === 'same') return <span title={title}>=</span>
  if (moved.kind === 'new')
    return (
      <span class={tone} title={title}>
        {w.table.fresh}
      </span>
    )
  return (
    <span class={tone} title={title}>
      <span aria-hidden="true">{moved.kind === 'up' ? '▲' : '▼'}</span>{' '}
      <span class="unseen">{moved.kind === 'up' ? w.tiles.up('') : w.tiles.down('')}</span>
      {changeText(moved, f)}
    </span>
  )
}
