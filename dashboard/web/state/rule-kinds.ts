/** The kinds of rules that the service has, with what their fields take: whatever kind it has can be edited. */
import { useEffect } from 'preact/hooks'
import type { RuleKindsJson } from '../../../analyze/alerts/kinds/describe.js'
import { useAlerting } from './alerts.js'
import { createStore, useStore } from './store.js'

export type KindOfRule = RuleKindsJson['kinds'][number]
export type KindField = KindOfRule['fields'][number]

const known = createStore<readonly KindOfRule[]>([])

/** Empty until they are known. */
export function useRuleKinds(lang: string): readonly KindOfRule[] {
  const { data } = useAlerting<RuleKindsJson>(`rules/kinds?lang=${lang}`, `kinds ${lang}`)
  useEffect(() => {
    if (data) known.set(data.kinds)
  }, [data])
  return useStore(known)
}

/** In the language asked in last; its name in the API while nobody has asked. */
export const kindNamed = (kind: string): Pick<KindOfRule, 'name' | 'fields'> =>
  known.get().find((one) => one.kind === kind) ?? { name: kind, fields: [] }
