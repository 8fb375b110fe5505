/** What values are called in a frozen incident for a reader of one language; data that means the same everywhere stays as it is. */
import type { IncidentJson } from '../../schema/api/incidents.js'
import { CLASS_NAMES } from '../../schema/status/status-class.js'
import type { Language } from '../../schema/words/languages.js'
import { SOURCE_NAMES, type Source } from '../../schema/words/sources.js'
import { readablePath } from '../../schema/words/visible.js'
import { formatFor } from '../spikes/sentences/format.js'

/** Asked by a dimension, or by the name of a filter (`not.host`). */
export function valuesIn({ frozen }: IncidentJson, lang: Language): (dimension: string, value: string) => string {
  const rules = new Map(frozen.records.map((one) => [one.securityRuleId, one.securityRuleDescription]))
  const f = formatFor(lang)
  return (name, value) => {
    if (value === '') return value
    const dimension = name.replace(/^not\./, '')
    if (dimension === 'country') return f.country(value)
    if (dimension === 'asn') return `AS${value}`
    if (dimension === 'source') return SOURCE_NAMES[value as Source]?.[lang] ?? value
    if (dimension === 'class' && value === 'other') return CLASS_NAMES.other[lang]
    if (dimension === 'path') return readablePath(value)
    const rule = dimension === 'securityRuleId' ? rules.get(value) : null
    return rule ? `${rule} (${value})` : value
  }
}
