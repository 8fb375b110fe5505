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

/** Arrows inside a room that point one way. */
const ONE_WAY: { [folder: string]: string[] } = {
  'analyze/notifiers': ['analyze/alerts', 'analyze/spikes', 'analyze/reports'],
  'analyze/spikes': ['analyze/alerts', 'analyze/notifiers'],
  'analyze/reports': ['analyze/alerts', 'analyze/notifiers', 'analyze/spikes'],
}
const WITHOUT_CIRCLES = ['analyze']

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

/** Each circle of imports once, as the path that closes it. */
function circlesIn(folder: string): string[] {
  const graph = new Map(
    sources(folder).map((file) => [relative(ROOT, file), importsOf(file).map((to) => to.replace(/\.js$/, '.ts'))]),
  )
  const found: string[] = []
  const done = new Set<string>()
  const walk = (file: string, path: string[]): void => {
    if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file].join(' → '))
    if (path.includes(file) || done.has(file)) return
    for (const to of graph.get(file) ?? []) walk(to, [...path, file])
    done.add(file)
  }
  for (const file of graph.keys()) walk(file, [])
  return found
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

  for (const folder of WITHOUT_CIRCLES) {
    it(`no file of ${folder} imports itself by way of others`, () => {
      expect(circlesIn(folder)).toEqual([])
    })
  }

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
