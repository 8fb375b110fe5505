/** Uploaded history wakes nobody, but tells: "would have fired 14:05, resolved 14:40", for every rule there is. */
import { iso } from '../../../schema/words/iso.js'
import type { Backtest, WouldHaveFired } from '../../../schema/api/alerts.js'
import type { Language } from '../../../schema/words/languages.js'
import { figuresOf } from '../notices/figures.js'
import { ALERT_TEXTS } from '../notices/languages/index.js'
import type { Rule } from '../rules/rule.js'
import { backtest, type BacktestRange, type BacktestTools } from './backtest.js'

/** Spans named in the sentence; the episodes are all there. */
const MOST_SPANS = 5

/** Rules that are off are told too: that is how one sees what they are good for. */
export async function wouldHaveFired(
  rules: readonly Rule[],
  range: BacktestRange | null,
  tools: BacktestTools,
  language: Language,
  timeZone = 'UTC',
): Promise<WouldHaveFired> {
  if (range === null) return { from: null, to: null, rules: [] }
  const out: WouldHaveFired['rules'] = []
  for (const rule of rules) {
    const head = { id: rule.id, name: rule.name, enabled: rule.enabled, severity: rule.severity }
    try {
      const report = await backtest(rule, range, tools, language)
      const error = report.problems.length > 0 && report.episodes.length === 0 ? report.problems.join(' ') : null
      out.push({
        ...head,
        episodes: report.episodes,
        notices: report.notices,
        error,
        summary: summaryOf(rule.name, report, language, timeZone),
      })
    } catch (error) {
      out.push({
        ...head,
        episodes: [],
        notices: 0,
        error: (error as Error).message,
        summary: (error as Error).message,
      })
    }
  }
  return { from: iso(range.from), to: iso(range.to), rules: out }
}

function summaryOf(name: string, { episodes, to }: Backtest, language: Language, timeZone: string): string {
  const texts = ALERT_TEXTS[language]
  const figures = figuresOf(texts, timeZone)
  if (episodes.length === 0) return texts.wouldHave.never(name)
  const end = Date.parse(to)
  const spans = episodes.slice(0, MOST_SPANS).map(({ firedAt, resolvedAt }) => {
    const fired = Date.parse(firedAt)
    return texts.wouldHave.span(
      figures.clock(fired, end),
      resolvedAt === null ? null : figures.clock(Date.parse(resolvedAt), fired),
    )
  })
  const more = episodes.length - spans.length
  return texts.wouldHave.fired(name, spans.join('; '), more > 0 ? figures.number(more) : null)
}
