/** The kinds of rules as an editor needs them: their fields with limits and words, in one language. */
import { Type, type Static, type TSchema } from 'typebox'
import { fieldsOf, READS, type Keywords } from '../../../schema/api/rule-fields.js'
import type { Language } from '../../../schema/words/languages.js'
import { RULE_KINDS } from './index.js'
import type { FieldWords } from './kind.js'

const field = {
  name: Type.String(),
  reads: Type.Enum(READS, {
    description:
      'What it takes. share: 0–1, or a percentage. duration: 90s, 5m. window: the same in whole minutes. scope, filters: filters under their names in the API. list: a list of objects with the fields below',
  }),
  required: Type.Boolean(),
  default: Type.Optional(Type.Unknown({ description: 'What it is when left out' })),
  minimum: Type.Optional(Type.Number()),
  maximum: Type.Optional(Type.Number()),
  least: Type.Optional(Type.String({ description: 'Of a duration' })),
  most: Type.Optional(Type.String({ description: 'Of a duration' })),
  label: Type.String(),
  help: Type.String(),
  choices: Type.Optional(Type.Array(Type.Object({ value: Type.String(), label: Type.String() }))),
}

export const RuleKindsSchema = Type.Object({
  kinds: Type.Array(
    Type.Object({
      kind: Type.String(),
      name: Type.String(),
      when: Type.String({ description: 'When people choose it' }),
      groups: Type.Boolean({ description: 'May be grouped with "by"; false: it makes its groups by itself' }),
      fields: Type.Array(Type.Object({ ...field, fields: Type.Optional(Type.Array(Type.Object(field))) })),
    }),
  ),
})
export type RuleKindsJson = Static<typeof RuleKindsSchema>
type FieldJson = RuleKindsJson['kinds'][number]['fields'][number]

export function describeKinds(language: Language): RuleKindsJson {
  return {
    kinds: RULE_KINDS.map(({ name, schema, ownGroups, words }) => {
      const { name: called, when, fields } = words[language]
      return { kind: name, name: called, when, groups: ownGroups === null, fields: describeFields(schema, fields) }
    }),
  }
}

function describeFields(schema: TSchema, words: { readonly [field: string]: FieldWords }): FieldJson[] {
  const own = fieldsOf(schema).filter(([name]) => name !== 'kind')
  return own.map(([name, of, required]): FieldJson => {
    const { label = name, help = '', choices = {}, fields = {} } = words[name] ?? {}
    const keywords = of as Keywords
    return {
      name,
      reads: of['x-reads'],
      required,
      default: keywords.default,
      minimum: keywords.minimum ?? keywords.exclusiveMinimum,
      maximum: keywords.maximum ?? keywords.exclusiveMaximum,
      least: keywords['x-least'],
      most: keywords['x-most'],
      label,
      help,
      choices: keywords.enum?.map((value) => ({ value, label: choices[value] ?? value })),
      fields: keywords.items && of['x-reads'] === 'list' ? describeFields(keywords.items, fields) : undefined,
    }
  })
}
