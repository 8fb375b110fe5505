import { useState } from 'preact/hooks'
import { Icon } from './icon.js'
import { useWords } from './words.js'

export interface CopyButtonProps {
  text: string
  label?: string
  icon?: 'copy' | 'link'
  /** the icon alone; the label is what it is called */
  bare?: boolean
}

/** Copies a text, and says so for a moment. */
export function CopyButton({ text, label, icon = 'copy', bare = false }: CopyButtonProps) {
  const { w } = useWords()
  const [done, setDone] = useState(false)
  async function copy(): Promise<void> {
    await copyText(text)
    setDone(true)
    setTimeout(() => setDone(false), 1500)
  }
  return (
    <button
      type="button"
      class={bare ? 'control square copy' : 'control copy'}
      onClick={() => void copy()}
      aria-label={label && !bare ? undefined : (label ?? w.tools.copy)}
      title={bare ? label : undefined}
    >
      <Icon name={done ? 'check' : icon} />
      {label && !bare && <span>{done ? w.tools.copied : label}</span>}
      <span class="unseen" aria-live="polite">
        {done ? w.tools.copied : ''}
      </span>
    </button>
  )
}

export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    copyOldWay(text) // no clipboard without https, and a token-guarded service on a LAN may have none
  }
}

function copyOldWay(text: string): void {
  const area = document.createElement('textarea')
  area.value = text
  area.className = 'unseen'
  document.body.append(area)
  area.select()
  document.execCommand('copy')
  area.remove()
}
