import { clearExcess, excess, type Node } from './node.js'
import { covers, endTogether, length, meet, overlap, sameCode, sameSide, together, within } from './relations.js'
import { isOngoing, JOIN, LONG, type Run } from './run.js'
import type { Scope, Source } from './types.js'

/**
 * One incident shows in many series: in its code on its host, in the code on all hosts, in the class. Here the runs
 * of all series of one class become incidents, each told once, at the narrowest place that explains it.
 */

export interface Incident {
  node: Node
  source: Source | null
  start: number
  end: number
  ongoing: boolean
  knownAt: number
  score: number
}

interface Piece {
  node: Node
  run: Run
}

/** A code explains an incident that has at least this part of its excess; so does a source. */
const CODE_EXPLAINS = 0.65
const SOURCE_EXPLAINS = 0.8
/** A host explains an incident if the others have at most this part of what their traffic would bring them ... */
const OTHERS_SHARE = 0.25
/** ... and that would have been at least this many requests: else nobody can tell. */
const OTHERS_DUE = 5
/** An incident inside another one's scope and time is told apart when it is this many times as strong. */
const STANDS_OUT = 3

/** Requests due on a host (null: all) in minutes [start, end). */
export type ExposureOf = (host: string | null, start: number, end: number) => number

/** The incidents of one class. `nodes` are all its series: codes, hosts, and the class as a whole. */
export function incidents(nodes: readonly Node[], exposureOf: ExposureOf): Incident[] {
  const pieces = nodes.flatMap((node) => node.runs.map((run) => ({ node, run })))
  pieces.sort((a, b) => a.run.start - b.run.start || a.run.knownAt - b.run.knownAt)
  const found = components(pieces).flatMap((component) => explain(component, nodes, exposureOf))
  return merge(found)
}

/** Groups of pieces that may have to do with each other. */
function components(pieces: Piece[]): Piece[][] {
  const parent = pieces.map((_, i) => i)
  const find = (i: number): number => (parent[i] === i ? i : (parent[i] = find(parent[i])))
  for (let a = 0; a < pieces.length; a++) {
    for (let b = a + 1; b < pieces.length; b++) {
      if (pieces[b].run.start >= pieces[a].run.end) break
      if (concern(pieces[a], pieces[b])) parent[find(b)] = find(a)
    }
  }
  const groups = new Map<number, Piece[]>()
  pieces.forEach((piece, i) => {
    const root = find(i)
    const group = groups.get(root)
    if (group) group.push(piece)
    else groups.set(root, [piece])
  })
  return [...groups.values()]
}

function concern(a: Piece, b: Piece): boolean {
  if (overlap(a.run, b.run) < 0.5 * Math.min(length(a.run), length(b.run))) return false
  if (meet(a.node.scope, b.node.scope)) return true
  const akin = sameCode(a.node.scope, b.node.scope) || a.node.scope.host === b.node.scope.host
  return akin && together(a.run, b.run)
}

/** What a component comes to: clusters of narrow pieces that began together, each with the scope that explains it. */
function explain(component: Piece[], nodes: readonly Node[], exposureOf: ExposureOf): Incident[] {
  const atoms: Piece[] = []
  const umbrellas: Piece[] = []
  for (const piece of component) {
    const inner = component.filter((p) => within(p.node.scope, piece.node.scope) && overlap(p.run, piece.run) > 0)
    const explained = inner.length > 0 && explainedPart(piece, inner) >= 0.5
    ;(explained ? umbrellas : atoms).push(piece)
  }
  const clusters = clustersOf(atoms)
  const found = clusters.map((cluster) => {
    const others = clusters.filter((c) => c !== cluster).flat()
    return describe(cluster, others, umbrellas, nodes, exposureOf)
  })
  for (const u of umbrellas) credit(u, found)
  return absorb(found)
}

/** Pieces of one incident each. The clearest first: its start is the most exact, so the others are held against it. */
function clustersOf(atoms: readonly Piece[]): Piece[][] {
  const clusters: Piece[][] = []
  let left = [...atoms].sort((a, b) => b.run.score - a.run.score)
  while (left.length > 0) {
    const [first] = left
    const cluster = [first]
    let rest = left.slice(1)
    for (let grown = true; grown;) {
      const joining = rest.filter(
        (piece) => together(first.run, piece.run) && cluster.some((member) => belong(member, piece)),
      )
      grown = joining.length > 0
      cluster.push(...joining)
      rest = rest.filter((piece) => !joining.includes(piece))
    }
    clusters.push(cluster)
    left = rest
  }
  return clusters
}

/**
 * Of two pieces that began together: the same code wherever it is; or another of the same host, side and end. A class
 * whose codes are too few to be seen may be that code on another host.
 */
