/** A few choices side by side, one of them taken. */
export interface SegmentedProps<T extends string> {
  label: string
  value: T
  choices: readonly { value: T; text: string; title?: string }[]
  onChange: (value: T) => void
  class?: string
}

export function Segmented<T extends string>(props: SegmentedProps<T>) {
  return (
    <div class={`segmented ${props.class ?? ''}`} role="group" aria-label={props.label}>
      {props.choices.map((c) => (
        <button
          key={c.value}
          type="button"
          aria-pressed={c.value === props.value}
          title={c.title}
          onClick={() => props.onChange(c.value)}
        >
          {c.text}
        </button>
      ))}
    </div>
  )
}
