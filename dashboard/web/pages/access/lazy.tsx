/** The page comes by itself when it is first opened: hardly anybody who reads figures needs it. */
import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { reachable } from '../../state/api.js'
import { turn } from '../../state/clock.js'
import { useStore } from '../../state/store.js'

let loaded: ComponentType | null = null

export function AccessPage() {
  const [Shown, setShown] = useState<ComponentType | null>(() => loaded)
  const again = useStore(turn)
  useEffect(() => {
    if (loaded) return
    import('./index.js').then(
      (module) => {
        loaded = module.CurrentAccessPage
        setShown(() => module.CurrentAccessPage)
      },
      () => reachable.set(false),
    )
  }, [again])
  return Shown ? (
    <Shown />
  ) : (
    <div class="page" aria-busy="true">
      <i class="skeleton tall" />
    </div>
  )
}
