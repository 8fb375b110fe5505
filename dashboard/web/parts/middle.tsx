import { visible } from '../../../schema/words/visible.js'

/**
 * A long value, shortened in its middle by the room there is: the end of a path tells as much as its beginning. Of log
 * lines, so what hides in it or turns it around is named.
 */
export function Middle({ text, tail = 12, title }: { text: string; tail?: number; title?: string }) {
  const shown = visible(text)
  const whole = title ?? shown
  if (shown.length <= tail * 2)
    return (
      <span class="middle" title={whole}>
        <span class="head">{shown}</span>
      </span>
    )
  const cut = shown.length - tail
  return (
    <span class="middle" title={whole}>
      <span class="head">{shown.slice(0, cut)}</span>
      <span class="tail">{shown.slice(cut)}</span>
    </span>
  )
}
