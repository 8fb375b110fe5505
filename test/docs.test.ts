/** What the pages for people name is there: files and folders of the house, and commands of npm. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path/posix'
import { expect, it } from 'vitest'

const ROOT = new URL('..', import.meta.url)
/** Not the house's own. */
const ELSEWHERE = new Set(['node_modules', 'dist', '.git', '.cache', 'data', 'out'])
const files = filesIn('')
const folders = new Set(files.flatMap((file) => parentsOf(file)))
const places = [...files, ...folders]
const pages = files.filter((file) => file.endsWith('.md'))
const textOf = (page: string) => readFileSync(new URL(page, ROOT), 'utf8')

function filesIn(folder: string): string[] {
  return readdirSync(new URL(folder, ROOT), { withFileTypes: true }).flatMap((entry) => {
    if (ELSEWHERE.has(entry.name)) return []
    return entry.isDirectory() ? filesIn(`${folder}${entry.name}/`) : [folder + entry.name]
  })
}

function parentsOf(path: string): string[] {
  const parent = dirname(path)
  return parent === '.' ? [] : [parent, ...parentsOf(parent)]
}

/** A path may be told from any folder. */
const isThere = (path: string) => places.some((place) => place === path || place.endsWith(`/${path}`))

it.each(pages)('%s links to what is there', (page) => {
  const links = [...textOf(page).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link]) => link)
  const own = links.filter((link) => !/^(https?:|mailto:)/.test(link))
  const gone = own.filter((link) => {
    const path = normalize(join(dirname(page), link)).replace(/\/$/, '')
    return path !== '.' && !files.includes(path) && !folders.has(path)
  })
  expect(gone).toEqual([])
})

it.each(pages)('%s names files and folders that are there', (page) => {
  const named = [...textOf(page).matchAll(/`((?:[\w@.-]+\/)*(?:[\w-]+\.(?:ts|tsx|mjs|yaml|md)|[\w-]+\/))`/g)].map(
    ([, path]) => path,
  )
  expect(named.filter((path) => !isThere(path.replace(/^(\.\.?\/)+|\/$/g, '')))).toEqual([])
})

it.each(pages)('%s names commands of npm that there are', (page) => {
  const { scripts } = JSON.parse(textOf('package.json'))
  const named = [...textOf(page).matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name)
  expect(named.filter((name) => !(name in scripts))).toEqual([])
})
