/** Pieces of which settings of fetching inputs are made. */
import { Type, type TString } from 'typebox'

/** A duration as `parseDuration` reads it: 90s, 5m, 1h30m. */
export const DURATION = '^(\\d+(w|d|h|ms|m|s))+$'

/** A value that is never shown; in the file of inputs it is a reference: `{ env: NAME }` or `{ file: PATH }`. */
export const secret = (description: string): TString => Type.String({ minLength: 1, description, secret: true })

/** Is it a setting made by `secret`? */
export const isSecret = (schema: object): boolean => (schema as { secret?: boolean }).secret === true
