/** Files dropped anywhere on the page are uploaded; the page says so while they hover. */
import { useEffect, useState } from 'preact/hooks'
import { filesOf, hasFiles } from '../state/drop.js'
import { may } from '../state/me.js'
import { addFiles } from '../state/uploads.js'
import { Icon } from './icon.js'
import { useWords } from './words.js'

export function DropTarget() {
  const { w } = useWords()
  const [over, setOver] = useState(false)
  useEffect(() => {
    let inside = 0
    const handlers: { [name: string]: (event: DragEvent) => void } = {
      dragenter(event) {
        if (!hasFiles(event.dataTransfer) || !may('operate')) return
        event.preventDefault()
        inside += 1
        setOver(true)
      },
      dragover(event) {
        if (hasFiles(event.dataTransfer)) event.preventDefault()
      },
      dragleave(event) {
        if (!hasFiles(event.dataTransfer)) return
        inside -= 1
        if (inside <= 0) setOver(false)
      },
      drop(event) {
        inside = 0
        setOver(false)
        if (!event.dataTransfer || !hasFiles(event.dataTransfer)) return
        event.preventDefault()
        if (!may('operate')) return
        void filesOf(event.dataTransfer).then(addFiles)
      },
    }
    const entries = Object.entries(handlers) as [string, EventListener][]
    for (const [name, handler] of entries) addEventListener(name, handler)
    return () => entries.forEach(([name, handler]) => removeEventListener(name, handler))
  }, [])
  if (!over) return null
  return (
    <div class="drop-over" aria-hidden="true">
      <div>
        <Icon name="upload" />
        <strong>{w.empty.drop}</strong>
        <span>{w.empty.dropHint}</span>
      </div>
    </div>
  )
}
