/** One setting of a channel, as its kind asks. A secret that is saved is never shown: what is left empty stays. */
import type { ChannelField } from '../../state/alerts.js'
import { useWords } from '../words.js'
import { AreaField, Check, TextField } from './fields.js'

/** As typed; a boolean for a tick. `null`: a saved secret shall go. */
export type SettingText = string | boolean | null

export interface SettingProps {
  field: ChannelField
  value: SettingText | undefined
  /** a secret that is stored already, as far as it is shown */
  saved: string | null
  problem: string | null
  first?: boolean
  onChange: (value: SettingText | undefined) => void
}

export function SettingField({ field, value, saved, problem, first, onChange }: SettingProps) {
  const { w, f } = useWords()
  const n = w.alerts.notifiers
  const label =
    field.required || field.kind === 'boolean' ? field.label : `${field.label}${f.aside(w.alerts.common.optional)}`
  if (field.kind === 'boolean')
    return <Check label={field.label} hint={field.help} checked={value === true} onChange={onChange} />
  if (field.kind === 'list' || field.kind === 'headers') {
    return (
      <AreaField
        label={label}
        hint={field.help}
        rows={field.kind === 'list' ? 2 : 3}
        value={typeof value === 'string' ? value : ''}
        onInput={onChange}
        problem={problem}
        required={field.required}
      />
    )
  }
  const text = typeof value === 'string' ? value : ''
  const keeps = field.secret && saved !== null
  const hint = value === null ? n.forgotten : keeps && text === '' ? n.secretSet : field.help
  return (
    <div class="setting">
      <TextField
        label={label}
        hint={hint}
        type={field.secret ? 'password' : field.kind === 'url' ? 'url' : 'text'}
        inputMode={field.kind === 'number' ? 'numeric' : undefined}
        placeholder={keeps && value !== null ? (saved ?? undefined) : undefined}
        value={text}
        onInput={(typed) => onChange(typed === '' && field.secret ? undefined : typed)}
        problem={problem}
        required={field.required && !keeps}
        first={first}
      />
      {keeps && !field.required && value === undefined && (
        <button type="button" class="link small" onClick={() => onChange(null)}>
          {n.forget}
        </button>
      )}
      {value === null && (
        <button type="button" class="link small" onClick={() => onChange(undefined)}>
          {w.alerts.common.cancel}
        </button>
      )}
    </div>
  )
}

/** What is stored, as the fields show it. */
export function textOf(field: ChannelField, stored: unknown): SettingText | undefined {
  if (stored === undefined || stored === null) return undefined
  // names alone: they keep their values
  if (field.kind === 'headers' && typeof stored === 'string') return stored.replace(/:.*$/gm, ':')
  if (field.secret) return undefined
  if (field.kind === 'boolean') return stored === true
  if (field.kind === 'list') return (Array.isArray(stored) ? stored : [stored]).map(String).join('\n')
  if (field.kind === 'headers')
    return Object.entries(stored as { [name: string]: unknown })
      .map(([name, value]) => `${name}: ${String(value)}`)
      .join('\n')
  return String(stored)
}

/** What is typed, as the service takes it. Undefined: stays as it is; null: goes. */
export function settingOf(field: ChannelField, typed: SettingText | undefined): unknown {
  if (field.kind === 'boolean') return typed === true
  if (typed === null) return null
  const text = typeof typed === 'string' ? typed.trim() : ''
  if (text === '') return field.secret ? undefined : null
  switch (field.kind) {
    case 'number':
      return /^\d+$/.test(text) ? Number(text) : text
    case 'list':
      return text
        .split(/[\n,;]/)
        .map((one) => one.trim())
        .filter((one) => one !== '')
    case 'headers':
      return Object.fromEntries(
        text
          .split('\n')
          .map((line) => line.trim())
          .filter((line) => line !== '')
          .map((line) => {
            const at = line.indexOf(':')
            return at < 0 ? [line, null] : [line.slice(0, at).trim(), line.slice(at + 1).trim() || null]
          }),
      )
    default:
      return text
  }
}
