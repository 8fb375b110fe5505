/** The form of a noun that a number takes, by the rules of the language. */
export type Forms = { [K in Intl.LDMLPluralRule]?: string } & { other: string }

export function pluralOf(locale: string): (n: number, forms: Forms) => string {
  const rules = new Intl.PluralRules(locale)
  return (n, forms) => forms[rules.select(n)] ?? forms.other
}
