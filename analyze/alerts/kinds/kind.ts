/**
 * What a kind of rule is: its fields, what must hold among them, how it is evaluated, and its words. Everything else
 * (types, checks, docs, the editor, the words of notices) is derived from that and from the list in index.ts.
 */
import { Type, type Static, type TLiteral, type TObject, type TProperties } from 'typebox'
import type { Finding } from '../../../schema/store/alert-log.js'
import type { Language } from '../../../schema/words/languages.js'
import type { Values } from '../../../schema/api/rule-fields.js'
import type { Figures } from '../notices/figures.js'
import type { AlertTexts } from '../notices/languages/index.js'
import type { Complain } from '../rules/mapping.js'
import type { Mistake } from '../rules/mistakes/mistake.js'
import type { Condition, Rule } from '../rules/rule.js'
import type { SignalContext, SignalSet } from '../signals/signal.js'

export interface FieldWords {
  label: string
  help?: string
  /** of a word: what each is called */
  choices?: { readonly [value: string]: string }
  /** of a list: its own fields */
  fields?: { readonly [field: string]: FieldWords }
}

/** What the words are made with: figures as the language writes them, and the texts that kinds share. */
export interface Saying {
  figures: Figures
  texts: AlertTexts
}

export interface KindWords<Field extends string> {
  name: string
  /** when people choose it */
  when: string
  fields: { readonly [field in Field]: FieldWords }
  /** what is wrong, with its figure: "12 % of 4,310 requests in 5 min" */
  seen(finding: Finding, say: Saying): string
}

export interface KindPart<Name extends string, P extends TProperties & { where: unknown }> {
  /** as `kind:` names it */
  name: Name
  fields: P
  /** What the fields alone cannot say: completes the values and complains of what does not go together. */
  settle?(values: Values<P>, complain: Complain): Values<P>
  /** How much of the past one value needs, ms. Default: nothing. */
  window?(condition: Values<P>): number
  /** a state of which nobody can tell any more ends after this, ms; default: a day */
  giveUpMs?: number
  /** it makes its groups by itself, from these labels; else a rule says `by` which it wants. `why` is told to whoever says it */
  ownGroups?: { labels: readonly string[]; why: Mistake }
  /** false: no record can tell the cause */
  hasCause?: boolean
  signals(condition: Values<P>, rule: Rule, context: SignalContext): Promise<SignalSet>
  words: { readonly [language in Language]: KindWords<Extract<keyof P, string>> }
}

export interface RuleKind<Name extends string = string, P extends TProperties = TProperties> {
  name: Name
  schema: TObject<{ kind: TLiteral<Name> } & P>
  settle(condition: Condition, complain: Complain): Condition
  window(condition: Condition): number
  giveUpMs: number | null
  ownGroups: { labels: readonly string[]; why: Mistake } | null
  hasCause: boolean
  signals(condition: Condition, rule: Rule, context: SignalContext): Promise<SignalSet>
  words: { readonly [language in Language]: KindWords<string> }
}

/** The rule as people write it. */
export type ExprOf<K> = K extends RuleKind<string, TProperties> ? Static<K['schema']> : never

/** Joins the parts of a kind: within, its values have their types; outside, a condition is one of any kind. */
export function ruleKind<const Name extends string, P extends TProperties & { where: unknown }>(
  part: KindPart<Name, P>,
): RuleKind<Name, P> {
  type V = Values<P>
  const own = (condition: Condition) => condition as unknown as V
  return {
    name: part.name,
    schema: Type.Object({ kind: Type.Literal(part.name), ...part.fields }),
    settle: (condition, complain) =>
      part.settle ? { ...condition, ...part.settle(own(condition), complain) } : condition,
    window: (condition) => part.window?.(own(condition)) ?? 0,
    giveUpMs: part.giveUpMs ?? null,
    ownGroups: part.ownGroups ?? null,
    hasCause: part.hasCause ?? true,
    signals: (condition, rule, context) => part.signals(own(condition), rule, context),
    words: part.words,
  }
}
