import type { ComponentChildren } from 'preact'
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks'

export interface PopoverProps {
  /** what the button shows */
  button: ComponentChildren
  /** what the button is called, where its content does not say it */
  label?: string
  class?: string
  align?: 'left' | 'right'
  /** told how to close */
  children: (close: () => void) => ComponentChildren
  /** a name for a key that opens it from elsewhere (see shortcuts.ts) */
  name?: string
  title?: string
  /** a button that recedes */
  quiet?: boolean
}

const FOCUSABLE = 'button:not([disabled]), input, select, a[href], [tabindex="0"]'

/** A button with a panel: Esc and a click elsewhere close it, focus goes in and comes back. */
export function Popover(props: PopoverProps) {
  const [open, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const id = useId()
  const close = (): void => {
    setOpen(false)
    button.current?.focus()
  }

  // before anyone can press another key: who types on after the one that opened it means what is open
  useLayoutEffect(() => {
    if (!open) return
    const panel = root.current?.querySelector<HTMLElement>('.panel')
    const first = panel?.querySelector<HTMLElement>('[data-first]') ?? panel?.querySelector<HTMLElement>(FOCUSABLE)
    first?.focus()
  }, [open])

  useEffect(() => {
    if (!open) return
    const outside = (event: Event): void => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false)
    }
    addEventListener('pointerdown', outside)
    addEventListener('focusin', outside)
    return () => {
      removeEventListener('pointerdown', outside)
      removeEventListener('focusin', outside)
    }
  }, [open])

  return (
    <div
      class={`popover ${props.class ?? ''}`}
      ref={root}
      onKeyDown={(e) => {
        if (e.key === 'Escape' && open) {
          e.stopPropagation()
          close()
        }
      }}
    >
      <button
        ref={button}
        id={`${id}-button`}
        type="button"
        class={props.quiet ? 'quiet square' : 'control'}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-label={props.label}
        title={props.title}
        data-opens={props.name}
        onClick={() => setOpen(!open)}
      >
        {props.button}
      </button>
      {open && (
        <div
          id={id}
          class={`panel ${props.align ?? 'left'}`}
          role="dialog"
          aria-label={props.label ?? props.title}
          aria-labelledby={(props.label ?? props.title) ? undefined : `${id}-button`}
        >
          {props.children(close)}
        </div>
      )}
    </div>
  )
}

/** What has one stop of the Tab key, however many buttons. */
const ROWS = 'tr, .menu-row, [data-row]'

/** Left and right: from what a row is about to its other buttons, which are no stops of the Tab key, and back. */
export function onSideways(event: KeyboardEvent): void {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
  const target = event.target
  const row = target instanceof Element ? target.closest(ROWS) : null
  if (step === undefined || !row || target instanceof HTMLInputElement) return
  const stops = [...row.querySelectorAll<HTMLElement>('[data-item], [data-side]')]
  const next = stops[stops.indexOf(target as HTMLElement) + step]
  if (!next) return
  next.focus()
  event.preventDefault()
}

/** Arrow keys move among the items of a list and within a row, Home and End to the ends of the list. */
export function onArrows(event: KeyboardEvent): void {
  if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') return onSideways(event)
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step === undefined && event.key !== 'Home' && event.key !== 'End') return
  const list = event.currentTarget
  if (!(list instanceof HTMLElement)) return
  if (event.target instanceof HTMLInputElement && step === undefined) return
  const items = [...list.querySelectorAll<HTMLElement>('[data-item]')]
  const here = document.activeElement?.closest('tr, .menu-row')?.querySelector<HTMLElement>('[data-item]')
  const at = items.indexOf(here ?? (document.activeElement as HTMLElement))
  const next = event.key === 'Home' ? 0 : event.key === 'End' ? items.length - 1 : at + (step ?? 0)
  if (next < 0) list.querySelector<HTMLElement>('input')?.focus()
  items[Math.min(next, items.length - 1)]?.focus()
  event.preventDefault()
}
