/** What a rule would have done: in a sentence, then each episode. */
import type { Backtest } from '../../../../schema/api/alerts.js'
import { linkTo } from '../../state/router.js'
import { Icon } from '../icon.js'
import { takingOfBacktest } from '../../state/takings.js'
import { TakeMenu } from '../take-menu.js'
import { useWords } from '../words.js'
import { Warnings } from './warnings.js'
import { backtestText, labelsText, loud, unitText } from './rule-words.js'

const few = 12
/** So much before and after an episode is shown with it, ms. */
const aroundMs = 30 * 60_000

export function BacktestReport({ result, most = few }: { result: Backtest; most?: number }) {
  const speech = useWords()
  const { w, f } = speech
  const p = w.alerts.preview
  const { episodes } = result
  const end = Date.parse(result.to)
  return (
    <div class="backtest">
      <p class={result.noticesPerWeek > loud ? 'backtest-text warn' : 'backtest-text'} role="status">
        {backtestText(result, speech)}
      </p>
      <Warnings of={result.warnings} />
      {result.problems.map((text) => (
        <p key={text} class="aside">
          <Icon name="info" />
          {text}
        </p>
      ))}
      {episodes.length > 0 && (
        <div class="taken">
          <TakeMenu take={() => takingOfBacktest(p.firing, result)} />
          <div class="scroll-x">
            <table class="plain episodes">
              <caption class="unseen">{p.firing}</caption>
              <thead>
                <tr>
                  <th scope="col">{p.from}</th>
                  <th scope="col">{p.to}</th>
                  <th scope="col" class="number">
                    {p.lasted}
                  </th>
                  <th scope="col">{p.where}</th>
                  <th scope="col" class="number">
                    {p.peak}
                  </th>
                </tr>
              </thead>
              <tbody>
                {episodes.slice(0, most).map((e, i) => {
                  const fired = Date.parse(e.firedAt)
                  const resolved = e.resolvedAt === null ? null : Date.parse(e.resolvedAt)
                  const span = { kind: 'span' as const, from: fired - aroundMs, to: (resolved ?? end) + aroundMs }
                  return (
                    <tr key={i}>
                      <td>
                        <a href={linkTo({ name: 'overview' }, { range: span, filters: [] })}>{f.moment(fired)}</a>
                      </td>
                      <td>{resolved === null ? <span class="faint">{p.still}</span> : f.moment(resolved)}</td>
                      <td class="number">{f.duration((resolved ?? end) - fired)}</td>
                      <td class="wrap">
                        {labelsText(e.labels, speech)}
                        {e.flapping && (
                          <span class="flag" title={w.alerts.now.flappingHint}>
                            {w.alerts.now.flapping}
                          </span>
                        )}
                      </td>
                      <td class="number">{e.value === null ? '–' : unitText(e.value, result.unit, speech)}</td>
                    </tr>
                  )
                })}
              </tbody>
            </table>
          </div>
        </div>
      )}
      <p class="faint small">
        {episodes.length > most && `${p.first(f.count(most), f.count(episodes.length))} · `}
        {f.interval(Date.parse(result.from), end)} · {p.took(f.millis(result.seconds * 1000))}
      </p>
    </div>
  )
}