function belong(a: Piece, b: Piece): boolean {
  const [one, other] = [a.node.scope, b.node.scope]
  if (meet(one, other) || sameCode(one, other)) return true
  const near = one.host === other.host || one.status === null || other.status === null
  return near && sameSide(one, other) && endTogether(a.run, b.run)
}

/** The part of a broad rise that fell into the time of narrower ones. */
function explainedPart(piece: Piece, inner: Piece[]): number {
  const { node, run } = piece
  let inside = 0
  let all = 0
  for (let m = Math.max(run.start, node.first); m < run.end; m++) {
    const excess = node.counts[m - node.first] - node.expected[m - node.first]
    all += excess
    if (inner.some((p) => p.run.start <= m && m < p.run.end)) inside += excess
  }
  return all > 0 ? inside / all : 1
}

/** A broad rise was perhaps known before the narrow one that explains it. */
function credit(umbrella: Piece, found: Incident[]): void {
  const { run } = umbrella
  let best: Incident | null = null
  for (const incident of found) {
    if (!meet(incident.node.scope, umbrella.node.scope)) continue
    if (incident.start >= run.knownAt || incident.end <= run.start) continue
    if (!best || strengthUpTo(incident, run) > strengthUpTo(best, run)) best = incident
  }
  if (!best) return
  best.knownAt = Math.min(best.knownAt, run.knownAt)
  best.score = Math.max(best.score, run.score)
}

const strengthUpTo = (incident: Incident, run: Run): number =>
  excess(incident.node, Math.max(incident.start, run.start), Math.min(incident.end, run.knownAt))

/** The narrowest scope that explains a cluster. `others` have explanations of their own. */
function describe(
  cluster: Piece[],
  others: Piece[],
  umbrellas: Piece[],
  nodes: readonly Node[],
  exposureOf: ExposureOf,
): Incident {
  const best = cluster.reduce((a, b) => (b.run.score > a.run.score ? b : a))
  const { start, end } = best.run
  const broad = umbrellas.filter((u) => together(u.run, best.run))
  const members = [...cluster, ...broad]
  const severalHosts = nodes.some((n) => n.scope.host !== null)
  const leaves = leavesOf(nodes, members, start, end, ({ host: one }) => one !== null || !severalHosts)
  const own = leaves.filter(({ node }) => {
    const elsewhere = others.some((p) => overlap(p.run, best.run) > 0 && covers(p.node.scope, node.scope))
    return !elsewhere || cluster.some((p) => covers(p.node.scope, node.scope))
  })
  const theirs = sum(leaves) - sum(own)
  const total = Math.max(sum(own), ...members.map((p) => excess(p.node, start, end) - theirs))
  const host = severalHosts ? explainingHost(own, total, start, end, exposureOf) : null
  const there =
    host !== null
      ? own.filter((leaf) => leaf.node.scope.host === host)
      : severalHosts && !others.some((p) => overlap(p.run, best.run) > 0)
        ? // of hundreds of hosts only some are watched on their own: together they show in the site's own series
          leavesOf(nodes, members, start, end, (scope) => scope.host === null)
        : own
  // hosts that began later, or show nothing of their own, are of the same code all the same
  const site = host === null && severalHosts ? ownCodes(nodes, members, cluster, others, best.run) : []
  const code =
    leading(there, codeOf, total * CODE_EXPLAINS) ?? leading(site, codeOf, Math.max(total, sum(site)) * CODE_EXPLAINS)
  const source =
    leading(there, (s) => s.source, total * SOURCE_EXPLAINS) ??
    leading(site, (s) => s.source, Math.max(total, sum(site)) * SOURCE_EXPLAINS)
  const told =
    nodes.find(({ scope }) => scope.host === host && (code ? codeOf(scope) === code : scope.status === null)) ??
    broadest(members).node // a class of one code has no series of its own
  // Where a fall of one part, or a habit of the whole, hides the rise of another, that one is told.
  const node = excess(told, start, end) >= 0.5 * excess(best.node, start, end) ? told : best.node
  const exact = members.filter((p) => p.node === node)
  const shown = exact.length > 0 ? exact : [best]
  return {
    node,
    source: node.scope.status === null ? (source ?? null) : node.scope.source,
    start: Math.min(...shown.map((p) => p.run.start)),
    end: Math.max(...shown.map((p) => p.run.end)),
    ongoing: shown.some((p) => isOngoing(p.run)),
    knownAt: Math.min(...cluster.map((p) => p.run.knownAt)),
    score: Math.max(...members.map((p) => p.run.score)),
  }
}

