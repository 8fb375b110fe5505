/** Which reader reads. The slow one can take the fast one's place in this line. */
import { createFastReader } from './fast/fast-reader.js'
import type { LineReader, ReaderOptions } from './reader.js'

export const createReader: (options: ReaderOptions) => LineReader = createFastReader
