/**
 * The file of inputs: what the service is to fetch by itself, one entry a job. Everything that is wrong is told at once, with
 * its line. Secrets are not in it: it names variables and files that hold them.
 *
 *   inputs:
 *     - type: logpull
 *       zone: 023e105f4ecef8ad9ca31a8372d0c353
 *       token: { env: CLOUDFLARE_TOKEN }      # or { file: /run/secrets/cloudflare }
 */
import { readFileSync } from 'node:fs'
import type { TObject, TSchema } from 'typebox'
import { Value } from 'typebox/value'
import type { Document, LineCounter } from 'yaml'
import { OutsideError, UsageError } from '../schema/command-line/errors.js'
import { shown } from '../schema/command-line/shown.js'
import { yaml } from '../schema/runtime/lazily.js'
import { INPUTS as WORDS, type InputName } from '../schema/words/inputs.js'
import { didYouMean } from '../schema/words/nearest.js'
import { INPUTS } from './inputs/index.js'
import type { FetchingInput, Input } from './inputs/input.js'
import { isSecret } from './inputs/settings.js'
import type { ConfiguredJob } from './plugin.js'

type Environment = { readonly [name: string]: string | undefined }
type Mapping = { [name: string]: unknown }
type Path = readonly (string | number)[]

const FETCHING = WORDS.flatMap(({ name }) => {
  const input: Input = INPUTS[name]
  return input.kind === 'fetching' ? [{ name: name as InputName, input: input as FetchingInput<TObject> }] : []
})
const TYPES = FETCHING.map(({ name }) => name)

/** Bytes; a larger file is no such file. */
const MOST_BYTES = 1_000_000

/** The jobs of the file. Throws an OutsideError if it can not be read, a UsageError that says everything that is wrong. */
export function readInputsFile(path: string, environment: Environment = process.env): ConfiguredJob[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    const reason = shown((cause as Error).message)
    throw new OutsideError(`The file of inputs can not be read: ${reason}. Check the path (--inputs).`, { cause })
  }
  const { jobs, problems } = parseInputs(text, environment)
  if (problems.length > 0) {
    const lines = problems.map((problem) => `  ${shown(problem)}`).join('\n')
    throw new UsageError(`The file of inputs ${shown(path)} is not right:\n${lines}`)
  }
  return jobs
}

export interface ReadInputs {
  jobs: ConfiguredJob[]
  /** each with its line */
  problems: string[]
}

export function parseInputs(text: string, environment: Environment): ReadInputs {
  const counter = new (yaml().LineCounter)()
  if (Buffer.byteLength(text) > MOST_BYTES) return refused(`it is larger than ${MOST_BYTES / 1e6} MB`)
  const doc = yaml().parseDocument(text, { lineCounter: counter, prettyErrors: false, logLevel: 'error' })
  if (doc.errors.length > 0)
    return refused(`line ${counter.linePos(doc.errors[0].pos[0]).line}: no YAML: ${doc.errors[0].message}`)
  let content: unknown
  try {
    content = doc.toJS({ maxAliasCount: 100 })
  } catch (error) {
    return refused((error as Error).message)
  }
  if (!isMapping(content) || !Array.isArray(content.inputs))
    return refused('"inputs" is missing: a list, each with a type and its settings')
  const file = new InputsFile(doc, counter, environment)
  for (const key of Object.keys(content))
    if (key !== 'inputs') file.complain([key], `"${key}" is not known here. There is only "inputs".`)
  content.inputs.forEach((entry: unknown, n) => file.read(entry, ['inputs', n]))
  return { jobs: file.jobs, problems: file.problems }
}

const refused = (problem: string): ReadInputs => ({ jobs: [], problems: [problem] })

const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

class InputsFile {
  readonly jobs: ConfiguredJob[] = []
  readonly problems: string[] = []
  private readonly places = new Map<string, Path>()

  constructor(
    private readonly doc: Document,
    private readonly counter: LineCounter,
    private readonly environment: Environment,
  ) {}

  complain(path: Path, reason: string): void {
    const { line } = this.counter.linePos(offsetOf(this.doc, path))
    this.problems.push(`line ${line}: ${pathText(path)}: ${reason}`)
  }

