/** Parts of the page that come by themselves when they are first opened: the figures of the overview need none of them. */
import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { reachable } from '../state/api.js'
import { refresh, turn } from '../state/clock.js'
import { useStore } from '../state/store.js'
import { ProblemNote } from './problem.js'

/** `quiet`: takes no room while it is on its way. */
export function later<P extends object>(load: () => Promise<ComponentType<P>>, quiet = false): ComponentType<P> {
  let loaded: ComponentType<P> | null = null
  return function Later(props: P) {
    const [Shown, setShown] = useState<ComponentType<P> | null>(() => loaded)
    const [lost, setLost] = useState(false)
    const again = useStore(turn)
    useEffect(() => {
      if (loaded) return
      load().then(
        (component) => {
          loaded = component
          setShown(() => component)
        },
        () => {
          setLost(true)
          reachable.set(false)
        },
      )
    }, [again])
    if (Shown) return <Shown {...props} />
    if (lost)
      return <ProblemNote problem={{ kind: 'offline', status: 0, code: '', message: '' }} onRetry={() => refresh()} />
    if (quiet) return null
    return (
      <div class="page" aria-busy="true">
        <i class="skeleton tall" />
      </div>
    )
  }
}
