/** The button beside every rule: what it would have done over a range of the reader's choice. */
import { useEffect, useState } from 'preact/hooks'
import type { Backtest } from '../../../../schema/api/alerts.js'
import type { RuleJson } from '../../state/rules.js'
import { askBacktest, problemOf } from '../../state/alerts.js'
import type { Problem } from '../../state/api.js'
import { useAsked } from '../../state/asked.js'
import { useTheSummary } from '../../state/summary.js'
import { parseDuration } from '../../state/url.js'
import { Dialog } from '../dialog.js'
import { Icon } from '../icon.js'
import { ProblemNote } from '../problem.js'
import { rangeText } from '../range-bar.js'
import { useWords } from '../words.js'
import { BacktestReport } from './backtest-report.js'
import { SelectField } from './fields.js'
import { ruleText } from './rule-words.js'

const PRESETS = ['24h', '7d', '30d'] as const

export function BacktestButton({ rule }: { rule: RuleJson }) {
  const { w } = useWords()
  const [open, setOpen] = useState(false)
  return (
    <>
      <button
        type="button"
        class="control"
        aria-label={w.alerts.rules.backtestOf(rule.name)}
        onClick={() => setOpen(true)}
      >
        <Icon name="clock" />
        {w.alerts.rules.backtest}
      </button>
      {open && <BacktestDialog rule={rule} onClose={() => setOpen(false)} />}
    </>
  )
}

function BacktestDialog({ rule, onClose }: { rule: RuleJson; onClose: () => void }) {
  const speech = useWords()
  const { w, f } = speech
  const asked = useAsked()
  const extent = useTheSummary().data?.extent
  const [choice, setChoice] = useState<string>('all')
  const [result, setResult] = useState<Backtest | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [busy, setBusy] = useState(true)
  const newest = extent?.to ? Date.parse(extent.to) : Date.now()
  useEffect(() => {
    let current = true
    const ms = parseDuration(choice)
    // the last days of the logs, not of the calendar: history is looked at long after
    const range = choice === 'shown' && asked ? asked.span : ms === null ? null : { from: newest - ms, to: newest + 1 }
    setBusy(true)
    setProblem(null)
    askBacktest(rule.id, range, f.lang)
      .then(
        (found) => current && setResult(found),
        (error: unknown) => current && setProblem(problemOf(error)),
      )
      .finally(() => current && setBusy(false))
    return () => {
      current = false
    }
  }, [choice])
  const shown = asked ? [{ value: 'shown', text: rangeText(asked.view.range, asked.span, speech) }] : []
  const choices = [
    { value: 'all', text: w.range.all },
    ...PRESETS.map((value) => ({
      value: value as string,
      text: w.range.last(
        f.span(parseDuration(value) ?? 0),
        value === '24h' ? 'hour' : 'day',
        Number.parseInt(value, 10),
      ),
    })),
    ...shown,
  ]
  return (
    <Dialog title={w.alerts.rules.backtestOf(rule.name)} class="wide" onClose={onClose}>
      <p class="faint">{ruleText(rule, speech)}</p>
      <SelectField label={w.alerts.preview.range} value={choice} choices={choices} onChange={setChoice} />
      <div class="backtest-room" aria-busy={busy}>
        {problem && <ProblemNote problem={problem} />}
        {busy && !result && (
          <p class="faint" role="status">
            {w.alerts.preview.running}
          </p>
        )}
        {result && !problem && <BacktestReport result={result} />}
      </div>
    </Dialog>
  )
}
