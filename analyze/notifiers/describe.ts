/** The channels as the page and the docs need them. */
import { Type } from 'typebox'
import { NotifierDraftSchema, type NotifierTypesJson } from '../../schema/api/alerts.js'
import type { Language } from '../../schema/words/languages.js'
import { CHANNELS } from './index.js'

export function describeChannels(language: Language): NotifierTypesJson {
  return {
    types: CHANNELS.map(({ type, label, settings, words }) => ({
      type,
      label: words[language].label ?? label,
      about: words[language].about,
      settings: settings.map(({ name, kind, required, secret, destination }) => ({
        name,
        ...words[language].settings[name],
        kind,
        required,
        secret,
        destination,
      })),
    })),
  }
}

/** The body of POST and PUT, for the docs: one shape per channel. */
export const NotifierBodySchema = Type.Union(
  CHANNELS.map(({ type, label, schema }) =>
    Type.Object(
      { ...NotifierDraftSchema.properties, type: Type.Literal(type), settings: schema },
      { title: label, additionalProperties: false },
    ),
  ),
)
