/** Who looks, and what they may: what they may not is hidden (styles/controls.css), and the service refuses it anyway. */
import { useEffect } from 'preact/hooks'
import type { MeJson } from '../../../schema/api/access.js'
import { mayDo, type Role } from '../../../schema/words/roles.js'
import { alertsAbsent } from './alerts.js'
import { ask, ProblemError, signedOut, type Problem } from './api.js'
import { turn } from './clock.js'
import { createStore, useStore } from './store.js'

/** Null: not known yet; then nothing is hidden. */
export const me = createStore<MeJson | null>(null)

/** Why it is not known. */
export const meProblem = createStore<Problem | null>(null)

/** Asks once, again when somebody else may have signed in, and whenever anything is asked while it is not known. */
export function useMe(): MeJson | null {
  const out = useStore(signedOut)
  const again = useStore(turn)
  const failed = useStore(meProblem)
  useEffect(() => {
    if (out) return
    ask<MeJson>('me').then(
      (who) => {
        me.set(who)
        meProblem.set(null)
        const { dataset } = document.documentElement
        dataset.role = who.role
        dataset.zones = who.zones === null ? 'all' : 'some'
        // alerts are about all zones together
        if (who.zones !== null) alertsAbsent.set(true)
      },
      (error: unknown) => meProblem.set(error instanceof ProblemError ? error.problem : null),
    )
  }, [out, failed && again])
  return useStore(me)
}

/** May whoever looks do what takes this role? Until it is known: yes. */
export function may(needed: Role): boolean {
  const who = me.get()
  return who === null || mayDo(who.role, needed)
}
