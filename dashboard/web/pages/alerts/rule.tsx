/** The editor of a rule: the fields, and beside them what the rule would have done with the data at hand. */
import { noteOf } from '../../state/rule-notes.js'
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { RuleProblem } from '../../../../schema/api/alerts.js'
import type { RuleDraft, RuleJson } from '../../state/rules.js'
import { BacktestButton } from '../../parts/alerts/backtest-dialog.js'
import { Confirm } from '../../parts/alerts/confirm.js'
import { Check, FormFoot } from '../../parts/alerts/fields.js'
import { PreviewPane } from '../../parts/alerts/preview-pane.js'
import { RuleFields } from '../../parts/alerts/rule-form.js'
import { ruleText } from '../../parts/alerts/rule-words.js'
import { RuleStateTag, SeverityMark } from '../../parts/alerts/tags.js'
import { spoken } from '../../parts/announcer.js'
import { Icon } from '../../parts/icon.js'
import { PageHead } from '../../parts/page-head.js'
import { ProblemNote } from '../../parts/problem.js'
import { saidText } from '../../parts/said.js'
import { useWords } from '../../parts/words.js'
import { checkForm, emptyForm, formOfRule, ruleOfForm, type RuleForm } from '../../state/alerts-form.js'
import { newRuleAt } from '../../state/new-rule.js'
import { usePreview } from '../../state/alerts-preview.js'
import { act, askWith, pathOfRule, problemOf, storeRule, useRules } from '../../state/alerts.js'
import type { Problem } from '../../state/api.js'
import { useAsked } from '../../state/asked.js'
import { createDrafts } from '../../state/drafts.js'
import { change, currentView } from '../../state/router.js'

/** What was typed and not saved, by the rule's id. */
const unsaved = createDrafts<RuleForm>('rule', emptyForm())
/** So long after the last key the preview is asked for, ms. */
const pauseMs = 500

export function RulePage({ id }: { id: string }) {
  const { w } = useWords()
  const { data, problem } = useRules()
  const rule = data?.rules.find((r) => r.id === id)
  if (newRuleAt(id) === null && !rule) {
    if (problem)
      return (
        <>
          <PageHead title={w.alerts.pages.rule} />
          <ProblemNote problem={problem} />
        </>
      )
    return (
      <>
        <PageHead title={w.alerts.pages.rule} />
        {data ? (
          <div class="empty-range">
            <h1>{w.alerts.editor.notFound}</h1>
          </div>
        ) : (
          <i class="skeleton tall" />
        )}
      </>
    )
  }
  return <Editor id={id} rule={rule ?? null} file={data?.file?.path ?? ''} />
}

/** Name and note that nobody changed stay as they are stored, in whatever language that is. */
function asStored(draft: RuleDraft, rule: RuleJson | null, start: RuleForm): RuleDraft {
  if (!rule) return draft
  return {
    ...draft,
    ...(draft.name === start.name ? { name: rule.storedName ?? rule.name } : {}),
    ...(draft.note === start.note ? { note: rule.note } : {}),
  }
}

/** Of a rule that is not there yet: one that was begun about something else is not the one that is asked for here. */
const draftName = (id: string, { scope, errors }: RuleForm): string => `${id} ${JSON.stringify([scope, errors])}`

const filled = (a: RuleForm): string => JSON.stringify(a)

