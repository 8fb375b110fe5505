/**
 * Exports that nobody tuned on: each kind is a way in which logs of other people differ from those that `faultline simulate`
 * writes. The benchmark times them (../foreign.ts), and the two readers must agree on each (test/ingest/reader/fast).
 */
import { Chance } from './chance.js'
import { EVERY, FIELDS, NINE, TICKED, type Timestamps, type Value } from './fields.js'
import { Site, type Request, type Variety } from './request.js'

export interface ForeignKind {
  name: string
  what: string
  /** lines of the benchmark's file */
  lines: number
  /** how moments are written, for peers that want to be told */
  moments: 'text' | 'number' | 'both'
  /** Lines of JSON without their line feeds. The same seed gives the same lines. */
  make(lines: number, seed: number): Generator<string>
}

const USUAL: Variety = { clients: 60_000, agents: 4_000, paths: 30_000, hosts: 40 }

type Write = (request: Request, chance: Chance) => string

function* linesOf(lines: number, seed: number, variety: Variety, writer: (chance: Chance) => Write): Generator<string> {
  const chance = new Chance(seed)
  const site = new Site(chance, variety)
  const write = writer(chance)
  for (let n = 0; n < lines; n++) yield write(site.request(), chance)
}

function object(names: readonly string[], timestamps: Timestamps, replaced: { [name: string]: Value } = {}): Write {
  return (request, chance) => {
    let json = ''
    for (const name of names) json += `,"${name}":${(replaced[name] ?? FIELDS[name])(request, chance, timestamps)}`
    return `{${json.slice(1)}}`
  }
}

const plain = (
  name: string,
  what: string,
  lines: number,
  fields: readonly string[] | 'shuffled',
  timestamps: Timestamps,
  variety: Variety = USUAL,
): ForeignKind => ({
  name,
  what,
  lines,
  moments: timestamps.startsWith('rfc') ? 'text' : 'number',
  make: (n, seed) =>
    linesOf(n, seed, variety, (chance) => object(fields === 'shuffled' ? chance.shuffled(EVERY) : fields, timestamps)),
})

/** Cookies and headers that a job was told to log, some 8 kB. */
const headers =
  (most: number): Write =>
  (_, chance) => {
    const entries = Array.from({ length: most }, (__, i) => {
      const value = chance.hex(60 + chance.below(140))
      return `"x-header-${i}":"${chance.oneOf(4) ? `{\\"v\\":\\"${value}\\"}` : value}"`
    })
    return `{${entries.join(',')}}`
  }

/** Fetches of a Worker inside their parent's record (Logpush's `merge_subrequests`). */
const subrequests: Write = (request, chance) => {
  const count = chance.oneOf(3) ? chance.below(3) + 1 : 0
  const own = object(
    [
      'ClientRequestHost',
      'ClientRequestMethod',
      'ClientRequestURI',
      'EdgeResponseStatus',
      'OriginResponseStatus',
      'RayID',
      'EdgeStartTimestamp',
      'EdgeEndTimestamp',
    ],
    'rfc3339',
  )
  return `[${Array.from({ length: count }, () => own({ ...request, rayId: chance.hex(16) }, chance)).join(',')}]`
}

export const FOREIGN: readonly ForeignKind[] = [
  plain('ticked', 'the fields that the dashboard ticks, RFC 3339', 300_000, TICKED, 'rfc3339'),
  plain('every', 'all fields in an order of their own, RFC 3339', 200_000, 'shuffled', 'rfc3339'),
  plain('nine', "Logpull's nine fields, nanoseconds", 900_000, NINE, 'unixnano'),
  {
    name: 'any-order',
    what: 'all fields, keys in another order on every line',
    lines: 200_000,
    moments: 'text',
    make: (n, seed) =>
      linesOf(n, seed, USUAL, () => (request, chance) => object(chance.shuffled(EVERY), 'rfc3339')(request, chance)),
  },
  {
    name: 'sorted',
    what: 'all fields, keys sorted, spaced as Python writes them, seconds',
    lines: 200_000,
    moments: 'number',
    make: (n, seed) =>
      linesOf(n, seed, USUAL, () => {
        const names = [...EVERY].sort()
        return (request, chance) =>
          `{${names.map((name) => `"${name}": ${FIELDS[name](request, chance, 'unix')}`).join(', ')}}`
      }),
  },
  {
    name: 'escapes',
    what: 'letters beyond ASCII, every second line escaped as Python does it, slashes as PHP does',
    lines: 250_000,
    moments: 'text',
    make: (n, seed) =>
      linesOf(n, seed, { ...USUAL, odd: true }, () => {
        const write = object(TICKED, 'rfc3339')
        let line = 0
        return (request, chance) => {
          const json = write(request, chance)
          if (line++ % 2 === 0) return json
          return json
            .replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
            .replaceAll('/', '\\/')
        }
      }),
  },
  plain(
    'all-differ',
    'every path, agent, address and RayID another one, nanoseconds in RFC 3339',
    250_000,
    TICKED,
    'rfc3339ns',
    {
      ...USUAL,
      allDiffer: true,
    },
  ),
  plain(
    'tiny',
    'lines of three fields without a RayID, nanoseconds',
    2_500_000,
    ['EdgeStartTimestamp', 'EdgeResponseStatus', 'ClientRequestHost'],
    'unixnano',
  ),
  {
    name: 'huge',
    what: 'lines of 8 kB: cookies and headers',
    lines: 50_000,
    moments: 'text',
    make: (n, seed) =>
      linesOf(n, seed, USUAL, () =>
        object(EVERY, 'rfc3339', { Cookies: headers(12), RequestHeaders: headers(16), ResponseHeaders: headers(12) }),
      ),
  },
  plain('seconds', 'the ticked fields, seconds', 300_000, TICKED, 'unix'),
  plain('nanoseconds', 'the ticked fields, nanoseconds', 300_000, TICKED, 'unixnano'),
  {
    name: 'merged',
    what: 'sub-requests merged into their parents, a third of the lines have some',
    lines: 150_000,
    moments: 'text',
    make: (n, seed) =>
      linesOf(n, seed, USUAL, () => object([...TICKED, 'Subrequests'], 'rfc3339', { Subrequests: subrequests })),
  },
  {
    name: 'mixed',
    what: 'lines of three jobs, each with its own fields, order and timestamps',
    lines: 300_000,
    moments: 'both',
    make: (n, seed) =>
      linesOf(n, seed, USUAL, (jobs) => {
        const writers = [object(TICKED, 'rfc3339'), object(jobs.shuffled(EVERY), 'unixnano'), object(NINE, 'unix')]
        return (request, chance) => chance.pick(writers)(request, chance)
      }),
  },
]
