/** The fields of a rule: what is watched, when it is broken, who is told. */
import type { Dimension } from '../../../../schema/store/query.js'
import { SEVERITIES } from '../../state/alerts-lists.js'
import { useNotifiers } from '../../state/alerts.js'
import { FILTERABLE } from '../../state/dimensions.js'
import { linkTo } from '../../state/router.js'
import { Icon } from '../icon.js'
import { Segmented } from '../segmented.js'
import { useWords } from '../words.js'
import { AreaField, Check, SelectField, TextField } from './fields.js'
import type { FormPart } from './form-part.js'
import { KindFields, KindPicker } from './kind-fields.js'

const LASTING = ['0s', '1m', '3m', '5m', '10m', '15m', '30m', '1h']

export function RuleFields(part: FormPart) {
  const { w, f } = useWords()
  const e = w.alerts.editor
  const { form, set, wrong } = part
  return (
    <>
      <TextField
        label={e.name}
        hint={e.nameHint}
        value={form.name}
        onInput={(name) => set({ name })}
        problem={wrong('name')}
        required
        first={form.name === ''}
      />
      <section>
        <h2>{e.what}</h2>
        <KindPicker {...part} />
        <KindFields {...part} />
      </section>
      <section>
        <h2>{e.when}</h2>
        <div class="field-pair">
          <TextField
            label={e.for}
            hint={e.forHint}
            value={form.for}
            onInput={(value) => set({ for: value })}
            list={LASTING}
            problem={wrong('for')}
          />
          <TextField
            label={e.keep}
            hint={e.keepHint}
            value={form.keepFiringFor}
            onInput={(keepFiringFor) => set({ keepFiringFor })}
            list={LASTING}
            problem={wrong('keepFiringFor')}
          />
          {(form.kind === 'count' || form.kind === 'ratio') && (
            <TextField
              label={`${e.recover}${form.kind === 'ratio' ? f.aside('%') : ''}`}
              hint={e.recoverHint}
              value={form.recover}
              onInput={(recover) => set({ recover })}
              placeholder={form.above}
              inputMode="decimal"
              problem={wrong('expr.recover')}
            />
          )}
        </div>
        {form.kind !== 'surge' && <By {...part} />}
        <SelectField
          label={e.audience}
          value={form.audience}
          choices={(['visitors', 'all', 'internal'] as const).map((value) => ({ value, text: e.audiences[value] }))}
          onChange={(audience) => set({ audience })}
          problem={wrong('expr.where.visitor')}
        />
      </section>
      <section>
        <h2>{e.who}</h2>
        <div class="field">
          <span class="field-label">{w.alerts.common.severity}</span>
          <Segmented
            label={w.alerts.common.severity}
            value={form.severity}
            onChange={(severity) => set({ severity })}
            choices={SEVERITIES.map((value) => ({ value, text: w.alerts.severities[value] }))}
          />
        </div>
        <Notify {...part} />
        <AreaField
          label={e.note}
          hint={e.noteHint}
          value={form.note}
          onInput={(note) => set({ note })}
          problem={wrong('note')}
        />
        <TextField
          label={e.runbook}
          hint={e.runbookHint}
          type="url"
          value={form.runbook}
          onInput={(runbook) => set({ runbook })}
          placeholder={'https://'}
          problem={wrong('runbook')}
        />
        <Labels {...part} />
      </section>
    </>
  )
}

function By({ form, set, wrong }: FormPart) {
  const { w, f } = useWords()
  const e = w.alerts.editor
  const choices = (taken: Dimension | undefined) => [
    { value: '', text: '–' },
    ...FILTERABLE.filter((d) => d !== taken).map((value) => ({
      value: value as string,
      text: w.dimensions[value].one,
    })),
  ]
  const choose = (i: number, value: string): void => {
    const next = [...form.by]
    if (value === '') next.splice(i, 1)
    else next[i] = value as Dimension
    set({ by: next })
  }
  return (
    <div class="field-pair">
      <SelectField
        label={e.by}
        hint={e.byHint}
        value={form.by[0] ?? ''}
        choices={choices(form.by[1])}
        onChange={(value) => choose(0, value)}
        problem={wrong('by') ?? wrong('by[0]')}
      />
      {form.by.length > 0 && (
        <SelectField
          label={`${e.by}${f.aside('2')}`}
          value={form.by[1] ?? ''}
          choices={choices(form.by[0])}
          onChange={(value) => choose(1, value)}
          problem={wrong('by[1]')}
        />
      )}
    </div>
  )
}

function Notify({ form, set }: FormPart) {
  const { w } = useWords()
  const e = w.alerts.editor
  const { data } = useNotifiers()
  if (!data) return null
  if (data.notifiers.length === 0)
    return (
      <p class="aside">
        <Icon name="info" />
        <span>
          {e.noNotifier} <a href={linkTo({ name: 'notifiers' })}>{e.toNotifiers}</a>
        </span>
      </p>
    )
  const some = form.notify.length > 0
  return (
    <fieldset class="field">
      <legend class="field-label">{e.notify}</legend>
      <label class="tick-field">
        <input type="radio" name="notify" checked={!some} onChange={() => set({ notify: [] })} />
        <span>{e.notifyAll}</span>
      </label>
      <label class="tick-field">
        <input type="radio" name="notify" checked={some} onChange={() => set({ notify: [data.notifiers[0].id] })} />
        <span>{e.notifySome}</span>
      </label>
      {some && (
        <div class="indent">
          {data.notifiers.map((n) => (
            <Check
              key={n.id}
              label={n.name}
              checked={form.notify.includes(n.id)}
              onChange={(on) => set({ notify: on ? [...form.notify, n.id] : form.notify.filter((id) => id !== n.id) })}
            />
          ))}
        </div>
      )}
    </fieldset>
  )
}

function Labels({ form, set, wrong }: FormPart) {
  const { w } = useWords()
  const e = w.alerts.editor
  const change = (i: number, key: 'name' | 'value', text: string): void =>
    set({ labels: form.labels.map((l, j) => (j === i ? { ...l, [key]: text } : l)) })
  return (
    <div class="field" role="group" aria-label={e.labels}>
      <span class="field-label">{e.labels}</span>
      {form.labels.map((l, i) => (
        <div key={i} class="matcher-line two">
          <input
            type="text"
            value={l.name}
            placeholder={e.labelName}
            aria-label={e.labelName}
            aria-invalid={wrong(`labels.${l.name}`) !== null}
            spellcheck={false}
            onInput={(x) => change(i, 'name', x.currentTarget.value)}
          />
          <input
            type="text"
            value={l.value}
            placeholder={e.labelValue}
            aria-label={e.labelValue}
            onInput={(x) => change(i, 'value', x.currentTarget.value)}
          />
          <button
            type="button"
            class="quiet square"
            aria-label={w.alerts.common.remove}
            title={w.alerts.common.remove}
            onClick={() => set({ labels: form.labels.filter((_, j) => j !== i) })}
          >
            <Icon name="close" />
          </button>
          {wrong(`labels.${l.name}`) && <p class="field-problem">{wrong(`labels.${l.name}`)}</p>}
        </div>
      ))}
      <button
        type="button"
        class="quiet add"
        onClick={() => set({ labels: [...form.labels, { name: '', value: '' }] })}
      >
        <Icon name="plus" />
        {e.addLabel}
      </button>
    </div>
  )
}
