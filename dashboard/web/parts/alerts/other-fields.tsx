/** The fields of a kind of rule without an editor of its own, as the service describes them. The scope has its place above. */
import { useState } from 'preact/hooks'
import { filtersOfWhere, whereOfFilters } from '../../state/alerts-form.js'
import { typedNumber } from '../../state/alerts-time.js'
import { useRuleKinds, type KindField } from '../../state/rule-kinds.js'
import { Segmented } from '../segmented.js'
import { useWords } from '../words.js'
import { Check, TextField } from './fields.js'
import type { FormPart } from './form-part.js'
import { WhereEditor } from './where-editor.js'
import type { Where } from '../../../../schema/api/alerts.js'

/** What a new rule of the kind begins with. */
export const usualValues = (fields: readonly KindField[]): { [field: string]: unknown } =>
  Object.fromEntries(fields.filter((one) => one.default !== undefined).map((one) => [one.name, one.default]))

export function OtherFields({ form, set, wrong }: FormPart) {
  const { f } = useWords()
  const fields = useRuleKinds(f.lang).find((one) => one.kind === form.kind)?.fields ?? []
  return (
    <>
      {fields
        .filter(({ reads }) => reads !== 'scope')
        .map((field) => (
          <OtherField
            key={`${form.kind} ${field.name}`}
            field={field}
            value={form.other[field.name]}
            onChange={(value) => set({ other: { ...form.other, [field.name]: value } })}
            problem={wrong(`expr.${field.name}`)}
          />
        ))}
    </>
  )
}

interface OtherFieldProps {
  field: KindField
  value: unknown
  onChange: (value: unknown) => void
  problem: string | null
}

function OtherField({ field, value, onChange, problem }: OtherFieldProps) {
  const { w, f } = useWords()
  const { reads, label, help, required, choices } = field
  // while it is typed it need not be a number yet
  const [typed, setTyped] = useState(() => textOf(value, field))
  if (reads === 'flag') return <Check label={label} checked={value === true} onChange={onChange} />
  if (reads === 'filters')
    return (
      <WhereEditor
        label={label}
        value={filtersOfWhere(value as Where | undefined).filters}
        onChange={(filters) => onChange(whereOfFilters(filters))}
        problem={problem}
        first="status"
      />
    )
  if (choices && choices.length > 0)
    return (
      <div class="field">
        <span class="field-label">{label}</span>
        <Segmented
          label={label}
          value={String(value ?? '')}
          onChange={onChange}
          choices={choices.map((one) => ({ value: one.value, text: one.label }))}
        />
        {help && <p class="field-hint">{help}</p>}
      </div>
    )
  return (
    <TextField
      label={required ? label : `${label}${f.aside(w.alerts.common.optional)}`}
      hint={help || undefined}
      value={typed}
      onInput={(text) => {
        setTyped(text)
        onChange(valueOf(text, field))
      }}
      inputMode={reads === 'number' || reads === 'share' ? 'decimal' : undefined}
      problem={problem}
      required={required}
    />
  )
}

function textOf(value: unknown, { reads }: KindField): string {
  if (value === undefined || value === null) return ''
  if (reads === 'share' && typeof value === 'number') return `${Number((value * 100).toPrecision(12))}%`
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** What the service is given for what was typed; what it cannot be stays as it was typed, and the service says why. */
function valueOf(text: string, { reads }: KindField): unknown {
  const bare = text.trim()
  if (bare === '') return undefined
  if (reads === 'number' || reads === 'share') {
    const percent = reads === 'share' && /[%％]$/.test(bare)
    const number = typedNumber(percent ? bare.slice(0, -1).trim() : bare)
    if (Number.isNaN(number)) return bare
    return percent ? Number((number / 100).toPrecision(12)) : number
  }
  if (reads === 'list' || reads === 'labels' || reads === 'texts' || reads === 'dimensions')
    try {
      return JSON.parse(bare)
    } catch {
      return bare
    }
  return bare
}
