/**
 * The status catalogue: what every documented status means, who can write it and what causes it, in every language.
 * It is data, `catalogue/*.yaml`; this file reads it once, when the service starts, and looks things up in it.
 */
import { readdirSync } from 'node:fs'
import { Compile } from 'typebox/compile'
import { LANGUAGES, type Language } from '../words/languages.js'
import { packageRoot } from '../runtime/package-root.js'
import { CatalogueError, readCatalogueFile, type CatalogueFile } from './catalogue-file.js'
import {
  EntrySchema,
  SharedCausesSchema,
  UnlistedSchema,
  type Cause,
  type Entry,
  type SharedCause,
  type StatusCause,
  type StatusEntry,
  type Unlisted,
} from './entry.js'
import { statusClassOf } from './status-class.js'

export interface Catalogue {
  /** the documented codes, ascending */
  readonly codes: readonly number[]
  /** the whole entry with the evidence of its causes; undefined for a code that no document describes */
  entry(code: number): Entry | undefined
  /** the causes of a code, in order of plausibility, shared ones last; none for a code that no document describes */
  causes(code: number): readonly Cause[]
  /** what the API says of a code; of an unlisted one it says that nothing documents it, and who may have written it */
  statusEntry(code: number, lang: Language): StatusEntry
}

/** A cause in one language, without the machinery that weighs it. */
export function causeIn(cause: Cause, lang: Language): StatusCause {
  return {
    id: cause.id,
    title: cause.title[lang],
    explanation: cause.explanation[lang],
    check: cause.check[lang],
    url: urlIn(cause.url, lang),
  }
}

const SHARED = 'shared.yaml'
const UNLISTED = 'unlisted.yaml'
const ENTRY = /^\d{3}\.yaml$/

const entryShape = Compile(EntrySchema)
const sharedShape = Compile(SharedCausesSchema)
const unlistedShape = Compile(UnlistedSchema)

let shipped: Catalogue | undefined

/**
 * Reads and checks every file of the catalogue; the shipped one is read once per process.
 * Throws an Error with code `CATALOGUE_INVALID` naming file, place and reason.
 */
export function loadCatalogue(): Catalogue {
  shipped ??= readCatalogue(new URL('schema/status/catalogue/', packageRoot))
  return shipped
}

/** Like `loadCatalogue`, from another folder (a URL ending in a slash). */
export function readCatalogue(folder: URL): Catalogue {
  const files = catalogueFiles(folder)
  const shared = readCatalogueFile(folder, SHARED, sharedShape).value
  const unlisted = readCatalogueFile(folder, UNLISTED, unlistedShape).value
  const entries = new Map(
    files
      .filter((f) => ENTRY.test(f))
      .map((file) => {
        const read = readCatalogueFile(folder, file, entryShape)
        const entry = { ...read.value, causes: [...read.value.causes, ...sharedCausesOf(read.value.code, shared)] }
        checkEntry(file, entry, read)
        return [entry.code, entry] as const
      }),
  )
  return {
    codes: [...entries.keys()].sort((a, b) => a - b),
    entry: (code) => entries.get(code),
    causes: (code) => entries.get(code)?.causes ?? [],
    statusEntry: (code, lang) => publicEntry(code, entries.get(code) ?? unlistedEntry(code, unlisted), lang),
  }
}

function catalogueFiles(folder: URL): string[] {
  let files: string[]
  try {
    files = readdirSync(folder).sort()
  } catch (cause) {
    throw new CatalogueError(folder.pathname, '', 'the folder cannot be read, it belongs beside the program', { cause })
  }
  const stray = files.find((f) => /\.ya?ml$/.test(f) && !ENTRY.test(f) && f !== SHARED && f !== UNLISTED)
  if (stray) throw new CatalogueError(stray, '', `files are named <code>.yaml, ${SHARED} or ${UNLISTED}`)
  return files
}

function sharedCausesOf(code: number, shared: readonly SharedCause[]): Cause[] {
  return shared
    .filter(({ codes }) => code >= codes.from && code <= codes.to && !codes.except?.includes(code))
    .map(({ slug, plausibility, title, explanation, check, url, needs, when, trend }) => ({
      id: `${code}/${slug}`,
      plausibility,
      title: eachLanguage((l) => withStatus(title[l], code)),
      explanation: eachLanguage((l) => withStatus(explanation[l], code)),
      check: eachLanguage((l) => check[l].map((step) => withStatus(step, code))),
      url,
      needs,
      when,
      trend,
    }))
}

function withStatus(text: string, code: number): string {
  return text.replaceAll('{status}', String(code))
}

/** What a shape cannot say: names that agree, and priors that leave no more than certainty. */
function checkEntry(file: string, entry: Entry, { refuse }: CatalogueFile<Entry>): void {
  if (file !== `${entry.code}.yaml`) refuse(['code'], `the file of code ${entry.code} is ${entry.code}.yaml`)
  const seen = new Set<string>()
  entry.causes.forEach((cause, i) => {
    if (!cause.id.startsWith(`${entry.code}/`)) {
      refuse(['causes', i, 'id'], `a cause of ${entry.code} is called ${entry.code}/…`)
    }
    if (seen.has(cause.id)) refuse(['causes', i, 'id'], `${cause.id} is there twice`)
    seen.add(cause.id)
    const steps = LANGUAGES.map((l) => cause.check[l].length)
    if (new Set(steps).size > 1) {
      refuse(['causes', i, 'check'], `the languages have ${steps.join(', ')} steps, they must have as many`)
    }
  })
  const certainty = entry.causes.reduce((sum, cause) => sum + cause.plausibility, 0)
  // 1e-9: decimal fractions do not add up exactly
  if (certainty > 1 + 1e-9) {
    refuse(
      ['causes'],
      `the plausibilities sum to ${certainty.toFixed(3)} (shared causes included), at most 1 is allowed`,
    )
  }
}

function unlistedEntry(code: number, unlisted: readonly Unlisted[]): Omit<Entry, 'code'> {
  const fits = unlisted.find(({ codes }) => code >= codes.from && code <= codes.to) ?? unlisted[unlisted.length - 1]
  return { ...fits, causes: [] }
}

function publicEntry(code: number, entry: Omit<Entry, 'code'>, lang: Language): StatusEntry {
  return {
    code,
    statusClass: statusClassOf(code),
    title: entry.title[lang],
    meaning: withStatus(entry.meaning[lang], code),
    writtenBy: entry.writtenBy,
    causes: entry.causes.map((cause) => causeIn(cause, lang)),
    url: urlIn(entry.url, lang),
    lang,
  }
}

function urlIn(url: Entry['url'], lang: Language): string {
  return typeof url === 'string' ? url : url[lang]
}

function eachLanguage<T>(make: (lang: Language) => T): { [L in Language]: T } {
  return Object.fromEntries(LANGUAGES.map((l) => [l, make(l)])) as { [L in Language]: T }
}
