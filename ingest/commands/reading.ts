/** How lines are read, as options of the commands that read them. */
import { settings } from '../../schema/command-line/settings.js'
import { UsageError } from '../../schema/command-line/errors.js'
import { mappingOf } from '../reader/names.js'
import { DEFAULT_READ_SETTINGS, type ReadSettings } from '../reader/normalise.js'

export const READING = settings('sampleRate', 'field', 'keepQuery', 'dropClientIp', 'orangeToOrange')

export interface ReadingOptions {
  sampleRate: number
  field?: readonly string[]
  keepQuery: boolean
  dropClientIp: boolean
  orangeToOrange: 'visitor' | 'internal'
}

export function readSettings({
  sampleRate,
  field = [],
  keepQuery,
  dropClientIp,
  orangeToOrange,
}: ReadingOptions): ReadSettings {
  const fields = mappingOf(field)
  if (typeof fields === 'string') throw new UsageError(`--field: ${fields}`)
  return {
    ...DEFAULT_READ_SETTINGS,
    weight: 1 / sampleRate,
    fields,
    keepQuery,
    keepClientIp: !dropClientIp,
    orangeToOrangeIsVisitor: orangeToOrange === 'visitor',
  }
}
