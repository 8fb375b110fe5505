/**
 * What a channel needs to know. One schema says it: of it come the type, the check, the docs, the fields of the page, and
 * what is secret.
 */
import { Type, type Static, type TObject, type TOptional, type TProperties, type TSchema, type TUnsafe } from 'typebox'
import type { SettingKind } from '../../schema/api/alerts.js'

/** What a setting means for those who must not have it, or must not turn notices elsewhere. */
export interface Marks {
  /** rests encrypted and is never shown again: an address by its host and last characters, anything else not at all */
  secret?: boolean
  /** part of where notices go: kept secrets do not follow to another place */
  destination?: boolean
  /** of a tick. true: it protects what is sent; false: it gives protection up */
  protects?: boolean
}

export interface TSetting<T = unknown> extends TUnsafe<T> {
  'x-setting': SettingKind
  'x-secret'?: boolean
  'x-destination'?: boolean
  'x-protects'?: boolean
}

function setting<T>(kind: SettingKind, schema: object, { secret, destination, protects }: Marks = {}): TSetting<T> {
  return Type.Unsafe<T>({
    ...schema,
    'x-setting': kind,
    ...(secret ? { 'x-secret': true, 'writeOnly': true } : {}),
    ...(destination ? { 'x-destination': true } : {}),
    ...(protects === undefined ? {} : { 'x-protects': protects }),
  }) as TSetting<T>
}

const MOST_TEXT = 4_000
const MOST_ADDRESSES = 50

export const address = (marks?: Marks) =>
  setting<string>('url', { type: 'string', format: 'uri', maxLength: MOST_TEXT }, marks)
export const line = (marks?: Marks) => setting<string>('text', { type: 'string', maxLength: MOST_TEXT }, marks)
export const port = (marks?: Marks) =>
  setting<number>('number', { type: 'integer', minimum: 1, maximum: 65_535 }, marks)
export const tick = (marks?: Marks) => setting<boolean>('boolean', { type: 'boolean' }, marks)
export const mailAddresses = (marks?: Marks) =>
  setting<string[]>('list', { type: 'array', items: { type: 'string' }, maxItems: MOST_ADDRESSES }, marks)
export const headers = (marks?: Marks) =>
  setting<{ [name: string]: string }>('headers', { type: 'object', additionalProperties: { type: 'string' } }, marks)

export const optional = <T>(of: TSetting<T>): TOptional<TSetting<T>> => Type.Optional(of) as TOptional<TSetting<T>>

export interface Setting {
  name: string
  kind: SettingKind
  required: boolean
  secret: boolean
  destination: boolean
  protects: boolean | null
}

/** The settings of a channel, one by one. */
export function settingsOf(schema: TSchema): Setting[] {
  const { properties, required = [] } = schema as unknown as {
    properties: { [name: string]: TSetting }
    required?: string[]
  }
  return Object.entries(properties).map(([name, of]) => ({
    name,
    kind: of['x-setting'],
    required: required.includes(name),
    secret: of['x-secret'] === true,
    destination: of['x-destination'] === true,
    protects: of['x-protects'] ?? null,
  }))
}

/** What a notifier was given, secrets included; what it lacks is absent. */
export type SettingValues<P extends TProperties> = Partial<Static<TObject<P>>>

/** Null: fine. Else what it must be, as the end of a sentence. */
export function settingProblem({ kind }: Setting, value: unknown): string | null {
  switch (kind) {
    case 'boolean':
      return typeof value === 'boolean' ? null : 'true or false'
    case 'number':
      return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65_536
        ? null
        : 'a port from 1 to 65535'
    case 'list':
      return isAddressList(value) ? null : `a list of at most ${MOST_ADDRESSES} addresses, like ops@example.com`
    case 'headers':
      return isHeaders(value) ? null : 'a mapping of header names to texts in ASCII'
    case 'text':
    case 'url':
      if (typeof value !== 'string' || value.length > MOST_TEXT || /[\r\n\0]/.test(value)) {
        return `one line of at most ${MOST_TEXT} characters`
      }
      return kind === 'url' ? urlProblem(value.trim()) : null
  }
}

function urlProblem(text: string): string | null {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    return 'a URL that begins with https:// or http://'
  }
  const { username, password } = new URL(text)
  return username || password ? 'a URL without user and password in it' : null
}

function isAddressList(value: unknown): boolean {
  const list = Array.isArray(value) ? value : [value]
  return (
    list.length <= MOST_ADDRESSES && list.every((one) => typeof one === 'string' && /^[^\s,;<>]+@[^\s,;<>]+$/.test(one))
  )
}

/** A header without a value keeps the one it had. */
function isHeaders(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(value).every(
      ([name, text]) =>
        /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) &&
        (text === null || (typeof text === 'string' && /^[\t\x20-\x7e]*$/.test(text))),
    )
  )
}
