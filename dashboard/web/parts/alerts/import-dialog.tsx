/** Rules out of a YAML file: what is in it is shown, mistakes with their lines, before anything is kept. */
import { useRef, useState } from 'preact/hooks'
import type { RuleProblem, RuleWarning } from '../../../../schema/api/alerts.js'
import type { RuleDraft, RuleJson } from '../../state/rules.js'
import { askWith, draftOf, problemOf, storeRule } from '../../state/alerts.js'
import type { Problem } from '../../state/api.js'
import { Dialog } from '../dialog.js'
import { Icon } from '../icon.js'
import { ProblemNote } from '../problem.js'
import { saidText } from '../said.js'
import { useWords } from '../words.js'
import { AreaField } from './fields.js'
import { ruleText } from './rule-words.js'
import { SeverityMark } from './tags.js'
import { Warnings } from './warnings.js'

interface Checked {
  valid: boolean
  problems: RuleProblem[]
  warnings: RuleWarning[]
  rules: RuleDraft[]
}

export function ImportButton({ rules }: { rules: readonly RuleJson[] }) {
  const { w } = useWords()
  const [open, setOpen] = useState(false)
  return (
    <>
      <button type="button" class="control" data-needs="operate" onClick={() => setOpen(true)}>
        <Icon name="upload" />
        {w.alerts.rules.importYaml}
      </button>
      {open && <ImportDialog rules={rules} onClose={() => setOpen(false)} />}
    </>
  )
}

function ImportDialog({ rules, onClose }: { rules: readonly RuleJson[]; onClose: () => void }) {
  const speech = useWords()
  const { w, f } = speech
  const t = w.alerts.importing
  const file = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const [checked, setChecked] = useState<Checked | null>(null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [done, setDone] = useState<{ stored: number; failed: { name: string; why: string }[] } | null>(null)
  // taken as it is when the dialog opens: while rules are stored the list behind it moves
  const [known] = useState(rules)
  const twin = (draft: RuleDraft): RuleJson | undefined => known.find((r) => (r.storedName ?? r.name) === draft.name)
  const wanted = checked?.rules.filter((draft) => twin(draft)?.origin !== 'file' && !isSame(draft, twin(draft))) ?? []

  async function check(yaml: string): Promise<void> {
    setText(yaml)
    setChecked(null)
    setProblem(null)
    if (yaml.trim() === '') return
    setBusy(true)
    try {
      setChecked(await askWith<Checked>(`rules/validate?lang=${f.lang}`, { yaml }))
    } catch (error) {
      setProblem(problemOf(error))
    }
    setBusy(false)
  }

  async function store(): Promise<void> {
    setBusy(true)
    const failed: { name: string; why: string }[] = []
    for (const draft of wanted) {
      const old = twin(draft)
      try {
        await storeRule(old?.id ?? null, draftOf(draft), f.lang)
      } catch (error) {
        failed.push({ name: draft.name, why: saidText(problemOf(error), speech) })
      }
    }
    setDone({ stored: wanted.length - failed.length, failed })
    setBusy(false)
  }

  return (
    <Dialog title={t.title} class="wide" onClose={onClose}>
      {done ? (
        <>
          <p role="status">{t.done(done.stored, f.count(done.stored))}</p>
          {done.failed.map((x) => (
            <p key={x.name} class="bad">
              {t.failed(x.name, x.why)}
            </p>
          ))}
          <footer>
            <button type="button" class="primary" onClick={onClose}>
              {w.tools.close}
            </button>
          </footer>
        </>
      ) : (
        <form
          class="form"
          onSubmit={(e) => {
            e.preventDefault()
            void (checked ? store() : check(text))
          }}
        >
          <p class="faint">{t.lead}</p>
          <div class="step-doors">
            <button type="button" class="control" onClick={() => file.current?.click()}>
              <Icon name="upload" />
              {t.choose}
            </button>
          </div>
          <input
            ref={file}
            type="file"
            hidden
            tabIndex={-1}
            accept=".yaml,.yml,application/yaml,text/yaml"
            onChange={(e) => {
              const chosen = e.currentTarget.files?.[0]
              if (chosen) void chosen.text().then(check)
              e.currentTarget.value = ''
            }}
          />
          <AreaField
            label={t.paste}
            class="code-field"
            rows={checked ? 6 : 12}
            value={text}
            onInput={(value) => {
              setText(value)
              setChecked(null)
            }}
          />
          {problem && <ProblemNote problem={problem} />}
          {checked && <Found checked={checked} twin={twin} />}
          <footer>
            <button type="button" class="control" onClick={onClose}>
              {w.alerts.common.cancel}
            </button>
            {checked && wanted.length > 0 ? (
              <button type="submit" class="primary" disabled={busy}>
                {t.run(wanted.length, f.count(wanted.length))}
              </button>
            ) : (
              <button type="submit" class="primary" disabled={busy || text.trim() === ''}>
                {t.check}
              </button>
            )}
          </footer>
        </form>
      )}
    </Dialog>
  )
}

/** A rule that is there already stays untouched: a suggestion is not taken for confirmed by it. */
const isSame = (draft: RuleDraft, old: RuleJson | undefined): boolean =>
  old !== undefined && JSON.stringify(draftOf(draft)) === JSON.stringify(draftOf(old))

function Found({ checked, twin }: { checked: Checked; twin: (draft: RuleDraft) => RuleJson | undefined }) {
  const speech = useWords()
  const { w, f } = speech
  const t = w.alerts.importing
  return (
    <div class="found" role="status">
      {checked.problems.length > 0 && (
        <div class="problem stacked">
          <p>
            <strong>{t.problems(checked.problems.length, f.count(checked.problems.length))}</strong>
          </p>
          <ul>
            {checked.problems.map((p, i) => (
              <li key={i}>
                {p.line !== null && <b>{t.at(String(p.line), String(p.column ?? 1))} </b>}
                {p.rule && <strong>{p.rule} </strong>}
                <code>{p.path}</code> {p.reason}
              </li>
            ))}
          </ul>
        </div>
      )}
      <h3>{t.found(checked.rules.length, f.count(checked.rules.length))}</h3>
      <ul class="found-rules">
        {checked.rules.map((draft) => {
          const old = twin(draft)
          return (
            <li key={draft.name}>
              <SeverityMark severity={draft.severity ?? 'warning'} />
              <span>
                <strong>{draft.name}</strong>{' '}
                <span class="flag">
                  {isSame(draft, old) ? t.same : old ? (old.origin === 'file' ? t.fromFile : t.replaces) : t.fresh}
                </span>
                <small>{ruleText(draft, speech)}</small>
                <Warnings of={checked.warnings.filter(({ rule }) => rule === draft.name)} />
              </span>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