  read(entry: unknown, path: Path): void {
    const { type, ...given } = isMapping(entry) ? entry : { type: undefined }
    const found = FETCHING.find(({ name }) => name === type)
    if (!found) {
      const reason = type === undefined ? '"type" is missing.' : `"${String(type)}" is no type.`
      return this.complain(
        type === undefined ? path : [...path, 'type'],
        `${reason}${type === undefined ? ` It is one of ${TYPES.join(', ')}.` : didYouMean(type, TYPES, 'There are')}`,
      )
    }
    const { name, input } = found
    const before = this.problems.length
    const settings = this.withSecrets(given, input.settings, path)
    // what is wrong with a secret is said already, and its value is nobody's business
    const wrong = Value.Errors(input.settings, settings).flatMap((error) => mistakes(error, input.settings, settings))
    for (const { at, reason } of wrong)
      if (!isSecretAt(input.settings, at) || this.problems.length === before) this.complain([...path, ...at], reason)
    if (this.problems.length > before) return
    for (const { at, reason } of input.problems?.(settings as never) ?? []) this.complain([...path, at], reason)
    if (this.problems.length > before) return
    this.add({ name, input, settings }, input.jobOf(settings as never), path)
  }

  private add(job: ConfiguredJob, jobName: string, path: Path): void {
    const key = `${job.name} ${jobName}`
    const twin = this.places.get(key)
    if (twin) return this.complain(path, `${pathText(twin)} fetches ${jobName} already: leave one of the two out.`)
    this.places.set(key, path)
    this.jobs.push(job)
  }

  /** References to secrets are followed; where that fails the problem is told and a stand-in put. */
  private withSecrets(given: Mapping, schema: TObject, path: Path): Mapping {
    const entries = Object.entries(given).map(([name, value]) => {
      const property = schema.properties[name] as TSchema | undefined
      return [name, property && isSecret(property) ? this.secret(value, [...path, name]) : value]
    })
    return Object.fromEntries(entries) as Mapping
  }

  private secret(value: unknown, path: Path): string {
    const { env, file } = isMapping(value) ? value : {}
    if (typeof env === 'string' && file === undefined) {
      const held = this.environment[env]
      if (held) return held
      this.complain(path, `the variable ${env} is not set or empty.`)
    } else if (typeof file === 'string' && env === undefined) {
      try {
        const held = readFileSync(file, 'utf8').trim()
        if (held !== '') return held
        this.complain(path, `the file ${file} is empty.`)
      } catch (error) {
        this.complain(path, `the file can not be read: ${(error as Error).message}.`)
      }
    } else this.complain(path, 'a secret is not written here: give { env: NAME } or { file: PATH }.')
    return 'unknown'
  }
}

interface Mistake {
  at: string[]
  reason: string
}
type SchemaError = ReturnType<typeof Value.Errors>[number]

/** What the validator says, for people. */
function mistakes(error: SchemaError, schema: TObject, settings: Mapping): Mistake[] {
  const at = error.instancePath.split('/').slice(1)
  const { keyword, params, message } = error as { keyword: string; params: Mapping; message: string }
  if (keyword === 'boolean') return []
  if (keyword === 'required')
    return (params.requiredProperties as string[]).map((name) => ({
      at,
      reason: `"${name}" is missing: ${wordsOf(schema, name)}`,
    }))
  if (keyword === 'additionalProperties')
    return (params.additionalProperties as string[]).map((name) => ({
      at: [...at, name],
      reason: `"${name}" is not known here.${didYouMean(name, Object.keys(schema.properties), 'Known are')}`,
    }))
  const value = at.reduce<unknown>((within, key) => (within as Mapping | undefined)?.[key], settings)
  const words = at.length > 0 ? ` ${wordsOf(schema, at[0])}` : ''
  const seen = typeof value === 'object' ? '' : `, not "${String(value)}"`
  return [{ at, reason: `${keyword === 'pattern' ? 'is not right' : message}${seen}.${words}` }]
}

const wordsOf = (schema: TObject, name: string) =>
  `${(schema.properties[name] as { description?: string } | undefined)?.description ?? ''}.`

const isSecretAt = (schema: TObject, at: readonly string[]) => {
  const property = schema.properties[at[0]] as TSchema | undefined
  return property !== undefined && isSecret(property)
}

/** Where the path is in the text: its key, or the nearest thing around it that is there. */
function offsetOf(doc: Document, path: Path): number {
  const { isMap, isNode, isPair, isScalar } = yaml()
  for (let length = path.length; length > 0; length--) {
    const holder = length === 1 ? doc.contents : doc.getIn(path.slice(0, length - 1), true)
    const last = path[length - 1]
    const pair = isMap(holder)
      ? holder.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === last)
      : undefined
    const node = pair ? pair.key : doc.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}

const pathText = (path: Path) =>
  path.map((part, n) => (typeof part === 'number' ? `[${part}]` : n === 0 ? part : `.${part}`)).join('')
