/** Beside the editor: the rule in words, and what it would have done with the data at hand. */
import type { PreviewAnswer } from '../../state/alerts-preview.js'
import { recoverOf, type RuleDraft } from '../../state/rules.js'
import { ProblemNote } from '../problem.js'
import { RangePicker, ZonePicker } from '../range-bar.js'
import { useWords } from '../words.js'
import { BacktestReport } from './backtest-report.js'
import { PreviewChart } from './preview-chart.js'

export function PreviewPane({
  draft,
  whole,
  preview,
  text,
  told,
}: {
  draft: RuleDraft
  whole: boolean
  preview: PreviewAnswer
  text: string
  told: string[]
}) {
  const { w } = useWords()
  const p = w.alerts.preview
  const recover = recoverOf(draft.expr)
  const { data, problem, loading } = preview
  return (
    <aside class="preview" aria-label={p.title}>
      <header>
        <h2>{p.title}</h2>
        <div class="preview-range">
          <RangePicker />
          <ZonePicker />
        </div>
      </header>
      <p class="rule-sentence">{text || p.wait}</p>
      {problem && <ProblemNote problem={told.length > 0 ? { ...problem, message: told.join('; ') } : problem} />}
      {(data || loading) && <PreviewChart data={data} loading={loading} title={p.perLine} recover={recover} />}
      {data && whole && !problem && <BacktestReport result={data} most={8} />}
    </aside>
  )
}
