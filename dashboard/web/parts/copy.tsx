import { useState } from 'preact/hooks'
import { Icon } from './icon.js'
import { useWords } from './words.js'

/** Copies a text, and says so for a moment. */
export function CopyButton({ text, label, icon = 'copy' }: { text: string; label?: string; icon?: 'copy' | 'link' }) {
  const { w } = useWords()
  const [done, setDone] = useState(false)
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text)
    } catch {
      copyOldWay(text) // no clipboard without https, and a token-guarded service on a LAN may have none
    }
    setDone(true)
    setTimeout(() => setDone(false), 1500)
  }
  return (
    <button
      type="button"
      class="control copy"
      onClick={() => void copy()}
      aria-label={label ? undefined : w.tools.copy}
    >
      <Icon name={done ? 'check' : icon} />
      {label && <span>{done ? w.tools.copied : label}</span>}
      <span class="unseen" aria-live="polite">
        {done ? w.tools.copied : ''}
      </span>
    </button>
  )
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
