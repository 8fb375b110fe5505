/**
 * What the logs tell now against what was told before. Late data can begin an episode earlier, end it later, join two,
 * show one that nobody saw, or that there was none. What was said can not be unsaid, but it is put right.
 */
import { createHash } from 'node:crypto'
import type { Episode } from '../../../schema/alert-log.js'
import type { Firing } from './replay.js'
import { MINUTE } from '../rules/duration.js'

export interface Matched { firing: Firing; known: Episode | null; id: string }

export interface Reconciled {
  matched: Matched[]
  /** told before, but the logs tell nothing of it any more */
  withdrawn: Episode[]
}

/** Firings and episodes of one instance. `episodes`: those that were not over at the checkpoint, or began after it. */
export function reconcile(rule: string, key: string, firings: readonly Firing[], episodes: readonly Episode[]): Reconciled {
  const free = new Set(episodes)
  const take = (found: Episode | undefined): Episode | null => {
    if (found) free.delete(found)
    return found ?? null
  }
  const matched = firings.map((firing): Matched => {
    const known = take([...free].find((e) => e.id === firing.episode) ?? [...free].filter((e) => overlap(firing, e)).sort(byFiring)[0])
    return { firing, known, id: known?.id ?? firing.episode ?? episodeId(rule, key, firing.firedAt) }
  })
  return { matched, withdrawn: [...free] }
}

const byFiring = (a: Episode, b: Episode) => a.firedAt - b.firedAt

/** They touch, or are a minute apart. */
function overlap(firing: Firing, episode: Episode): boolean {
  const end = (resolvedAt: number | null) => (resolvedAt ?? Infinity) + MINUTE
  return firing.pendingAt <= end(episode.resolvedAt) && episode.pendingAt <= end(firing.resolvedAt)
}

/** The same firing has the same id, also when it is found again after a crash. */
export function episodeId(rule: string, key: string, firedAt: number): string {
  return createHash('sha256').update(`${rule}\n${key}\n${firedAt}`).digest('hex').slice(0, 20)
}
