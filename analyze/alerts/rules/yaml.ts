/**
 * The rules file, in the shape that Prometheus users know: groups with rules, each with alert, expr, for, labels and
 * annotations. The expr is a mapping of fields instead of PromQL. Every mistake is told with its line.
 */
import { createHash } from 'node:crypto'
import type { Document, LineCounter } from 'yaml'
import type { RuleDraft } from '../../../schema/api/alerts.js'
import { yaml } from '../../../schema/runtime/lazily.js'
import { checkRule } from './check.js'
import { isMapping, unknownAmong, type Mapping } from './mapping.js'
import { pathText, type Mistake, type MistakeInFile, type Path } from './mistakes/mistake.js'
import { own } from '../../../schema/words/own.js'
import type { Rule } from './rule.js'

export interface FileRule {
  rule: Rule
  draft: RuleDraft
  group: string
}
export interface ReadRules {
  rules: FileRule[]
  problems: MistakeInFile[]
  /** false: the text is no rules file at all, nothing of it can be used */
  readable: boolean
  /** names of the rules that are refused: what they were before may stay in force */
  refused: string[]
}

const MAX_BYTES = 1_000_000
/** What somebody sends to be looked at; a file of one's own may be longer. Nested brackets take time by the square of their number. */
export const MOST_SENT_BYTES = 100_000
/** To find the place of each takes a look through the file; the first say what is wrong with it. */
const MOST_PROBLEMS = 100
const GROUP_KEYS = ['name', 'rules']
const RULE_KEYS = ['alert', 'enabled', 'expr', 'by', 'for', 'keep_firing_for', 'labels', 'annotations', 'notify']
const ANNOTATION_KEYS = ['summary', 'description', 'runbook_url']
/** Parts of a draft that have another place in the file. */
const PLACES: { [draftKey: string]: Path } = {
  name: ['alert'],
  keepFiringFor: ['keep_firing_for'],
  severity: ['labels', 'severity'],
  note: ['annotations', 'description'],
  runbook: ['annotations', 'runbook_url'],
}

export function parseRules(text: string, maxBytes = MAX_BYTES): ReadRules {
  const counter = new (yaml().LineCounter)()
  const unreadable = (mistake: Mistake, at?: number): ReadRules => {
    const { line, col: column } = at === undefined ? { line: null, col: null } : counter.linePos(at)
    return { rules: [], problems: [{ path: '', line, column, rule: null, mistake }], readable: false, refused: [] }
  }
  if (Buffer.byteLength(text) > maxBytes) {
    return unreadable({ what: 'file-too-large', kilobytes: maxBytes / 1e3 })
  }
  const doc = yaml().parseDocument(text, {
    lineCounter: counter,
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'error',
  })
  const twin = repeatedKey(doc)
  if (doc.errors.length > 0) {
    const [{ code, message, pos }] = doc.errors
    return unreadable({ what: 'no-yaml', code, message }, pos[0])
  }
  if (twin !== null) {
    return unreadable({ what: 'no-yaml', code: 'DUPLICATE_KEY', message: 'Map keys must be unique' }, twin)
  }
  let content: unknown
  try {
    content = doc.toJS({ maxAliasCount: 100 })
  } catch (error) {
    const { message } = error as Error
    return unreadable({ what: 'bad-aliases', isTooMany: message.startsWith('Excessive'), message })
  }
  const found = new Findings(doc, counter)
  const groups = isMapping(content) ? content.groups : undefined
  if (!isMapping(content) || !Array.isArray(groups)) {
    found.complain(isMapping(content) ? ['groups'] : [], { what: 'no-groups' }, null)
    return { rules: [], problems: found.problems, readable: false, refused: [] }
  }
  found.known(content, ['groups'], [], null)
  groups.forEach((group: unknown, g) => readGroup(group, ['groups', g], found))
  return { rules: found.rules, problems: found.problems, readable: true, refused: found.refused }
}

/** Where a key stands that its mapping has twice; null: nowhere. The parser compares each with each, which takes minutes for a file of keys. */
function repeatedKey(doc: Document): number | null {
  const { isScalar, visit } = yaml()
  let found: number | null = null
  visit(doc, {
    Map(_key, map) {
      const keys = new Set<unknown>()
      for (const { key } of map.items) {
        if (!isScalar(key)) continue
        if (keys.has(key.value)) {
          found = key.range?.[0] ?? 0
          return visit.BREAK
        }
        keys.add(key.value)
      }
      return undefined
    },
  })
  return found
}

function readGroup(group: unknown, path: Path, found: Findings): void {
  if (!isMapping(group) || typeof group.name !== 'string' || !Array.isArray(group.rules)) {
    found.complain(path, { what: 'no-group' }, null)
    return
  }
  const name = group.name
  found.known(group, GROUP_KEYS, path, null, { interval: { what: 'interval' } })
  group.rules.forEach((entry: unknown, r) => readEntry(entry, name, [...path, 'rules', r], found))
}

