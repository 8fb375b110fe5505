/** Who looks, and what they may: what they may not is hidden (styles/controls.css), and the service refuses it anyway. */
import { useEffect } from 'preact/hooks'
import type { MeJson } from '../../../schema/api/access.js'
import { mayDo, type Role } from '../../../schema/words/roles.js'
import { alertsAbsent } from './alerts.js'
import { ask, signedOut } from './api.js'
import { createStore, useStore } from './store.js'

/** Null: not known yet; then nothing is hidden. */
export const me = createStore<MeJson | null>(null)

/** Asks once, and again when somebody else may have signed in. */
export function useMe(): MeJson | null {
  const out = useStore(signedOut)
  useEffect(() => {
    if (out) return
    ask<MeJson>('me').then(
      (who) => {
        me.set(who)
        const { dataset } = document.documentElement
        dataset.role = who.role
        dataset.zones = who.zones === null ? 'all' : 'some'
        // alerts are about all zones together
        if (who.zones !== null) alertsAbsent.set(true)
      },
      () => {},
    )
  }, [out])
  return useStore(me)
}

/** May whoever looks do what takes this role? Until it is known: yes. */
export function may(needed: Role): boolean {
  const who = me.get()
  return who === null || mayDo(who.role, needed)
}
