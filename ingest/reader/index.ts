/** Which reader reads. The slow one can take the fast one's place in this line. */
import { createFastReader } from './fast/fast-reader.js'
import type { LineReader, ReaderOptions } from './reader.js'
import { createSlowReader } from './slow-reader.js'

/** Where only some zones are let in, each line is looked at by itself; that costs most of the speed. */
export const createReader = (options: ReaderOptions): LineReader =>
  options.settings.zones === null ? createFastReader(options) : createSlowReader(options)
