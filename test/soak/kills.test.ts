/**
 * Processes of all kinds, killed at random moments and at named places, over and over on one store: what was acknowledged is there
 * once, what was removed stays away, figures are what the records come to, and the file is whole. Some rounds here; `npm run soak`
 * does a thousand (FAULTLINE_ROUNDS) and prints what they came to.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openStore } from '../../schema/open-store.js'
import { randomFrom } from '../contract/sample-records.js'
import { diskFolder } from '../quick-folder.js'
import { findingsOf, KINDS, type Kind, type Outcome, type World } from './kinds.js'
import { found } from './lines.js'
import type { Stop } from './process.js'

const ROUNDS = Number(process.env.FAULTLINE_ROUNDS ?? KINDS.length)
const SEED = Number(process.env.FAULTLINE_SOAK_SEED ?? Date.now() % 2 ** 31)
/** A store is left for a new one when it holds so many: a round is to cost seconds. */
const MOST_LINES = 3_000
const MOST_ROUND_MS = 60_000
/** Tries of one kind until one is killed before it is done. */
const MOST_TRIES = 20

interface Tally {
  rounds: number
  atPlaces: number
  lost: number
  doubled: number
  acknowledged: number
  faults: string[]
}

test(
  `${ROUNDS} rounds of kill -9: nothing lost, nothing doubled`,
  async () => {
    const folder = mkdtempSync(join(diskFolder(), 'faultline-kills-'))
    const random = randomFrom(SEED)
    const takes = new Map(KINDS.map(({ name, takesMs }) => [name, takesMs]))
    const perKind = new Map(KINDS.map(({ name }) => [name, 0]))
    const tally: Tally = { rounds: 0, atPlaces: 0, lost: 0, doubled: 0, acknowledged: 0, faults: [] }
    let next = 0
    let stores = 0
    const fresh = (count: number) => Array.from({ length: count }, () => next++)
    const newWorld = async (): Promise<World> => {
      const path = join(folder, `store-${stores++}.sqlite`)
      await (await openStore(`sqlite:${path}`)).close()
      return { folder, path, held: new Map(), random, fresh }
    }
    let world = await newWorld()

    const stopOf = (kind: Kind): Stop => {
      if (kind.places.length === 0 || random() < 0.5) return { afterMs: random() * (takes.get(kind.name) as number) }
      const [place, passings] = kind.places[Math.floor(random() * kind.places.length)]
      return { failpoint: `sqlite/${place}#${1 + Math.floor(random() * passings)}` }
    }

    for (let turn = 0; tally.rounds < ROUNDS; turn++) {
      const kind = KINDS[turn % KINDS.length]
      for (let tries = 0, killed = false; !killed && tries < MOST_TRIES; tries++) {
        const stop = stopOf(kind)
        const outcome = await kind.round(world, stop)
        killed = outcome.killed
        if (!killed && outcome.ms > 0) takes.set(kind.name, outcome.ms)
        if (killed) {
          tally.rounds++
          perKind.set(kind.name, (perKind.get(kind.name) as number) + 1)
          if ('failpoint' in stop) tally.atPlaces++
        }
        const faults = settle(world, outcome, tally)
        tally.faults.push(
          ...faults.map((fault) => `round ${tally.rounds}, ${kind.name}, ${JSON.stringify(stop)}: ${fault}`),
        )
        if (faults.length > 0) {
          for (const end of ['', '-wal'])
            if (existsSync(world.path + end))
              copyFileSync(world.path + end, `${folder}/fault-${tally.rounds}.sqlite${end}`)
          console.log(tally.faults.slice(-faults.length).join('\n'))
        }
        if (world.held.size > MOST_LINES) {
          for (const end of ['', '-wal', '-shm']) rmSync(world.path + end, { force: true })
          world = await newWorld()
        }
      }
      if (ROUNDS > KINDS.length && turn % KINDS.length === 0) report()
    }
    report()

    function report(): void {
      const kinds = [...perKind].map(([name, count]) => `${name} ${count}`).join(', ')
      console.log(
        `${tally.rounds} rounds (${tally.atPlaces} at named places), ${tally.acknowledged} lines acknowledged, ` +
          `${tally.lost} lost, ${tally.doubled} doubled, ${tally.faults.length} faults, seed ${SEED}: ${kinds}`,
      )
    }

    expect(tally.faults).toEqual([])
    for (const [name, count] of perKind) expect(count, `rounds of ${name}`).toBeGreaterThan(0)
    rmSync(folder, { recursive: true })
  },
  ROUNDS * MOST_ROUND_MS,
)

/** Compares what rests with what is owed, and takes it for what rests from now on. */
function settle(world: World, outcome: Outcome, tally: Tally): string[] {
  const { must, may, gone, mayGo, whole } = outcome
  const { batches, doubled, wrong } = found(world.path)
  const goes = new Set([...gone, ...mayGo])
  const owed = new Set([...must, ...[...world.held.keys()].filter((n) => !goes.has(n))])
  const lost = [...owed].filter((n) => !batches.has(n))
  const known = new Set([...world.held.keys(), ...must, ...may])
  const strange = [...batches.keys()].filter((n) => !known.has(n))
  const back = gone.filter((n) => batches.has(n))
  const torn = whole.filter((list) => new Set(list.map((n) => batches.has(n))).size > 1)
  tally.acknowledged += must.length
  tally.lost += lost.length
  tally.doubled += doubled.length
  world.held = batches
  return [
    ...outcome.faults,
    ...wrong,
    ...findingsOf(world.path),
    ...(lost.length > 0 ? [`${lost.length} lost, ${lost[0]} the first`] : []),
    ...(doubled.length > 0 ? [`${doubled.length} doubled, ${doubled[0]} the first`] : []),
    ...(strange.length > 0 ? [`${strange.length} that nobody sent, ${strange[0]} the first`] : []),
    ...(back.length > 0 ? [`${back.length} that were gone are there, ${back[0]} the first`] : []),
    ...(torn.length > 0 ? [`${torn.length} batches that went in part`] : []),
  ]
}
