/** What one touches on a chart: cross-hair and tooltip, drag to zoom, click on a column, keys, the hatched end. */
import type { ComponentChildren } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { useWords } from '../parts/words.js'
import { useStore } from '../state/store.js'
import { pointed } from './pointer.js'
import { columnAt, columnEnd, type Columns } from './series.js'
import type { Area } from './time-chart.js'

export interface OverlayProps {
  area: Area
  columns: Columns
  from: number
  to: number
  label: string
  /** what the tooltip says of a column; also read aloud when keys move through them */
  describe: (column: number) => ComponentChildren
  speak: (column: number) => string
  fillingFrom: number | null
  onZoom: (from: number, to: number) => void
  onZoomOut: () => void
}

/** Shorter drags are clicks with a trembling hand. */
const minDragPx = 6
/** So long a click waits for the second one that makes it a double-click. */
const secondClickMs = 240

export function Overlay(props: OverlayProps) {
  const { area, columns, from, to } = props
  const { w } = useWords()
  const at = useStore(pointed)
  const [inside, setInside] = useState(false)
  const [drag, setDrag] = useState<{ start: number; end: number } | null>(null)
  const box = useRef<HTMLDivElement>(null)
  const click = useRef<ReturnType<typeof setTimeout>>(undefined)
  const width = area.right - area.left
  const x = (t: number): number => Math.max(0, Math.min(width, ((t - from) / (to - from)) * width))
  const timeAt = (clientX: number): number => {
    const left = box.current?.getBoundingClientRect().left ?? 0
    return from + (Math.max(0, Math.min(width, clientX - left)) / width) * (to - from)
  }
  const column = at === null ? -1 : columnAt(columns, at)

  function end(event: PointerEvent): void {
    if (!drag) return
    const [a, b] = [drag.start, timeAt(event.clientX)].sort((m, n) => m - n)
    setDrag(null)
    if (((b - a) / (to - from)) * width >= minDragPx) {
      const first = Math.max(0, columnAt(columns, a))
      const last = columnAt(columns, b)
      props.onZoom(columns.starts[first], columnEnd(columns, last < 0 ? columns.starts.length - 1 : last))
    } else if (event.pointerType !== 'touch')
      click.current = setTimeout(() => zoomTo(columnAt(columns, a)), secondClickMs)
  }

  function zoomTo(i: number): void {
    if (i >= 0 && columns.starts.length > 1) props.onZoom(columns.starts[i], columnEnd(columns, i))
  }

  function onKey(event: KeyboardEvent): void {
    const last = columns.starts.length - 1
    const moves: { [key: string]: number } = {
      ArrowLeft: Math.max(0, column - 1),
      ArrowRight: Math.min(last, column + 1),
      Home: 0,
      End: last,
    }
    if (event.key in moves) {
      pointed.set(columns.starts[moves[event.key]] ?? null)
      setInside(true)
      event.preventDefault()
    } else if (event.key === 'Enter' && column >= 0) zoomTo(column)
    else if (event.key === 'Escape' && at !== null) {
      pointed.set(null)
      event.stopPropagation()
    }
  }

  const start = column < 0 ? 0 : x(columns.starts[column])
  const stop = column < 0 ? 0 : x(columnEnd(columns, column))
  const right = (start + stop) / 2 > width / 2
  return (
    <div
      ref={box}
      class="overlay"
      tabIndex={0}
      role="application"
      aria-label={props.label}
      aria-description={w.chart.keys}
      onKeyDown={onKey}
      style={{
        left: `${area.left}px`,
        top: `${area.top}px`,
        width: `${width}px`,
        height: `${area.bottom - area.top}px`,
      }}
      onPointerDown={(e) => {
        if (e.button !== 0) return
        clearTimeout(click.current)
        const t = timeAt(e.clientX)
        setDrag({ start: t, end: t })
        if (e.pointerType !== 'touch') box.current?.setPointerCapture(e.pointerId)
      }}
      onPointerMove={(e) => {
        const t = timeAt(e.clientX)
        setInside(true)
        const i = columnAt(columns, Math.min(t, to - 1))
        pointed.set(i < 0 ? null : columns.starts[i])
        if (drag && e.pointerType !== 'touch') setDrag({ ...drag, end: t })
      }}
      onPointerUp={end}
      onPointerCancel={() => setDrag(null)}
      onPointerLeave={() => {
        setInside(false)
        if (!drag) pointed.set(null)
      }}
      onBlur={() => {
        setInside(false)
        pointed.set(null)
      }}
      onDblClick={props.onZoomOut}
    >
      {props.fillingFrom !== null && props.fillingFrom < to && (
        <div class="filling" style={{ left: `${x(props.fillingFrom)}px` }} title={w.chart.fillingHint}>
          <span>{w.chart.filling}</span>
        </div>
      )}
      {column >= 0 && <div class="cross" style={{ left: `${start}px`, width: `${Math.max(1, stop - start)}px` }} />}
      {drag && (
        <div
          class="selection"
          style={{
            left: `${x(Math.min(drag.start, drag.end))}px`,
            width: `${Math.abs(x(drag.end) - x(drag.start))}px`,
          }}
        />
      )}
      {inside && column >= 0 && !drag && (
        <div
          class={right ? 'tooltip to-left' : 'tooltip'}
          style={right ? { right: `${width - start + 8}px` } : { left: `${stop + 8}px` }}
        >
          {props.describe(column)}
        </div>
      )}
      <span class="unseen" aria-live="polite">
        {inside && column >= 0 ? props.speak(column) : ''}
      </span>
    </div>
  )
}