function Editor({ id, rule, file }: { id: string; rule: RuleJson | null; file: string }) {
  const speech = useWords()
  const { w } = speech
  const e = w.alerts.editor
  const asked = useAsked()
  const [start] = useState(() =>
    rule
      ? formOfRule({ ...rule, note: noteOf(rule, speech.f.lang) })
      : { ...emptyForm(currentView().filters, currentView().internal), ...newRuleAt(id) },
  )
  const draftId = rule ? id : draftName(id, start)
  const [before, setBefore] = useState(start)
  const [kept, setKept] = useState(unsaved.has(draftId))
  const [form, setForm] = useState<RuleForm>(() => unsaved.get(draftId) ?? start)
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [deleting, setDeleting] = useState(false)
  const touched = filled(form) !== filled(before)
  const readOnly = rule?.origin === 'file'
  useEffect(() => {
    if (touched) unsaved.set(draftId, form)
    else unsaved.delete(draftId)
  }, [form, touched])

  const wrong = useMemo(() => checkForm(form), [form])
  const draft = useMemo(() => asStored(ruleOfForm(form), rule, start), [form])
  // a name is still to come: what it would have done can be seen without one
  const whole = [...wrong.keys()].every((path) => path === 'name')
  const preview = usePreview(whole ? draft : null, asked?.span ?? null, pauseMs)
  const told = useServiceProblems(whole ? draft : null, preview.problem)
  const words = (path: string): string | null => {
    const own = wrong.get(path)
    // nobody is scolded for what he has not come to yet
    if (own && (tried || own !== 'missing')) return e.problems[own]
    return told.get(path) ?? null
  }
  const set = (part: Partial<RuleForm>): void => {
    setKept(false)
    setForm({ ...form, ...part })
  }

  async function save(): Promise<void> {
    setTried(true)
    if (wrong.size > 0) return
    setBusy(true)
    setProblem(null)
    try {
      const saved = await storeRule(rule?.id ?? null, draft, speech.f.lang)
      unsaved.delete(draftId)
      setBefore(form)
      setTried(false)
      spoken.set(rule ? e.saved : e.created(saved.name))
      if (!rule) change({ page: { name: 'rule', id: saved.id } }, 'replace')
    } catch (error) {
      setProblem(problemOf(error))
    }
    setBusy(false)
  }

  function duplicate(): void {
    unsaved.set(draftName('new', emptyForm()), { ...form, name: e.copyOf(form.name), enabled: true })
    change({ page: { name: 'rule', id: 'new' }, filters: [] })
  }

  return (
    <>
      <PageHead
        title={rule ? rule.name : e.newTitle}
        sign={rule ? <SeverityMark severity={rule.severity ?? 'warning'} /> : undefined}
      >
        {rule && <RuleStateTag state={rule.state} />}
        {rule && <BacktestButton rule={rule} />}
        {rule && (
          <button type="button" class="control" data-needs="operate" onClick={duplicate}>
            <Icon name="copy" />
            {e.duplicate}
          </button>
        )}
        {rule && !readOnly && (
          <button type="button" class="control danger" data-needs="operate" onClick={() => setDeleting(true)}>
            <Icon name="trash" />
            {w.alerts.common.delete}
          </button>
        )}
      </PageHead>
      {rule?.error && (
        <p class="problem" role="alert">
          {saidText(rule.error, speech)}
        </p>
      )}
      {readOnly && (
        <p class="aside">
          <Icon name="info" />
          {e.readOnly(file)}
        </p>
      )}
      {kept && (
        <p class="aside">
          <Icon name="info" />
          <span>
            {e.kept}{' '}
            <button
              type="button"
              class="link"
              onClick={() => {
                setForm(before)
                setKept(false)
              }}
            >
              {e.discard}
            </button>
          </span>
        </p>
      )}
      <div class="editor">
        <form
          class="form"
          noValidate
          onSubmit={(x) => {
            x.preventDefault()
            void save()
          }}
        >
          <fieldset class="plain-set" disabled={readOnly}>
            <RuleFields form={form} set={set} wrong={words} />
            <div class="form-end" data-needs="operate">
              <Check label={e.enabled} checked={form.enabled} onChange={(enabled) => set({ enabled })} />
              {tried && wrong.size > 0 && (
                <p class="field-problem" role="alert">
                  {[...new Set([...wrong.values()].map((p) => e.problems[p]))].join(' ')}
                </p>
              )}
              {problem && <ProblemNote problem={problem} />}
              <FormFoot busy={busy} submit={rule ? e.save : e.create} disabled={rule !== null && !touched}>
                {touched && rule && (
                  <>
                    <span class="faint small">{e.unsaved}</span>
                    <button type="button" class="control" onClick={() => setForm(before)}>
                      {e.discard}
                    </button>
                  </>
                )}
              </FormFoot>
            </div>
          </fieldset>
        </form>
        <PreviewPane
          draft={draft}
          whole={whole}
          preview={preview}
          text={whole ? ruleText(draft, speech) : ''}
          told={[...told.values()]}
        />
      </div>
      {deleting && rule && (
        <Confirm
          title={e.deleteTitle}
          text={e.deleteText(rule.name)}
          submit={w.alerts.common.delete}
          run={() => act('DELETE', pathOfRule(rule.id))}
          onClose={() => setDeleting(false)}
          onDone={() => {
            unsaved.delete(draftId)
            change({ page: { name: 'rules' } }, 'replace')
          }}
        />
      )}
    </>
  )
}

/** The mistakes that only the service can tell, at their paths. Asked for when it refuses to preview. */
function useServiceProblems(draft: RuleDraft | null, refused: Problem | null): Map<string, string> {
  const { lang } = useWords().f
  const [found, setFound] = useState<Map<string, string>>(new Map())
  useEffect(() => {
    setFound(new Map())
    if (!draft || refused?.code !== 'BAD_RULE') return
    let current = true
    askWith<{ problems: RuleProblem[] }>(`rules/validate?lang=${lang}`, { ...draft, name: draft.name || '–' }).then(
      ({ problems }) => current && setFound(new Map(problems.map((p) => [p.path, p.reason]))),
      () => undefined,
    )
    return () => {
      current = false
    }
  }, [refused, lang])
  return found
}
