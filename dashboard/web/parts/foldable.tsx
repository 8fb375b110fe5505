/** A sentence that a phone shows the first lines of, so that the chart stays in sight: the rest comes for whoever wants to read it. */
import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useWords } from './words.js'

export function Foldable({ class: name = '', children }: { class?: string; children: ComponentChildren }) {
  const { w } = useWords()
  const text = useRef<HTMLParagraphElement>(null)
  const [whole, setWhole] = useState(false)
  const [cut, setCut] = useState(false)
  useEffect(() => {
    const shown = text.current
    if (!shown) return
    // told of every new size, before it is painted: to measure at once would have the page laid out once more
    const observer = new ResizeObserver(() => setCut(shown.scrollHeight > shown.clientHeight + 2))
    observer.observe(shown)
    return () => observer.disconnect()
  }, [])
  return (
    <div class="sentence-text">
      <p ref={text} class={`${name} ${whole ? '' : 'folded'}`}>
        {children}
      </p>
      {cut && !whole && (
        <button type="button" class="link" onClick={() => setWhole(true)}>
          {w.sentence.whole}
        </button>
      )}
    </div>
  )
}
