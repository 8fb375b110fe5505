/** Values inside SQL. */

const ESCAPES: { [character: string]: string } = { '\\': '\\\\', "'": "\\'", '\0': '\\0', '\n': '\\n', '\r': '\\r' }

export const text = (value: string): string => `'${value.replace(/[\\'\0\n\r]/g, (c) => ESCAPES[c])}'`

export const texts = (values: readonly string[]): string => values.map(text).join(', ')

/** A name of a database or a table. */
export const name = (value: string): string => `\`${value.replace(/[\\`]/g, (c) => `\\${c}`)}\``

/** Two words as one number of 64 bits. */
export const wide = (high: number, low: number): string => ((BigInt(high) << 32n) | BigInt(low)).toString()
