/** The rules file on disk: read again whenever it changes. A mistake keeps what was in force before. */
import { readFile, stat } from 'node:fs/promises'
import type { MistakeInFile } from './mistakes/mistake.js'
import { parseRules, type FileRule } from './yaml.js'

export interface RulesFileState {
  path: string
  /** wall time of the last reading that could be used, epoch ms */
  loadedAt: number | null
  rules: FileRule[]
  problems: MistakeInFile[]
}

export interface RulesFile {
  readonly state: RulesFileState
  /** Looks whether the file changed; true if its rules are others now. */
  refresh(now: number): Promise<boolean>
}

/** `before`: the rules that were in force when the process ended, for a file that has mistakes at start. */
export function openRulesFile(path: string, before: FileRule[] = []): RulesFile {
  const state: RulesFileState = { path, loadedAt: null, rules: before, problems: [] }
  let seen = ''

  async function refresh(now: number): Promise<boolean> {
    let text: string
    try {
      const { mtimeMs, size, ino } = await stat(path)
      const mark = `${mtimeMs} ${size} ${ino}`
      if (mark === seen) return false
      text = await readFile(path, 'utf8')
      seen = mark
    } catch (error) {
      seen = ''
      const { code = 'EIO', message } = error as NodeJS.ErrnoException
      const mistake = { what: 'file-unreadable', path, error: { code, message } } as const
      state.problems = [{ path: '', line: null, column: null, rule: null, mistake }]
      return false
    }
    const read = parseRules(text)
    state.problems = read.problems
    if (!read.readable) return false
    // a rule with a mistake stays as it was: an alert must not vanish because of a slip of the pen
    const kept = state.rules.filter(
      (old) => read.refused.includes(old.rule.name) && !read.rules.some((rule) => rule.rule.name === old.rule.name),
    )
    state.rules = [...read.rules, ...kept]
    state.loadedAt = now
    return true
  }

  return { state, refresh }
}
