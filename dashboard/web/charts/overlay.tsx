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
  /** what can be done with a stretch that was dragged over or chosen with Shift; without it a stretch is zoomed into */
  menu?: (range: { from: number; to: number }, close: () => void) => ComponentChildren
}

/** Shorter drags are clicks with a trembling hand. */
const minDragPx = 6
/** Room that the menu of a stretch takes, px. */
const brushWidth = 240
/** So long a click waits for the second one that makes it a double-click. */
const secondClickMs = 240

export function Overlay(props: OverlayProps) {
  const { area, columns, from, to } = props
  const { w } = useWords()
  const at = useStore(pointed)
  const [inside, setInside] = useState(false)
  const [drag, setDrag] = useState<{ start: number; end: number } | null>(null)
  const [picked, setPicked] = useState<{ from: number; to: number } | null>(null)
  /** the column where a choice with the Shift key began */
  const [anchor, setAnchor] = useState<number | null>(null)
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
      pick(columns.starts[first], columnEnd(columns, last < 0 ? columns.starts.length - 1 : last))
    } else if (event.pointerType !== 'touch')
      click.current = setTimeout(() => zoomTo(columnAt(columns, a)), secondClickMs)
  }

  function pick(start: number, stop: number): void {
    if (props.menu) setPicked({ from: start, to: stop })
    else props.onZoom(start, stop)
  }

  function letGo(): void {
    setPicked(null)
    setAnchor(null)
    box.current?.focus()
  }

  function zoomTo(i: number): void {
    if (i >= 0 && columns.starts.length > 1) props.onZoom(columns.starts[i], columnEnd(columns, i))
  }

  const chosen =
    anchor === null || column < 0
      ? null
      : {
          from: columns.starts[Math.min(anchor, column)],
          to: columnEnd(columns, Math.max(anchor, column)),
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
      setPicked(null)
      setAnchor(event.shiftKey && props.menu ? (anchor ?? Math.max(0, column)) : null)
      pointed.set(columns.starts[moves[event.key]] ?? null)
      setInside(true)
      event.preventDefault()
    } else if (event.key === 'Enter' && column >= 0) {
      // the menu has the focus before the key is up: it would press its first button
      event.preventDefault()
      if (chosen) pick(chosen.from, chosen.to)
      else zoomTo(column)
    } else if (event.key === 'Escape' && (at !== null || picked !== null)) {
      pointed.set(null)
      setPicked(null)
      setAnchor(null)
      event.stopPropagation()
    }
  }

  const start = column < 0 ? 0 : x(columns.starts[column])
  const stop = column < 0 ? 0 : x(columnEnd(columns, column))
  const right = (start + stop) / 2 > width / 2
  const marked = drag
    ? { from: Math.min(drag.start, drag.end), to: Math.max(drag.start, drag.end) }
    : (picked ?? chosen)
  return (
    <>
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
          setPicked(null)
          setAnchor(null)
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
        {marked && (
          <div class="selection" style={{ left: `${x(marked.from)}px`, width: `${x(marked.to) - x(marked.from)}px` }} />
        )}
        {inside && column >= 0 && !drag && !picked && (
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
      {picked && props.menu && (
        <div
          class="brush"
          style={{
            top: `${area.top + 4}px`,
            left: `${area.left + Math.min(x(picked.from), Math.max(0, width - brushWidth))}px`,
          }}
          onKeyDown={(e) => {
            if (e.key !== 'Escape') return
            e.stopPropagation()
            letGo()
          }}
        >
          {props.menu(picked, letGo)}
        </div>
      )}
    </>
  )
}
