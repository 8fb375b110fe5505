import { changeOf, changeText } from '../state/change.js'
import type { UrlFilter } from '../state/url.js'
import { onSideways } from './popover.js'
import { Bell } from './alerts/bell.js'
import { useWords } from './words.js'

export interface TileProps {
  label: string
  hint: string
  value: string | null
  /** the figure in full, where the value is shortened */
  exact?: string
  /** the figures behind it, to tell how it moved */
  now: number
  before: number | null
  beforeText: string
  /** what more of it means */
  more: 'bad' | 'neutral'
  /** how severe the value itself is */
  level?: 'calm' | 'warn' | 'bad'
  /** null: nothing is known of that time, which is not nothing */
  points?: readonly (number | null)[]
  token?: string
  onClick?: () => void
  /** what a rule about it would look at */
  alert?: readonly UrlFilter[]
  /** which kind of rule, where it is no share of errors */
  rule?: string
}

/** A figure, how it moved, and its line over time. The space of each part is kept while it loads. */
export function Tile(props: TileProps) {
  const { w, f } = useWords()
  const change = changeOf(props.now, props.before)
  const moved = change.kind === 'up' || change.kind === 'down' || change.kind === 'new'
  // twice of next to nothing is next to nothing: red is for what is itself worth a look
  const worth = change.kind === 'down' || (props.level ?? 'calm') !== 'calm'
  const meaning = !moved || props.more === 'neutral' || !worth ? 'neutral' : change.kind === 'down' ? 'good' : 'bad'
  const text =
    change.kind === 'up'
      ? w.tiles.up(changeText(change, f))
      : change.kind === 'down'
        ? w.tiles.down(changeText(change, f))
        : change.kind === 'new'
          ? w.tiles.fresh
          : change.kind === 'same'
            ? w.tiles.same
            : ''
  const mark = { up: '▲', down: '▼', new: '▲', same: '=', none: '' }[change.kind]
  const body = (
    <>
      <span class="tile-label">{props.label}</span>
      <span
        class={`tile-value ${props.level ?? 'calm'} of-${props.token ?? 'ink'}`}
        title={props.exact}
        data-count={props.value === null ? undefined : props.now}
      >
        {props.value ?? <i class="skeleton" />}
      </span>
      <span
        class={`tile-change ${meaning}`}
        title={change.kind === 'none' ? w.tiles.noBefore : w.tiles.before(props.beforeText)}
      >
        {props.value !== null && change.kind !== 'none' && (
          <>
            <span aria-hidden="true">
              {mark} {change.kind === 'same' ? '' : change.kind === 'new' ? w.tiles.fresh : changeText(change, f)}
            </span>
            <span class="unseen">
              {text}, {w.tiles.before(props.beforeText)}
            </span>
          </>
        )}
      </span>
      {props.points && props.points.length > 1 && <Sparkline points={props.points} token={props.token ?? 'ink-3'} />}
    </>
  )
  return (
    <div class="tile-room" data-row onKeyDown={onSideways}>
      {props.onClick ? (
        <button type="button" data-item class="tile" title={props.hint} onClick={props.onClick}>
          {body}
        </button>
      ) : (
        <div class="tile" title={props.hint}>
          {body}
        </div>
      )}
      {props.alert && (
        <Bell inRow={props.onClick !== undefined} filters={props.alert} of={props.label} rule={props.rule} />
      )}
    </div>
  )
}

/** A line without scale: only its shape speaks. */
function Sparkline({ points, token }: { points: readonly (number | null)[]; token: string }) {
  const most = Math.max(...points.map((p) => p ?? 0), 1e-9)
  const path = points
    .map((p, i) =>
      p === null
        ? ''
        : `${(points[i - 1] ?? null) === null ? 'M' : 'L'}${((i / (points.length - 1)) * 100).toFixed(2)} ${(23 - (p / most) * 22).toFixed(2)}`,
    )
    .join('')
  return (
    <svg class={`spark ${token}`} viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">
      <path d={path} />
    </svg>
  )
}
