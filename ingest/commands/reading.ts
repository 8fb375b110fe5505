/** How lines are read, as options of the commands that read them. */
import { settings } from '../../schema/command-line/settings.js'
import { DEFAULT_READ_SETTINGS, type ReadSettings } from '../reader/normalise.js'

export const READING = settings('sampleRate', 'keepQuery', 'dropClientIp', 'orangeToOrange')

export interface ReadingOptions {
  sampleRate: number
  keepQuery: boolean
  dropClientIp: boolean
  orangeToOrange: 'visitor' | 'internal'
}

export function readSettings({ sampleRate, keepQuery, dropClientIp, orangeToOrange }: ReadingOptions): ReadSettings {
  return {
    ...DEFAULT_READ_SETTINGS,
    weight: 1 / sampleRate,
    keepQuery,
    keepClientIp: !dropClientIp,
    orangeToOrangeIsVisitor: orangeToOrange === 'visitor',
  }
}
