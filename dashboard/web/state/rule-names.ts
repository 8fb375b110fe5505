/** What security rules are called: a record that a rule decided carries its description, the rule's id says nothing to anyone. */
import { useEffect } from 'preact/hooks'
import type { RecordsAnswer } from './answers.js'
import { ask } from './api.js'
import type { Asked } from './questions.js'
import { createStore, useStore } from './store.js'

const names = createStore<ReadonlyMap<string, string>>(new Map())
const askedFor = new Set<string>()
/** One after the other: none of them is urgent. */
let line: Promise<unknown> = Promise.resolve()

async function askFor(id: string, from: number, to: number): Promise<void> {
  const params = new URLSearchParams({
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    securityRuleId: id,
    visitor: 'all',
    limit: '1',
  })
  try {
    const { records } = await ask<RecordsAnswer>(`records?${params}`, { priority: 'low' })
    const name = records[0]?.securityRuleDescription
    if (name) names.set(new Map(names.get()).set(id, name))
  } catch {
    askedFor.delete(id)
  }
}

/** As far as it is known. `within`: the time in which records of these rules are, epoch ms. */
export function useRuleNames(
  within: Pick<Asked, 'span'> | null,
  ids: readonly string[],
): (id: string) => string | undefined {
  const known = useStore(names)
  useEffect(() => {
    if (!within) return
    for (const id of ids) {
      if (id === '' || askedFor.has(id)) continue
      askedFor.add(id)
      line = line.then(() => askFor(id, within.span.from, within.span.to))
    }
  }, [within?.span.from, within?.span.to, ids.join()])
  return (id) => known.get(id)
}
