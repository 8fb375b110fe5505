/**
 * The status catalogue: what every documented status means, who can write it and what causes it, in every language.
 * It is data, `catalogue/*.yaml`; this file reads it once, when the service starts, and looks things up in it.
 */
import { readdirSync } from 'node:fs'
import type { Static, TProperties, TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { eachLanguage, LANGUAGES, SPEECH, type Language } from '../words/languages.js'
import { packageRoot } from '../runtime/package-root.js'
import { CatalogueError, readCatalogueFile, type CatalogueFile } from './catalogue-file.js'
import {
  EntrySchema,
  LatencySchema,
  SharedCausesSchema,
  UnlistedSchema,
  type Cause,
  type Entry,
  type SharedCause,
  type StatusCause,
  type StatusEntry,
  type Unlisted,
} from './entry.js'
import { neededFields } from './needed-fields.js'
import { keepPrepared, preparedFiles, type PreparedFiles } from './prepared.js'
import { statusClassOf } from './status-class.js'

export interface Catalogue {
  /** the documented codes, ascending */
  readonly codes: readonly number[]
  /** the whole entry with the evidence of its causes; undefined for a code that no document describes */
  entry(code: number): Entry | undefined
  /**
   * The causes of a code, in order of plausibility, shared ones last. Of a code that no document describes: who may
   * have written it.
   */
  causes(code: number): readonly Cause[]
  /** why answers become slow while their statuses stay what they were */
  readonly latency: readonly Cause[]
  /** why the cache serves copies that are past their time: `stale/<slug>` */
  readonly stale: readonly Cause[]
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
const LATENCY = 'latency.yaml'
const STALE = 'stale.yaml'
const OTHERS: ReadonlySet<string> = new Set([SHARED, UNLISTED, LATENCY, STALE])
const ENTRY = /^\d{3}\.yaml$/

const SHIPPED = new URL('schema/status/catalogue/', packageRoot)
let shipped: Catalogue | undefined

/**
 * Reads and checks every file of the catalogue; the shipped one is read once per process.
 * Throws an Error with code `CATALOGUE_INVALID` naming file, place and reason.
 */
export function loadCatalogue(): Catalogue {
  if (shipped === undefined) {
    const prepared = preparedFiles(SHIPPED)
    shipped = prepared ? catalogueOf(Object.keys(prepared).sort(), fromPrepared(prepared)) : readCatalogue(SHIPPED)
  }
  return shipped
}

/** Like `loadCatalogue`, from another folder (a URL ending in a slash). */
export function readCatalogue(folder: URL): Catalogue {
  return catalogueOf(catalogueFiles(folder), fromFolder(folder))
}

/** Checks the shipped catalogue and keeps its files for `loadCatalogue`. Throws like it. */
export function prepareCatalogue(): void {
  const files: { [file: string]: unknown } = {}
  const read = fromFolder(SHIPPED)
  catalogueOf(catalogueFiles(SHIPPED), (file, shape) => {
    const one = read(file, shape)
    files[file] = one.value
    return one
  })
  keepPrepared(files)
}

/** Gives a file's value, of the given shape. */
type ReadFile = <S extends TSchema>(file: string, shape: S) => CatalogueFile<Static<S>>

function fromFolder(folder: URL): ReadFile {
  const shapes = new Map<TSchema, Validator>()
  return <S extends TSchema>(file: string, schema: S) => {
    const shape = (shapes.get(schema) ?? Compile(schema)) as Validator<TProperties, S>
    shapes.set(schema, shape as unknown as Validator)
    return readCatalogueFile(folder, file, shape)
  }
}

function fromPrepared(files: PreparedFiles): ReadFile {
  return <S extends TSchema>(file: string) => ({
    value: files[file] as Static<S>,
    refuse: (path, reason) => {
      throw new CatalogueError(file, path.join('.'), reason)
    },
  })
}

function catalogueOf(files: readonly string[], read: ReadFile): Catalogue {
  const shared = read(SHARED, SharedCausesSchema).value
  const unlisted = read(UNLISTED, UnlistedSchema).value
  const entries = new Map(
    files
      .filter((f) => ENTRY.test(f))
      .map((file) => {
        const found = read(file, EntrySchema)
        const entry = { ...found.value, causes: [...found.value.causes, ...sharedCausesOf(found.value.code, shared)] }
        checkEntry(file, entry, found)
        return [entry.code, { ...entry, causes: withNeeds(entry.code, entry.causes) }] as const
      }),
  )
  const ofNoStatus = (file: string, name: string, what: string) => {
    const { value, refuse } = read(file, LatencySchema)
    value.causes.forEach(({ id }, i) => {
      if (!id.startsWith(`${name}/`)) refuse(['causes', i, 'id'], `a cause of ${what} is called ${name}/…`)
    })
    return value.causes
  }
  const latency = ofNoStatus(LATENCY, 'latency', 'slowness')
  const stale = ofNoStatus(STALE, 'stale', 'old copies')
  const undocumented = new Map<number, readonly Cause[]>()
  const causesOfUnlisted = (code: number): readonly Cause[] => {
    let causes = undocumented.get(code)
    if (!causes) {
      const own = sharedCausesOf(code, unlisted.causes).map((cause) =>
        withKnown(cause, unlistedEntry(code, unlisted), code),
      )
      const others = sharedCausesOf(code, shared).filter(({ id }) => !own.some((cause) => cause.id === id))
      undocumented.set(code, (causes = withNeeds(code, [...own, ...others])))
    }
    return causes
  }
  const causes = (code: number) => entries.get(code)?.causes ?? causesOfUnlisted(code)
  return {
    codes: [...entries.keys()].sort((a, b) => a - b),
    entry: (code) => entries.get(code),
    causes,
    latency,
    stale,
    statusEntry: (code, lang) =>
      publicEntry(code, entries.get(code) ?? { ...unlistedEntry(code, unlisted), causes: [...causes(code)] }, lang),
  }
}

/** The cause, its explanation preceded by what is known of the code. */
function withKnown(cause: Cause, { meaning }: Pick<Entry, 'meaning'>, code: number): Cause {
  return {
    ...cause,
    explanation: eachLanguage((l) => `${withStatus(meaning[l], code)}${SPEECH[l].gap}${cause.explanation[l]}`),
  }
}

/** What would tell the cause from the others of its code; what a file names comes first. */
function withNeeds(code: number, causes: readonly Cause[]): Cause[] {
  const needed = neededFields(code, causes)
  return causes.map((cause) => ({ ...cause, needs: [...new Set([...(cause.needs ?? []), ...needed])] }))
}

function catalogueFiles(folder: URL): string[] {
  let files: string[]
  try {
    files = readdirSync(folder).sort()
  } catch (cause) {
    throw new CatalogueError(folder.pathname, '', 'the folder cannot be read, it belongs beside the program', { cause })
  }
  const stray = files.find((f) => /\.ya?ml$/.test(f) && !ENTRY.test(f) && !OTHERS.has(f))
  if (stray) throw new CatalogueError(stray, '', `files are named <code>.yaml, ${[...OTHERS].join(', ')}`)
  return files
}

function sharedCausesOf(code: number, shared: readonly SharedCause[]): Cause[] {
  return shared
    .filter(({ codes }) => code >= codes.from && code <= codes.to && !codes.except?.includes(code))
    .map(({ slug, codes: _, title, explanation, check, ...rest }) => ({
      ...rest,
      id: `${code}/${slug}`,
      title: eachLanguage((l) => withStatus(title[l], code)),
      explanation: eachLanguage((l) => withStatus(explanation[l], code)),
      check: eachLanguage((l) => check[l].map((step) => withStatus(step, code))),
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

function unlistedEntry(code: number, { codes: all }: Unlisted): Omit<Entry, 'code' | 'causes'> {
  return all.find(({ codes }) => code >= codes.from && code <= codes.to) ?? all[all.length - 1]
}

function publicEntry(code: number, entry: Omit<Entry, 'code'>, lang: Language): StatusEntry {
  return {
    code,
    statusClass: statusClassOf(code),
    title: entry.title[lang],
    meaning: withStatus(entry.meaning[lang], code),
    writtenBy: entry.writtenBy,
    // what only the records of a spike can show is nothing to read up beforehand
    causes: entry.causes.filter(({ plausibility }) => plausibility > 0).map((cause) => causeIn(cause, lang)),
    url: urlIn(entry.url, lang),
    lang,
  }
}

function urlIn(url: Entry['url'], lang: Language): string {
  return typeof url === 'string' ? url : url[lang]
}
