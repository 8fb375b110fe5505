import { MINUTE } from '../../../schema/words/duration.js'

/** Logs come some minutes late; behind this, ms, nobody knows whether what was going on at their end still is. */
const KNOWN_MS = 30 * MINUTE

/** Is it going on at `at`, epoch ms? One that lasted to the end of logs that ended long ago is not known to. */
export const isNow = ({ ongoing, end }: { ongoing?: boolean; end: string }, at: number): boolean =>
  ongoing === true && at - Date.parse(end) < KNOWN_MS
