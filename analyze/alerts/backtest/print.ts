/** Backtests on a terminal. */
import { iso } from '../../../schema/words/iso.js'
import type { Backtest } from '../../../schema/api/alerts.js'
import { shown } from '../../../schema/command-line/shown.js'
import type { ReadStore } from '../../../schema/store/store.js'
import { DEFAULT_LANGUAGE, type Language } from '../../../schema/words/languages.js'
import type { AlertLog } from '../../../schema/store/alert-log.js'
import { checkRule } from '../rules/check.js'
import type { Rule } from '../rules/rule.js'
import { problemsInWords } from '../rules/mistakes/in-words.js'
import { parseRules } from '../rules/yaml.js'
import type { FindSurges } from '../signals/find-surges.js'
import { backtest } from './backtest.js'

export interface BacktestCommand {
  store: ReadStore
  log: AlertLog
  findSurges: FindSurges | null
  /** text of a rules file; null: the rules of the store */
  rulesFile: string | null
  /** only the rule of this name or id; null: all */
  rule: string | null
  from: number | null
  to: number | null
  /** of warnings and of what is wrong with the rules file */
  lang?: Language
}

export interface BacktestReport {
  from: string | null
  to: string | null
  rules: { id: string; name: string; enabled: boolean; backtest: Backtest | null; error: string | null }[]
  /** mistakes of the rules file, `line:column: reason` */
  problems: string[]
}

/** Every rule over the range; one that fails does not hold up the others. Throws an Error if no such rule is there. */
export async function backtestReport({
  store,
  log,
  findSurges,
  rulesFile,
  rule,
  from,
  to,
  lang,
}: BacktestCommand): Promise<BacktestReport> {
  const { rules, problems } = rulesFile === null ? await storedRules(log) : rulesOfFile(rulesFile, lang)
  const chosen = rules.filter((r) => rule === null || r.name === rule || r.id === rule)
  if (chosen.length === 0 && problems.length === 0) {
    throw Object.assign(
      new Error(
        rule === null
          ? 'There are no rules yet. Take in logs and open the alerts page, or give a rules file.'
          : `There is no rule "${rule}". There are: ${rules.map((r) => r.name).join(', ') || 'none'}.`,
      ),
      { code: 'NO_SUCH_RULE' },
    )
  }
  const extent = await store.records.extent()
  const range = { from: from ?? extent.from ?? 0, to: to ?? (extent.to ?? -1) + 1 }
  const out: BacktestReport = { from: iso(range.from), to: iso(range.to), rules: [], problems }
  for (const { id, name, enabled, ...rest } of chosen) {
    try {
      out.rules.push({
        id,
        name,
        enabled,
        backtest: await backtest({ id, name, enabled, ...rest }, range, { store, findSurges }, lang),
        error: null,
      })
    } catch (error) {
      out.rules.push({ id, name, enabled, backtest: null, error: (error as Error).message })
    }
  }
  return out
}

async function storedRules(log: AlertLog): Promise<{ rules: Rule[]; problems: string[] }> {
  const { rules } = await log.load()
  return { rules: rules.flatMap(({ id, draft }) => checkRule(draft, id).rule ?? []), problems: [] }
}

function rulesOfFile(text: string, lang: Language = DEFAULT_LANGUAGE): { rules: Rule[]; problems: string[] } {
  const { rules, problems } = parseRules(text)
  return {
    rules: rules.map((r) => r.rule),
    problems: problemsInWords(problems, lang).map(
      ({ line, column, rule, path, reason }) =>
        `${line ?? 1}:${column ?? 1}: ${rule === null ? '' : `${rule}: `}${path}${path ? ' ' : ''}${reason}`,
    ),
  }
}

/** The report for people. */
export function printBacktest(report: BacktestReport): string {
  const lines = [`from ${report.from} to ${report.to}`]
  for (const problem of report.problems) lines.push(`refused  ${shown(problem)}`)
  for (const { name, enabled, backtest: result, error } of report.rules) {
    lines.push('', `${shown(name)}${enabled ? '' : ' (off)'}`)
    if (!result) {
      lines.push(`  could not be evaluated: ${shown(error ?? '')}`)
      continue
    }
    const { episodes, notices, noticesPerWeek, seconds } = result
    lines.push(
      `  ${episodes.length === 0 ? 'would not have fired' : `${episodes.length} episodes, ${notices} notices, ${noticesPerWeek} a week`} (${seconds.toFixed(1)} s)`,
    )
    for (const episode of episodes.slice(0, 20)) {
      const labels = Object.entries(episode.labels)
        .map(([key, value]) => `${key}=${shown(value)}`)
        .join(' ')
      const value =
        episode.value === null ? '' : `  ${episode.value}${episode.threshold === null ? '' : ` > ${episode.threshold}`}`
      lines.push(
        `  ${episode.firedAt.slice(0, 16)}Z – ${episode.resolvedAt === null ? 'still firing' : `${episode.resolvedAt.slice(0, 16)}Z`}${value}${labels ? `  ${labels}` : ''}`,
      )
    }
    if (episodes.length > 20) lines.push(`  … and ${episodes.length - 20} more; --json lists them`)
    for (const { message } of result.warnings) lines.push(`  ! ${shown(message)}`)
    for (const problem of result.problems) lines.push(`  ! ${shown(problem)}`)
  }
  return `${lines.join('\n')}\n`
}
