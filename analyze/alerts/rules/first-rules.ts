/**
 * After the first logs: rules to begin with, once in the life of a store. Logs too few to tell what is usual (a sample,
 * the first seconds of a job) give rules that are fitted later, as far as nobody has touched them by then.
 */
import type { AlertLog, AlertSnapshot, StoredRule } from '../../../schema/store/alert-log.js'
import type { Language } from '../../../schema/words/languages.js'
import type { ReadRecords } from '../../../schema/store/records.js'
import { checkRule } from './check.js'
import { starterRules } from './starters.js'

/** The setting that remembers when they were made, and that they still want fitting. */
const MADE = 'starters-made'
const UNFITTED = 'unfitted '

export interface FirstRulesOptions {
  records: ReadRecords
  log: AlertLog
  /** of their names and notes */
  language: Language
  now: number
}

/** True: rules were written, so the snapshot is out of date. */
export async function makeFirstRules(
  snapshot: AlertSnapshot,
  { records, log, language, now }: FirstRulesOptions,
): Promise<boolean> {
  const made = snapshot.settings[MADE]
  if (made !== undefined && !made.startsWith(UNFITTED)) return false
  const { drafts, fitted } = await starterRules(records, language)
  if (drafts.length === 0 || (made !== undefined && !fitted)) return false
  const starters = drafts.map((draft, i): StoredRule => {
    const id = `starter-${i + 1}`
    return { id, origin: 'starter', draft: checkRule(draft, id).draft ?? draft, createdAt: now + i, updatedAt: now }
  })
  await log.putRules(made === undefined ? unnamed(starters, snapshot) : fittedTo(starters, snapshot, made), [])
  await log.setSetting(MADE, `${fitted ? '' : UNFITTED}${now}`)
  return true
}

/** Those whose name no rule has yet. */
function unnamed(starters: readonly StoredRule[], { rules }: AlertSnapshot): StoredRule[] {
  const names = new Set(rules.map((r) => r.draft.name))
  return starters.filter(({ draft }) => !names.has(draft.name))
}

/** Those that nobody touched since they were made, under the name that they have. */
function fittedTo(starters: readonly StoredRule[], { rules }: AlertSnapshot, made: string): StoredRule[] {
  const untouched = new Map(
    rules.filter((r) => r.draft.enabled === false && `${UNFITTED}${r.updatedAt}` === made).map((r) => [r.id, r]),
  )
  return starters.flatMap((rule) => {
    const before = untouched.get(rule.id)
    if (!before) return []
    return [{ ...before, draft: { ...rule.draft, name: before.draft.name }, updatedAt: rule.updatedAt }]
  })
}
