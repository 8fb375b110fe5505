/** The fields that each kind of rule has. */
import { withKind } from '../../state/alerts-form.js'
import { isOwnKind } from '../../state/rules.js'
import { useRuleKinds } from '../../state/rule-kinds.js'
import { Icon } from '../icon.js'
import { OtherFields, usualValues } from './other-fields.js'
import { Segmented } from '../segmented.js'
import { useWords } from '../words.js'
import { TextField } from './fields.js'
import type { FormPart } from './form-part.js'
import { WhereEditor } from './where-editor.js'

const WINDOWS = ['1m', '5m', '10m', '15m', '30m', '1h', '6h', '1d']

export function KindPicker({ form, set }: FormPart) {
  const { w, f } = useWords()
  const kinds = useRuleKinds(f.lang)
  return (
    <fieldset class="kinds">
      <legend class="unseen">{w.alerts.editor.what}</legend>
      {kinds.length === 0 && <i class="skeleton tall" />}
      {kinds.map(({ kind, name, when, fields }) => (
        <label key={kind} class={kind === form.kind ? 'kind on' : 'kind'}>
          <input
            type="radio"
            name="kind"
            checked={kind === form.kind}
            onChange={() => set(withKind(form, kind, isOwnKind(kind) ? {} : usualValues(fields)))}
          />
          <span>
            <strong>{name}</strong>
            <small>{when}</small>
          </span>
        </label>
      ))}
    </fieldset>
  )
}

export function KindFields(part: FormPart) {
  const { w } = useWords()
  const e = w.alerts.editor
  const { form, set, wrong } = part
  const counted = form.kind === 'count' || form.kind === 'ratio'
  const rated = form.kind === 'ratio' || form.kind === 'burn-rate'
  return (
    <>
      <WhereEditor
        label={e.scope}
        hint={form.scope.length === 0 ? e.scopeHint : undefined}
        value={form.scope}
        onChange={(scope) => set({ scope })}
        problem={wrong('expr.where')}
      />
      {rated && (
        <WhereEditor
          label={e.errors}
          value={form.errors}
          onChange={(errors) => set({ errors })}
          problem={wrong('expr.errors')}
          first="status"
        />
      )}
      {!isOwnKind(form.kind) && <OtherFields {...part} />}
      {form.kind === 'surge' && (
        <div class="field">
          <span class="field-label">{e.sensitivity}</span>
          <Segmented
            label={e.sensitivity}
            value={form.sensitivity}
            onChange={(sensitivity) => set({ sensitivity })}
            choices={(['low', 'medium', 'high'] as const).map((value) => ({ value, text: e.sensitivities[value] }))}
          />
          <p class="field-hint">{e.sensitivityHint}</p>
        </div>
      )}
      {form.kind === 'absence' && (
        <TextField
          label={e.after}
          hint={e.afterHint}
          value={form.after}
          onInput={(after) => set({ after })}
          list={WINDOWS}
          problem={wrong('expr.after')}
          required
        />
      )}
      {counted && (
        <div class="field-pair">
          <TextField
            label={form.kind === 'ratio' ? e.aboveShare : e.above}
            value={form.above}
            onInput={(above) => set({ above })}
            inputMode="decimal"
            problem={wrong('expr.above')}
            required
          />
          <TextField
            label={e.window}
            value={form.window}
            onInput={(window) => set({ window })}
            list={WINDOWS}
            problem={wrong('expr.window')}
            required
          />
          {form.kind === 'ratio' && (
            <TextField
              label={e.minimum}
              value={form.minimum}
              onInput={(minimum) => set({ minimum })}
              inputMode="numeric"
              problem={wrong('expr.minimum')}
            />
          )}
        </div>
      )}
      {form.kind === 'burn-rate' && (
        <>
          <div class="field-pair">
            <TextField
              label={e.objective}
              hint={e.objectiveHint}
              value={form.objective}
              onInput={(objective) => set({ objective })}
              inputMode="decimal"
              list={['99', '99.5', '99.9', '99.95', '99.99']}
              problem={wrong('expr.objective')}
              required
            />
            <TextField
              label={e.minimum}
              hint={e.minimumHint}
              value={form.minimum}
              onInput={(minimum) => set({ minimum })}
              inputMode="numeric"
              problem={wrong('expr.minimum')}
            />
          </div>
          <Windows {...part} />
        </>
      )}
    </>
  )
}

const USUAL = [
  { short: '5m', long: '1h', factor: '14.4' },
  { short: '30m', long: '6h', factor: '6' },
  { short: '6h', long: '3d', factor: '1' },
]

function Windows({ form, set, wrong }: FormPart) {
  const { w } = useWords()
  const e = w.alerts.editor
  const pairs = form.windows
  const change = (i: number, key: 'short' | 'long' | 'factor', value: string): void =>
    set({ windows: (pairs ?? []).map((p, j) => (j === i ? { ...p, [key]: value } : p)) })
  return (
    <fieldset class="field">
      <legend class="field-label">{e.windows}</legend>
      <label class="tick-field">
        <input type="radio" name="windows" checked={pairs === null} onChange={() => set({ windows: null })} />
        <span>{e.usualWindows}</span>
      </label>
      <label class="tick-field">
        <input type="radio" name="windows" checked={pairs !== null} onChange={() => set({ windows: USUAL })} />
        <span>{e.ownWindows}</span>
      </label>
      {pairs?.map((pair, i) => (
        <div key={i} class="pair-line">
          <TextField
            label={e.short}
            value={pair.short}
            onInput={(v) => change(i, 'short', v)}
            problem={wrong(`expr.windows[${i}].short`)}
          />
          <TextField
            label={e.long}
            value={pair.long}
            onInput={(v) => change(i, 'long', v)}
            problem={wrong(`expr.windows[${i}].long`) ?? wrong(`expr.windows[${i}]`)}
          />
          <TextField
            label={e.factor}
            value={pair.factor}
            onInput={(v) => change(i, 'factor', v)}
            inputMode="decimal"
            problem={wrong(`expr.windows[${i}].factor`)}
          />
          <button
            type="button"
            class="quiet square"
            aria-label={w.alerts.common.remove}
            title={w.alerts.common.remove}
            disabled={pairs.length === 1}
            onClick={() => set({ windows: pairs.filter((_, j) => j !== i) })}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
      {pairs && pairs.length < 6 && (
        <button
          type="button"
          class="quiet add"
          onClick={() => set({ windows: [...pairs, { short: '5m', long: '1h', factor: '10' }] })}
        >
          <Icon name="plus" />
          {e.addWindow}
        </button>
      )}
    </fieldset>
  )
}
