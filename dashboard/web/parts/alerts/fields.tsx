/** Fields of a form: a label, what it takes, and beside it what is wrong. */
import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { useWords } from '../words.js'

export interface FieldIds {
  'id': string
  'aria-describedby': string | undefined
  'aria-invalid': boolean | undefined
  'aria-required': boolean | undefined
}

export interface FieldProps {
  label: string
  hint?: string
  problem?: string | null | undefined
  required?: boolean
  class?: string
  children: (ids: FieldIds) => ComponentChildren
}

export function Field({ label, hint, problem, required, class: extra = '', children }: FieldProps) {
  const id = useId()
  const told = [problem && `${id}-problem`, hint && `${id}-hint`].filter(Boolean).join(' ')
  return (
    <div class={`field ${extra}`}>
      <label for={id}>{label}</label>
      {children({
        id,
        'aria-describedby': told || undefined,
        'aria-invalid': problem ? true : undefined,
        'aria-required': required,
      })}
      {problem && (
        <p id={`${id}-problem`} class="field-problem">
          {problem}
        </p>
      )}
      {hint && (
        <p id={`${id}-hint`} class="field-hint">
          {hint}
        </p>
      )}
    </div>
  )
}

export interface TextFieldProps extends Omit<FieldProps, 'children'> {
  value: string
  onInput: (value: string) => void
  type?: 'text' | 'password' | 'url' | 'datetime-local' | 'time' | 'date'
  placeholder?: string
  list?: readonly string[]
  inputMode?: 'text' | 'decimal' | 'numeric' | 'url'
  first?: boolean
}

export function TextField({
  value,
  onInput,
  type = 'text',
  placeholder,
  list,
  inputMode,
  first,
  ...field
}: TextFieldProps) {
  const listId = useId()
  return (
    <Field {...field}>
      {(ids) => (
        <>
          <input
            {...ids}
            type={type as 'text'}
            value={value}
            placeholder={placeholder}
            inputMode={inputMode}
            list={list ? listId : undefined}
            spellcheck={false}
            autocomplete={type === 'password' ? 'new-password' : 'off'}
            autoFocus={first}
            onInput={(e) => onInput(e.currentTarget.value)}
          />
          {list && (
            <datalist id={listId}>
              {list.map((text) => (
                <option key={text} value={text} />
              ))}
            </datalist>
          )}
        </>
      )}
    </Field>
  )
}

export function SelectField<T extends string>({
  value,
  choices,
  onChange,
  ...field
}: Omit<FieldProps, 'children'> & {
  value: T
  choices: readonly { value: T; text: string }[]
  onChange: (value: T) => void
}) {
  return (
    <Field {...field}>
      {(ids) => (
        <select {...ids} value={value} onChange={(e) => onChange(e.currentTarget.value as T)}>
          {choices.map((c) => (
            <option key={c.value} value={c.value}>
              {c.text}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

export function AreaField({
  value,
  onInput,
  rows = 3,
  ...field
}: Omit<FieldProps, 'children'> & { value: string; onInput: (value: string) => void; rows?: number }) {
  return (
    <Field {...field}>
      {(ids) => <textarea {...ids} rows={rows} value={value} onInput={(e) => onInput(e.currentTarget.value)} />}
    </Field>
  )
}

export function Check({
  label,
  hint,
  checked,
  onChange,
  disabled,
}: {
  label: string
  hint?: string
  checked: boolean
  onChange: (checked: boolean) => void
  disabled?: boolean
}) {
  return (
    <label class="tick-field">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(e) => onChange(e.currentTarget.checked)}
      />
      <span>
        {label}
        {hint && <small>{hint}</small>}
      </span>
    </label>
  )
}

/** A switch that acts at once. */
export function Switch({
  label,
  on,
  onChange,
  disabled,
}: {
  label: string
  on: boolean
  onChange: (on: boolean) => void
  disabled?: boolean
}) {
  return (
    <button
      type="button"
      class="switch"
      data-needs="operate"
      role="switch"
      aria-checked={on}
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={() => onChange(!on)}
    >
      <i aria-hidden="true" />
    </button>
  )
}

/** The end of a form: what goes wrong is said beside the button that was pressed. */
export function FormFoot({
  busy,
  submit,
  onCancel,
  danger,
  disabled,
  children,
}: {
  busy: boolean
  submit: string
  onCancel?: () => void
  danger?: boolean
  disabled?: boolean
  children?: ComponentChildren
}) {
  const { w } = useWords()
  return (
    <footer>
      {children}
      {onCancel && (
        <button type="button" class="control" onClick={onCancel}>
          {w.alerts.common.cancel}
        </button>
      )}
      <button type="submit" class={danger ? 'primary danger' : 'primary'} disabled={busy || disabled}>
        {busy ? w.alerts.common.saving : submit}
      </button>
    </footer>
  )
}
