import { createHash } from 'node:crypto'

/** For what must be unique and may be longer than an index holds (2,704 bytes). */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')
