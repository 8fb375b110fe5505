/** All rules: their state, their value against their threshold, and what waits for a yes. */
import { inputLabel } from '../../../../schema/words/inputs.js'
import { useState } from 'preact/hooks'
import type { RuleJson, RulesAnswer } from '../../state/rules.js'
import { BacktestButton } from '../../parts/alerts/backtest-dialog.js'
import { Switch } from '../../parts/alerts/fields.js'
import { ImportButton } from '../../parts/alerts/import-dialog.js'
import { ruleText } from '../../parts/alerts/rule-words.js'
import { RuleSpark } from '../../parts/alerts/rule-spark.js'
import { RuleStateTag, SeverityMark } from '../../parts/alerts/tags.js'
import { spoken } from '../../parts/announcer.js'
import { Finder } from '../../parts/finder.js'
import { Icon } from '../../parts/icon.js'
import { ProblemNote } from '../../parts/problem.js'
import { RangePicker } from '../../parts/range-bar.js'
import { saidText } from '../../parts/said.js'
import { useWords } from '../../parts/words.js'
import { act, draftOf, isSuggested, pathOfRule, problemOf, storeRule, useRules } from '../../state/alerts.js'
import type { Problem } from '../../state/api.js'
import { useAsked } from '../../state/asked.js'
import { folded } from '../../state/catalogue.js'
import { linkTo, useView } from '../../state/router.js'

const URGENCY: { [S in RuleJson['state']]: number } = {
  'firing': 0,
  'cannot-be-evaluated': 1,
  'pending': 2,
  'no-data': 3,
  'inactive': 4,
  'waiting': 5,
  'off': 6,
}

export function RulesPage() {
  const { w } = useWords()
  const r = w.alerts.rules
  const { search, filters } = useView()
  const { data, problem } = useRules()
  const words = folded(search)
    .split(/\s+/)
    .filter((x) => x !== '')
  const all = [...(data?.rules ?? [])].sort(
    (a, b) => URGENCY[a.state] - URGENCY[b.state] || Date.parse(a.createdAt) - Date.parse(b.createdAt),
  )
  const suggested = all.filter(isSuggested)
  const own = all.filter((rule) => !isSuggested(rule))
  const shown = own.filter((rule) =>
    words.every((x) =>
      folded(`${rule.name} ${rule.note ?? ''} ${Object.values(rule.labels ?? {}).join(' ')}`).includes(x),
    ),
  )
  return (
    <>
      <header class="page-head">
        <div>
          <h1>{w.alerts.pages.rules}</h1>
          <p>{r.lead}</p>
        </div>
        <RangePicker />
        <ImportButton rules={all} />
        {all.length > 0 && (
          <a class="control" href="/api/v1/rules/export" download="faultline-rules.yaml">
            <Icon name="download" />
            {r.exportYaml}
          </a>
        )}
        <a class="primary" data-needs="operate" href={linkTo({ name: 'rule', id: 'new' })}>
          <Icon name="plus" />
          {filters.length > 0 ? r.fromFilters : r.create}
        </a>
      </header>
      {problem && <ProblemNote problem={problem} />}
      {data && <FileProblems file={data.file} />}
      {!data && !problem && <i class="skeleton tall" />}
      {own.length > 6 && <Finder label={r.search} value={search} />}
      {data && all.length === 0 && (
        <div class="nothing-yet">
          <strong>{r.empty}</strong>
          <p>{r.emptyHint}</p>
        </div>
      )}
      {own.length > 0 && shown.length === 0 && <p class="panel-message">{r.none}</p>}
      {shown.length > 0 && (
        <ul class="cards rule-list">
          {shown.map((rule) => (
            <Rule key={rule.id} rule={rule} file={data?.file?.path ?? ''} />
          ))}
        </ul>
      )}
      {suggested.length > 0 && <Suggested rules={suggested} />}
      {data && <Freshness answer={data} />}
    </>
  )
}

