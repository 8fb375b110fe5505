import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { Icon } from './icon.js'
import { useWords } from './words.js'

/** The browser's own modal dialog: it keeps the focus inside, Esc closes it, the page behind is inert. */
export function Dialog(props: { title: string; class?: string; onClose: () => void; children: ComponentChildren }) {
  const { w } = useWords()
  const dialog = useRef<HTMLDialogElement>(null)
  // before anyone can press a key: Esc shall close the dialog, not leave the page
  useLayoutEffect(() => {
    const element = dialog.current
    element?.showModal()
    return () => element?.close()
  }, [])
  return (
    <dialog
      ref={dialog}
      class={`dialog ${props.class ?? ''}`}
      aria-label={props.title}
      onClose={props.onClose}
      onKeyDown={(e) => e.key === 'Escape' && e.stopPropagation()}
      onClick={(e) => {
        if (e.target === dialog.current) props.onClose()
      }}
    >
      <div class="dialog-body">
        <header>
          <h2>{props.title}</h2>
          <button type="button" class="quiet square" aria-label={w.tools.close} onClick={props.onClose}>
            <Icon name="close" />
          </button>
        </header>
        {props.children}
      </div>
    </dialog>
  )
}
