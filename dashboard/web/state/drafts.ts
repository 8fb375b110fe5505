/**
 * What was typed and not saved, by a name: it outlives another page, a reload, a lost session. Of this tab alone, and gone
 * with it. Nothing secret goes in here.
 */
export interface Drafts<T> {
  get(name: string): T | undefined
  has(name: string): boolean
  set(name: string, draft: T): void
  delete(name: string): void
}

/** `form` tells one shape of drafts from another: after an update of the page a draft of the shape before is no draft. */
export function createDrafts<T extends object>(form: string, example: T): Drafts<T> {
  const keyOf = (name: string): string => `faultline.draft.${form}.${name}`
  const memory = new Map<string, T>()
  const keys = Object.keys(example)
  const read = (name: string): T | undefined => {
    const known = memory.get(name)
    if (known) return known
    try {
      const value: unknown = JSON.parse(sessionStorage.getItem(keyOf(name)) ?? 'null')
      if (typeof value === 'object' && value !== null && keys.every((key) => key in value)) return value as T
    } catch {
      /* storage is switched off, or holds something else */
    }
    return undefined
  }
  return {
    get: read,
    has: (name) => read(name) !== undefined,
    set(name, draft) {
      memory.set(name, draft)
      try {
        sessionStorage.setItem(keyOf(name), JSON.stringify(draft))
      } catch {
        /* it stays in memory */
      }
    },
    delete(name) {
      memory.delete(name)
      try {
        sessionStorage.removeItem(keyOf(name))
      } catch {
        /* as above */
      }
    },
  }
}
