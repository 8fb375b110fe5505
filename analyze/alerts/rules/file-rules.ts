/** Carries the rules file into the alert log: the file is the truth of its rules. */
import type { AlertLog, StoredRule } from '../../../schema/store/alert-log.js'
import { DEFAULT_LANGUAGE } from '../../../schema/words/languages.js'
import { checkRule } from './check.js'
import { inWords } from './mistakes/in-words.js'
import { warningsOf } from './settled-share.js'
import { openRulesFile, type RulesFile, type RulesFileState } from './rules-file.js'

export interface FileRulesOptions {
  /** null: there is no file, and the rules of an earlier one are forgotten */
  path: string | null
  log: AlertLog
  now(): number
  /** what the operator should know, and can mend */
  onWarning?: (text: string) => void
}

export interface FileRules {
  /** null until the file was looked at, and where there is none */
  readonly state: RulesFileState | null
  /** Looks whether the file changed, and brings the log up to date. True: rules are others now. */
  refresh(): Promise<boolean>
}

export function createFileRules({ path, log, now, onWarning }: FileRulesOptions): FileRules {
  let file: RulesFile | null = null
  let told = ''
  let forgotten = false

  async function forget(): Promise<boolean> {
    if (forgotten) return false
    const gone = (await log.load()).rules.filter((r) => r.origin === 'file').map((r) => r.id)
    if (gone.length > 0) await log.putRules([], gone)
    forgotten = true
    return gone.length > 0
  }

  /** Once, on the log of the service: the page shows them too, but whoever writes the file looks there. */
  function tell({ path: name, problems, rules }: RulesFileState): void {
    const wrong = problems.map(({ line, rule, path: where, mistake }) =>
      [
        line === null ? '' : `line ${line}: `,
        rule === null ? '' : `"${rule}" `,
        where,
        ' ',
        inWords(mistake, DEFAULT_LANGUAGE),
      ].join(''),
    )
    const doubtful = rules
      .flatMap(({ rule }) => warningsOf(rule))
      .map(({ rule, path: where, message }) => `"${rule}" ${where} ${message}`)
    const text = [...wrong, ...doubtful].join('; ')
    if (text !== '' && text !== told) onWarning?.(`Rules file ${name}: ${text}`)
    told = text
  }

  return {
    get state() {
      return file?.state ?? null
    },
    async refresh() {
      if (path === null) return forget()
      file ??= openRulesFile(path, inForce((await log.load()).rules))
      const changed = await file.refresh(now())
      tell(file.state)
      if (!changed) return false
      const { put, gone } = difference((await log.load()).rules, file.state, now())
      await log.putRules(put, gone)
      return true
    },
  }
}

/** What the log holds of the file: in force until the file can be read. */
function inForce(rules: readonly StoredRule[]) {
  return rules
    .filter((r) => r.origin === 'file')
    .flatMap(({ id, draft }) => {
      const { rule } = checkRule(draft, id)
      return rule ? [{ rule, draft, group: '' }] : []
    })
}

function difference(stored: readonly StoredRule[], file: RulesFileState, now: number) {
  const before = new Map(stored.map((r) => [r.id, r]))
  const wanted = new Set(file.rules.map(({ rule }) => rule.id))
  const put = file.rules.flatMap(({ rule: { id }, draft }): StoredRule[] => {
    const old = before.get(id)
    if (JSON.stringify(old?.draft) === JSON.stringify(draft)) return []
    return [{ id, origin: 'file', draft, createdAt: old?.createdAt ?? now, updatedAt: now }]
  })
  return { put, gone: stored.filter((r) => r.origin === 'file' && !wanted.has(r.id)).map((r) => r.id) }
}