function readEntry(entry: unknown, group: string, path: Path, found: Findings): void {
  if (!isMapping(entry)) {
    found.complain(path, { what: 'no-rule', name: 'alert' }, null)
    return
  }
  const name = typeof entry.alert === 'string' ? entry.alert.trim() : null
  const before = found.complaints
  found.known(entry, RULE_KEYS, path, name, { record: { what: 'recording-rule' } })
  const { severity, ...labels } = isMapping(entry.labels) ? entry.labels : { severity: undefined }
  const annotations = isMapping(entry.annotations) ? entry.annotations : {}
  if (entry.labels !== undefined && entry.labels !== null && !isMapping(entry.labels)) {
    found.complain([...path, 'labels'], { what: 'no-labels' }, name)
  }
  found.known(annotations, ANNOTATION_KEYS, [...path, 'annotations'], name)
  const draft = {
    name: entry.alert,
    enabled: entry.enabled,
    expr: entry.expr,
    by: entry.by,
    for: entry.for,
    keepFiringFor: entry.keep_firing_for,
    severity,
    labels,
    note: [annotations.summary, annotations.description].filter((t) => t !== undefined).join('\n'),
    runbook: annotations.runbook_url,
    notify: entry.notify,
  }
  const checked = checkRule(
    Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined)),
    idOf(group, name ?? ''),
  )
  for (const {
    path: [key, ...rest],
    mistake,
  } of checked.problems) {
    found.complain([...path, ...(key === undefined ? [] : (own(PLACES, String(key)) ?? [key])), ...rest], mistake, name)
  }
  const twin = found.rules.find((other) => other.rule.name === name)
  if (twin) found.complain([...path, 'alert'], { what: 'name-taken', name: twin.rule.name }, name)
  if (found.complaints === before && checked.rule) {
    found.rules.push({ rule: checked.rule, draft: checked.draft, group })
  } else if (name !== null) found.refused.push(name)
}

/** Stays the same while group and name do, so that the state of its alerts stays too. */
function idOf(group: string, name: string): string {
  return `file-${createHash('sha256').update(`${group}\n${name}`).digest('hex').slice(0, 12)}`
}

/** Collects rules and problems, and finds the lines. */
class Findings {
  readonly rules: FileRule[] = []
  readonly problems: MistakeInFile[] = []
  readonly refused: string[] = []
  complaints = 0

  constructor(
    private readonly doc: Document,
    private readonly counter: LineCounter,
  ) {}

  complain(path: Path, mistake: Mistake, rule: string | null): void {
    if (this.complaints++ >= MOST_PROBLEMS) return
    const { line, col } = this.counter.linePos(this.offsetOf(path))
    this.problems.push({ path: pathText(path), line, column: col, rule, mistake })
  }

  known(
    from: Mapping,
    keys: readonly string[],
    path: Path,
    rule: string | null,
    because: { [key: string]: Mistake } = {},
  ): void {
    for (const key of Object.keys(from)) {
      if (keys.includes(key)) continue
      const mistake = own(because, key) ?? { what: 'unknown-key', key, ...unknownAmong(key, keys) }
      this.complain([...path, key], mistake, rule)
    }
  }

  /** Where the path is in the text: its key, or the nearest thing around it that is there. */
  private offsetOf(path: Path): number {
    const { isMap, isNode, isPair, isScalar } = yaml()
    for (let length = path.length; length > 0; length--) {
      const holder = length === 1 ? this.doc.contents : this.doc.getIn(path.slice(0, length - 1), true)
      const last = path[length - 1]
      const pair = isMap(holder)
        ? holder.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === last)
        : undefined
      const node = pair ? pair.key : this.doc.getIn(path.slice(0, length), true)
      if (isNode(node) && node.range) return node.range[0]
    }
    return 0
  }
}

/** Rules as a file that parseRules reads back to the same. */
export function exportRules(drafts: readonly RuleDraft[], group = 'faultline'): string {
  return yaml().stringify({ groups: [{ name: group, rules: drafts.map(entryOf) }] }, { lineWidth: 110 })
}

function entryOf(draft: RuleDraft): Mapping {
  const [summary, ...more] = (draft.note ?? '').split('\n')
  const annotations = {
    ...(summary ? { summary } : {}),
    ...(more.length > 0 ? { description: more.join('\n') } : {}),
    ...(draft.runbook ? { runbook_url: draft.runbook } : {}),
  }
  const isSet = (text: string | undefined) => text !== undefined && text !== '0s'
  return {
    alert: draft.name,
    ...(draft.enabled === false ? { enabled: false } : {}),
    expr: withoutEmpty(draft.expr as unknown as Mapping),
    ...(draft.by && draft.by.length > 0 ? { by: draft.by } : {}),
    ...(isSet(draft.for) ? { for: draft.for } : {}),
    ...(isSet(draft.keepFiringFor) ? { keep_firing_for: draft.keepFiringFor } : {}),
    labels: { severity: draft.severity ?? 'warning', ...draft.labels },
    ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
    ...(draft.notify && draft.notify.length > 0 ? { notify: draft.notify } : {}),
  }
}

function withoutEmpty(expr: Mapping): Mapping {
  return Object.fromEntries(
    Object.entries(expr).filter(
      ([key, value]) =>
        !(key === 'where' && isMapping(value) && Object.keys(value).length === 0) &&
        !(key === 'recover' && value === expr.above),
    ),
  )
}