/** Codes of the whole site in the time of a run, without those that only other clusters have. */
function ownCodes(
  nodes: readonly Node[],
  members: readonly Piece[],
  cluster: readonly Piece[],
  others: readonly Piece[],
  { start, end }: Run,
): Leaf[] {
  const codesOf = (pieces: readonly Piece[]) => new Set(pieces.map(({ node }) => codeOf(node.scope)))
  const [own, theirs] = [codesOf(cluster), codesOf(others)]
  return leavesOf(nodes, members, start, end, (scope) => scope.host === null).filter(({ node: { scope } }) => {
    const code = codeOf(scope)
    return own.has(code) || !theirs.has(code)
  })
}

const codeOf = ({ status, source }: Scope): string => `${status}/${source}`

/** Codes in which a cluster shows clearly, at the breadth that is wanted. */
function leavesOf(
  nodes: readonly Node[],
  members: readonly Piece[],
  start: number,
  end: number,
  wanted: (scope: Scope) => boolean,
): Leaf[] {
  return nodes
    .filter(({ scope }) => scope.status !== null && wanted(scope))
    .filter((n) => members.some((p) => meet(p.node.scope, n.scope)))
    .map((node) => ({ node, excess: clearExcess(node, start, end) }))
    .filter((leaf) => leaf.excess > 0)
}

interface Leaf {
  node: Node
  excess: number
}

const sum = (leaves: Leaf[]): number => leaves.reduce((total, leaf) => total + leaf.excess, 0)

/** The host that has the excess out of proportion to its traffic, if there is one. */
function explainingHost(
  leaves: Leaf[],
  total: number,
  start: number,
  end: number,
  exposureOf: ExposureOf,
): string | null {
  const host = leading(leaves, (s) => s.host, 0.5 * total)
  if (!host) return null
  // What was usual in the hour before: an incident changes the traffic.
  const [from, to] = exposureOf(null, start - 60, start) > 0 ? [start - 60, start] : [start, end]
  const rest = total - sum(leaves.filter((leaf) => leaf.node.scope.host === host))
  const due = total * (1 - exposureOf(host, from, to) / exposureOf(null, from, to))
  return due >= OTHERS_DUE && rest <= OTHERS_SHARE * due ? host : null
}

const broadest = (pieces: Piece[]): Piece => pieces.reduce((a, b) => (within(a.node.scope, b.node.scope) ? b : a))

/** The value with the largest sum of excess, if that reaches `least`. */
function leading<T>(leaves: Leaf[], valueOf: (scope: Scope) => T, least: number): T | undefined {
  const sums = new Map<T, number>()
  for (const leaf of leaves) {
    const value = valueOf(leaf.node.scope)
    sums.set(value, (sums.get(value) ?? 0) + leaf.excess)
  }
  let best: T | undefined
  let most = 0
  for (const [value, sum] of sums) {
    if (sum > most) [best, most] = [value, sum]
  }
  return most > 0 && most >= least ? best : undefined
}

/** Drop what only repeats a broader incident. */
function absorb(found: Incident[]): Incident[] {
  const kept: Incident[] = []
  const breadth = ({ scope }: Node) => (scope.status === null ? 2 : 0) + (scope.host === null ? 1 : 0)
  const broadFirst = [...found].sort((a, b) => breadth(b.node) - breadth(a.node))
  for (const incident of broadFirst) {
    const over = kept.find(
      (k) =>
        within(incident.node.scope, k.node.scope) &&
        overlap(incident, k) >= 0.5 * length(incident) &&
        !standsOut(incident, k),
    )
    if (!over) kept.push(incident)
    else over.knownAt = Math.min(over.knownAt, Math.max(incident.knownAt, over.start + 1))
  }
  return kept
}

function standsOut(inner: Incident, outer: Incident): boolean {
  const inside = excess(inner.node, inner.start, inner.end) / length(inner)
  const rest = length(outer) - overlap(inner, outer)
  if (rest < 0.2 * length(outer)) return false
  const shared = excess(outer.node, Math.max(inner.start, outer.start), Math.min(inner.end, outer.end))
  return inside > STANDS_OUT * ((excess(outer.node, outer.start, outer.end) - shared) / rest)
}

/** Incidents of one scope that overlap or nearly touch are one. */
function merge(found: Incident[]): Incident[] {
  const merged: Incident[] = []
  for (const incident of found.sort((a, b) => a.start - b.start)) {
    // what rises on top of one that has stood for days is another
    const before = merged.find(
      (m) =>
        m.node === incident.node &&
        incident.start <= m.end + JOIN &&
        (incident.start < m.start + LONG || incident.start > m.end || !standsOut(incident, m)),
    )
    if (!before) {
      merged.push(incident)
      continue
    }
    before.end = Math.max(before.end, incident.end)
    before.ongoing ||= incident.ongoing
    before.knownAt = Math.min(before.knownAt, incident.knownAt)
    before.score = Math.max(before.score, incident.score)
  }
  return merged
}
