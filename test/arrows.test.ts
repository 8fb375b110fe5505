import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Which rooms a room may look into: schema ← ingest, schema ← analyze ← dashboard; the two doors see all. */
const MAY_IMPORT: { [room: string]: string[] } = {
  schema: ['schema'],
  ingest: ['schema', 'ingest'],
  analyze: ['schema', 'analyze'],
  dashboard: ['schema', 'analyze', 'dashboard'],
}

/** Arrows inside a room that point one way: words ← status, api ← store ← engines ← the list of them. */
const ONE_WAY: { [folder: string]: string[] } = {
  'schema/runtime': [
    'schema/words',
    'schema/status',
    'schema/api',
    'schema/store',
    'schema/sqlite',
    'schema/postgres',
    'schema/clickhouse',
  ],
  'schema/words': [
    'schema/status',
    'schema/api',
    'schema/store',
    'schema/sqlite',
    'schema/postgres',
    'schema/clickhouse',
  ],
  'schema/status': ['schema/api', 'schema/store', 'schema/sqlite', 'schema/postgres', 'schema/clickhouse'],
  'schema/api': ['schema/store', 'schema/sqlite', 'schema/postgres', 'schema/clickhouse'],
  'schema/store': ['schema/sqlite', 'schema/postgres', 'schema/clickhouse'],
  // ClickHouse's ledger rests in one of these two, see schema/clickhouse/ledgers.ts
  'schema/sqlite': ['schema/postgres', 'schema/clickhouse'],
  'schema/postgres': ['schema/sqlite', 'schema/clickhouse'],
  'analyze/notifiers': ['analyze/alerts', 'analyze/spikes', 'analyze/reports'],
  'analyze/spikes': ['analyze/alerts', 'analyze/notifiers'],
  'analyze/reports': ['analyze/alerts', 'analyze/notifiers', 'analyze/spikes'],
}

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.parentPath.includes('/assembly'))
    .map((entry) => join(entry.parentPath, entry.name))
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/(?:from|import|import\()\s*['"](\.{1,2}\/[^'"]+)['"]/g)].map((match) =>
    relative(ROOT, resolve(dirname(file), match[1])),
  )
}

/** Files that import each other, by whatever way round: each circle sorted, one string. */
function circlesIn(folders: readonly string[], doors: readonly string[]): string[] {
  const files = [...folders.flatMap(sources), ...doors.map((door) => join(ROOT, door))]
  const known = new Set(files.map((file) => relative(ROOT, file)))
  const targetOf = (path: string) =>
    [path, path.replace(/\.js$/, '.ts'), path.replace(/\.js$/, '.tsx')].find((p) => known.has(p))
  const graph = new Map(
    files.map((file) => [relative(ROOT, file), importsOf(file).flatMap((path) => targetOf(path) ?? [])]),
  )
  // Tarjan's strongly connected components
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const stack: string[] = []
  const circles: string[] = []
  const visit = (file: string): void => {
    order.set(file, order.size)
    lowest.set(file, order.get(file) as number)
    stack.push(file)
    for (const to of graph.get(file) ?? []) {
      if (!order.has(to)) visit(to)
      if (stack.includes(to)) lowest.set(file, Math.min(lowest.get(file) as number, lowest.get(to) as number))
    }
    if (lowest.get(file) !== order.get(file)) return
    const circle = stack.splice(stack.indexOf(file))
    if (circle.length > 1) circles.push(circle.sort().join(' ↔ '))
  }
  for (const file of graph.keys()) if (!order.has(file)) visit(file)
  return circles.sort()
}

describe('the arrows between the rooms', () => {
  for (const [room, allowed] of Object.entries(MAY_IMPORT)) {
    it(`${room} looks only into ${allowed.join(', ')}`, () => {
      const files = sources(room)
      expect(files.length).toBeGreaterThan(0)
      const wrong = files.flatMap((file) =>
        importsOf(file)
          .filter((target) => !allowed.includes(target.split('/')[0]))
          .map((target) => `${relative(ROOT, file)} → ${target}`),
      )
      expect(wrong).toEqual([])
    })
  }

  for (const [folder, forbidden] of Object.entries(ONE_WAY)) {
    it(`${folder} knows nothing of ${forbidden.join(', ')}`, () => {
      const files = sources(folder)
      expect(files.length).toBeGreaterThan(0)
      const wrong = files.flatMap((file) =>
        importsOf(file)
          .filter((target) => forbidden.some((other) => target.startsWith(`${other}/`)))
          .map((target) => `${relative(ROOT, file)} → ${target}`),
      )
      expect(wrong).toEqual([])
    })
  }

  it('no file imports itself by way of others, but for circles that are known and can only become fewer', () => {
    expect(circlesIn(Object.keys(MAY_IMPORT), ['app.ts', 'main.ts'])).toEqual([])
  })

  it('nothing that was asked is cast: routes have the types of their schemas', () => {
    const found = ['ingest', 'analyze', 'dashboard']
      .flatMap(sources)
      .filter((file) => /request\.(query|params|body)\)? as /.test(readFileSync(file, 'utf8')))
    expect(found.map((file) => relative(ROOT, file))).toEqual([])
  })

  it('SQL lives in schema only', () => {
    const sql = /\b(SELECT\s+[\w*(].+\sFROM\s|INSERT\s+INTO\s|CREATE\s+TABLE\s|DELETE\s+FROM\s)/
    const found = ['ingest', 'analyze', 'dashboard']
      .flatMap(sources)
      .filter((file) => sql.test(readFileSync(file, 'utf8')))
    expect(found.map((file) => relative(ROOT, file))).toEqual([])
  })
})