function FileProblems({ file }: { file: RulesAnswer['file'] }) {
  const { w } = useWords()
  if (!file || file.problems.length === 0) return null
  return (
    <div class="problem stacked" role="alert">
      <p>{w.alerts.rules.fileProblems(file.path)}</p>
      <ul>
        {file.problems.map((p, i) => (
          <li key={i}>
            {p.line !== null && <b>{w.alerts.rules.line(String(p.line))} </b>}
            {p.rule && <strong>{p.rule} </strong>}
            <code>{p.path}</code> {p.reason}
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Up to when the rules know, and how late which logs come. */
function Freshness({ answer }: { answer: RulesAnswer }) {
  const { w, f } = useWords()
  const r = w.alerts.rules
  return (
    <p class="faint small freshness">
      {answer.watermark ? r.watermark(f.full(Date.parse(answer.watermark))) : r.noWatermark}
      {answer.delays.map((d) => (
        <span key={d.input} title={d.learned ? r.delayLearned : undefined}>
          {' '}
          · {r.delay(inputLabel(d.input, f.lang), f.duration(d.seconds * 1000))}
        </span>
      ))}
    </p>
  )
}

function RuleHead({ rule, file }: { rule: RuleJson; file: string }) {
  const speech = useWords()
  const { w, f } = speech
  const r = w.alerts.rules
  return (
    <div class="rule-words">
      <div class="rule-head">
        <SeverityMark severity={rule.severity ?? 'warning'} />
        <a href={linkTo({ name: 'rule', id: rule.id })}>{rule.name}</a>
        {rule.origin === 'file' && (
          <span class="flag" title={r.fromFileHint(file)}>
            {r.fromFile}
          </span>
        )}
        {rule.instances.length > 0 && (
          <span class="flag bad">{r.instances(rule.instances.length, f.count(rule.instances.length))}</span>
        )}
        {rule.noDataSince && <span class="flag">{r.noDataSince(f.moment(Date.parse(rule.noDataSince)))}</span>}
      </div>
      <p class="rule-text">{ruleText(rule, speech)}</p>
      {rule.error && (
        <p class="rule-error" role="alert">
          {saidText(rule.error, speech)}
        </p>
      )}
    </div>
  )
}

function useSwitch(rule: RuleJson): { busy: boolean; problem: Problem | null; set: (on: boolean) => void } {
  const { w, f } = useWords()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const set = (on: boolean): void => {
    setBusy(true)
    setProblem(null)
    storeRule(rule.id, { ...draftOf(rule), enabled: on }, f.lang)
      .then(
        () => spoken.set(w.alerts.rules.switched(rule.name)),
        (error: unknown) => setProblem(problemOf(error)),
      )
      .finally(() => setBusy(false))
  }
  return { busy, problem, set }
}

function Rule({ rule, file }: { rule: RuleJson; file: string }) {
  const { w } = useWords()
  const asked = useAsked()
  const { busy, problem, set } = useSwitch(rule)
  return (
    <li class={`rule-row ${rule.enabled ? '' : 'off'}`}>
      <RuleStateTag state={rule.state} />
      <RuleHead rule={rule} file={file} />
      <RuleSpark rule={rule} range={asked?.span ?? null} />
      <div class="row-actions">
        <BacktestButton rule={rule} />
        <Switch
          label={`${rule.enabled ? w.alerts.rules.switchOff : w.alerts.rules.switchOn}: ${rule.name}`}
          on={rule.enabled}
          disabled={busy || rule.origin === 'file'}
          onChange={set}
        />
      </div>
      {problem && <ProblemNote problem={problem} />}
    </li>
  )
}

function Suggested({ rules }: { rules: readonly RuleJson[] }) {
  const { w } = useWords()
  const r = w.alerts.rules
  return (
    <section class="suggested">
      <h2>{r.suggested}</h2>
      <p class="faint">{r.suggestedLead}</p>
      <ul class="cards rule-list">
        {rules.map((rule) => (
          <Suggestion key={rule.id} rule={rule} />
        ))}
      </ul>
    </section>
  )
}

function Suggestion({ rule }: { rule: RuleJson }) {
  const { w } = useWords()
  const r = w.alerts.rules
  const asked = useAsked()
  const { busy, problem, set } = useSwitch(rule)
  const [gone, setGone] = useState<Problem | null>(null)
  const dismiss = (): void => {
    act('DELETE', pathOfRule(rule.id)).then(
      () => spoken.set(r.deleted(rule.name)),
      (error: unknown) => setGone(problemOf(error)),
    )
  }
  return (
    <li class="rule-row suggestion">
      <RuleHead rule={rule} file="" />
      <RuleSpark rule={rule} range={asked?.span ?? null} />
      <div class="row-actions">
        <BacktestButton rule={rule} />
        <a class="control" href={linkTo({ name: 'rule', id: rule.id })} aria-label={`${r.adjust}: ${rule.name}`}>
          {r.adjust}
        </a>
        <button
          type="button"
          class="primary"
          data-needs="operate"
          disabled={busy}
          aria-label={`${r.confirm}: ${rule.name}`}
          onClick={() => set(true)}
        >
          {r.confirm}
        </button>
        <button
          type="button"
          class="quiet square"
          data-needs="operate"
          aria-label={`${r.dismiss}: ${rule.name}`}
          title={r.dismiss}
          onClick={dismiss}
        >
          <Icon name="close" />
        </button>
      </div>
      {(problem ?? gone) && <ProblemNote problem={(problem ?? gone) as Problem} />}
    </li>
  )
}
