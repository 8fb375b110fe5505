/** A long value, shortened in its middle by the room there is: the end of a path tells as much as its beginning. */
export function Middle({ text, tail = 12 }: { text: string; tail?: number }) {
  if (text.length <= tail * 2)
    return (
      <span class="middle" title={text}>
        <span class="head">{text}</span>
      </span>
    )
  const cut = text.length - tail
  return (
    <span class="middle" title={text}>
      <span class="head">{text.slice(0, cut)}</span>
      <span class="tail">{text.slice(cut)}</span>
    </span>
  )
}
