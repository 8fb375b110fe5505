/** Which reader reads. The slow one can take the fast one's place in this line. */
import type { LineReader, ReaderOptions } from './reader.js'
import { createSlowReader } from './slow-reader.js'

export const createReader: (options: ReaderOptions) => LineReader = createSlowReader
