/**
 * What a job that fetches many things remembers of each of them (a file, an object): values of their own beside its
 * checkpoint, so that one that moves on does not write down all others again. Changed by compare-and-set like that.
 */
import type { Checkpoint, Checkpoints } from '../../schema/store/ledger/checkpoints.js'
import { everyItem } from '../../schema/store/paging.js'
import type { InputName } from '../../schema/words/inputs.js'
import type { Json } from '../../schema/words/json.js'
import { FetchError, type JobNotes } from './input.js'

/** What keys of a job's further checkpoints begin with. */
export const notesOf = (job: string) => `${job} #`

export function jobNotes(checkpoints: Checkpoints, input: InputName, job: string): JobNotes {
  const prefix = notesOf(job)
  const versions = new Map<string, string>()
  const values = new Map<string, Json>()
  let reading: Promise<void> | null = null

  async function read(): Promise<void> {
    for await (const { key, value, version } of everyItem((query) => checkpoints.page(input, { ...query, prefix }))) {
      versions.set(key.slice(prefix.length), version)
      values.set(key.slice(prefix.length), value)
    }
  }

  return {
    async all() {
      await (reading ??= read())
      return values
    },
    async put(key, value) {
      const put: Checkpoint | null = await checkpoints.put(input, prefix + key, value, versions.get(key) ?? null)
      if (put === null) throw fetchedTwice(job)
      versions.set(key, put.version)
      values.set(key, value)
    },
    async remove(key) {
      const version = versions.get(key)
      if (version !== undefined && !(await checkpoints.remove(input, prefix + key, version))) throw fetchedTwice(job)
      versions.delete(key)
      values.delete(key)
    },
  }
}

export const fetchedTwice = (job: string) =>
  new FetchError(
    'FETCHED_TWICE',
    `Another process fetches ${job} for this store too. Stop one of the two; nothing is counted twice meanwhile.`,
  )
