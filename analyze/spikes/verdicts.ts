/**
 * What people said of a spike: that it was trouble, or none. Kept with the data and shown; it lowers nothing that is told, for
 * who says "not a problem" of one does not say it of the next.
 */
import { Type, type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { VerdictSchema, type Verdict } from '../../schema/api/spikes.js'
import type { Settings } from '../../schema/store/ledger/settings.js'

export const VerdictBody = Type.Object(
  {
    verdict: Type.Enum(['confirmed', 'not-a-problem'] as const),
    note: Type.Optional(Type.String({ maxLength: 2_000 })),
  },
  { additionalProperties: false },
)
export type VerdictBody = Static<typeof VerdictBody>

const Kept = Type.Record(Type.String(), VerdictSchema)
const kept = Compile(Kept)
const SETTING = 'spike-verdicts'
/** The newest are kept; each takes some hundred bytes. */
const MOST = 2_000

export interface Verdicts {
  all(): Promise<ReadonlyMap<string, Verdict>>
  set(spike: string, verdict: Verdict): Promise<void>
  /** False: there was none. */
  remove(spike: string): Promise<boolean>
}

export function verdictsIn(settings: Settings): Verdicts {
  /** one change at a time: each rewrites the setting */
  let turn: Promise<unknown> = Promise.resolve()

  async function read(): Promise<Map<string, Verdict>> {
    const text = await settings.get(SETTING)
    const value: unknown = text === null ? {} : JSON.parse(text)
    return new Map(kept.Check(value) ? Object.entries(value) : [])
  }

  function change<T>(work: (verdicts: Map<string, Verdict>) => T): Promise<T> {
    const mine = turn.then(async () => {
      const verdicts = await read()
      const result = work(verdicts)
      const newest = [...verdicts].sort(([, a], [, b]) => (a.at < b.at ? 1 : -1)).slice(0, MOST)
      await settings.set(SETTING, JSON.stringify(Object.fromEntries(newest)))
      return result
    })
    turn = mine.catch(() => {})
    return mine
  }

  return {
    all: read,
    set: (spike, verdict) =>
      change((verdicts) => {
        verdicts.set(spike, verdict)
      }),
    remove: (spike) => change((verdicts) => verdicts.delete(spike)),
  }
}
