/**
 * What the logs tell now against what was told before. Late data can begin an episode earlier, end it later, join two,
 * show one that nobody saw, or that there was none. What was said can not be unsaid, but it is put right.
 */
import { createHash } from 'node:crypto'
import type { Episode } from '../../../schema/store/alert-log.js'
import type { Firing } from './replay.js'

export interface Matched {
  firing: Firing
  known: Episode | null
  id: string
}

export interface Reconciled {
  matched: Matched[]
  /** told before, but the logs tell nothing of it any more */
  withdrawn: Episode[]
}

/**
 * Firings and episodes of one instance. `episodes`: those that were not over at the checkpoint, or began after it.
 * A firing goes on with the episode that it is sure to be, else with the one that it shares the most time with.
 */
export function reconcile(
  rule: string,
  key: string,
  firings: readonly Firing[],
  episodes: readonly Episode[],
): Reconciled {
  const free = new Set(episodes)
  const found = new Map<Firing, Episode>()
  const settle = (firing: Firing, episode: Episode | undefined) => {
    if (!episode) return
    free.delete(episode)
    found.set(firing, episode)
  }
  for (const firing of firings) {
    settle(
      firing,
      [...free].find((e) => e.id === firing.episode || e.firedAt === firing.firedAt),
    )
  }
  for (const firing of firings) {
    if (found.has(firing)) continue
    const shared = [...free].map((e) => ({ e, ms: sharedTime(firing, e) })).filter(({ ms }) => ms > 0)
    settle(firing, shared.sort((a, b) => b.ms - a.ms || a.e.firedAt - b.e.firedAt)[0]?.e)
  }
  const used = new Set(episodes.map((e) => e.id))
  const matched = firings.map((firing): Matched => {
    const known = found.get(firing) ?? null
    const id = known?.id ?? firing.episode ?? freshId(rule, key, firing.firedAt, used)
    used.add(id)
    return { firing, known, id }
  })
  return { matched, withdrawn: [...free] }
}

function sharedTime(firing: Firing, episode: Episode): number {
  return (
    Math.min(firing.resolvedAt ?? Infinity, episode.resolvedAt ?? Infinity) -
    Math.max(firing.pendingAt, episode.pendingAt)
  )
}

/** An episode whose beginning was moved by late data keeps its id, which may be that of another beginning now. */
function freshId(rule: string, key: string, firedAt: number, used: ReadonlySet<string>): string {
  for (let n = 0; ; n++) {
    const id = episodeId(rule, key, firedAt, n)
    if (!used.has(id)) return id
  }
}

/** The same firing has the same id, also when it is found again after a crash. */
function episodeId(rule: string, key: string, firedAt: number, n: number): string {
  return createHash('sha256')
    .update(`${rule}\n${key}\n${firedAt}${n === 0 ? '' : `\n${n}`}`)
    .digest('hex')
    .slice(0, 20)
}
