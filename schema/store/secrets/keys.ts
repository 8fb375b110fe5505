/**
 * The keys that secrets rest under: from a setting, or from a file beside the store that is made on first use. The first
 * seals; the others still open what was sealed before a rotation.
 */
import { createHash, hkdfSync, randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'

/** Texts shorter than this are too easily guessed. */
export const LEAST_KEY_CHARACTERS = 32

export interface Key {
  /** tells which key a secret was sealed with, without telling the key */
  id: string
  bytes: Buffer
}

export interface KeySource {
  /** of a setting: one key or several, with commas between */
  given: string | null
  /** beside the store; null: there is no place for one */
  file: string | null
}

/** What keeps secrets from being sealed or opened, and what to do. */
export class SecretsError extends Error {
  readonly code = 'SECRETS_UNUSABLE'
  override readonly name = 'SecretsError'
}

export interface Keys {
  /** All that may open. */
  all(): readonly Key[]
  /** The one that seals; made if there is none yet. Throws a SecretsError. */
  current(): Key
  /** Reads the file again: another process may have rotated. */
  reload(): void
}

/** Where the key file of a store stands: beside the file that its name leads to, unless one is beside the name. */
export function keyFileOf(storeUrl: string): string | null {
  if (!storeUrl.startsWith('sqlite:')) return null
  const path = storeUrl.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '')
  if (existsSync(`${path}.key`) || !existsSync(path)) return `${path}.key`
  return lstatSync(path).isSymbolicLink() ? `${realpathSync(path)}.key` : `${path}.key`
}

export function openKeys({ given, file }: KeySource): Keys {
  const fromSetting = (given ?? '')
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map(keyOf)
  let fromFile = file === null ? [] : readKeyFile(file)
  return {
    all: () => [...fromSetting, ...fromFile],
    current() {
      if (fromSetting.length > 0) return fromSetting[0]
      // another process may have rotated: what is sealed with a key that is gone is lost
      if (file !== null) fromFile = readKeyFile(file)
      if (fromFile.length > 0) return fromFile[0]
      if (file === null) {
        throw new SecretsError(
          'There is no key to keep secrets under. Set FAULTLINE_SECRET_KEY; make one with: openssl rand -base64 32',
        )
      }
      makeKeyFile(file)
      fromFile = readKeyFile(file)
      return fromFile[0]
    },
    reload() {
      if (file !== null) fromFile = readKeyFile(file)
    },
  }
}

export const newKeyText = (): string => randomBytes(32).toString('base64')

function keyOf(text: string): Key {
  if (text.length < LEAST_KEY_CHARACTERS) {
    throw new SecretsError(
      `A key for secrets has at least ${LEAST_KEY_CHARACTERS} characters. Make one with: openssl rand -base64 32`,
    )
  }
  const bytes = Buffer.from(hkdfSync('sha256', text, '', 'faultline secrets', 32))
  return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 12), bytes }
}

/** None where there is no file. One key a line, the one that seals first. Only its owner may read it. */
function readKeyFile(file: string): Key[] {
  return keyTexts(file).map(keyOf)
}

export function keyTexts(file: string): string[] {
  let text: string
  try {
    if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600)
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw unusable(file, 'read', error)
  }
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

function makeKeyFile(file: string): void {
  const made = writeBeside(file, [newKeyText()])
  try {
    // whole or not at all, and never over a key of another process
    linkSync(made, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(file, 'written', error)
  } finally {
    rmSync(made, { force: true })
  }
}

/** Puts other keys in the place of those that are there, at once. */
export function replaceKeyFile(file: string, texts: readonly string[]): void {
  const made = writeBeside(file, texts)
  try {
    renameSync(made, file)
  } catch (error) {
    rmSync(made, { force: true })
    throw unusable(file, 'written', error)
  }
}

function writeBeside(file: string, texts: readonly string[]): string {
  const made = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  try {
    const at = openSync(made, 'wx', 0o600)
    try {
      writeSync(at, `${texts.join('\n')}\n`)
      fsyncSync(at)
    } finally {
      closeSync(at)
    }
    return made
  } catch (error) {
    rmSync(made, { force: true })
    throw unusable(file, 'written', error)
  }
}

function unusable(file: string, done: 'read' | 'written', error: unknown): SecretsError {
  return new SecretsError(
    `The key file ${file} can not be ${done} (${(error as Error).message}). Mend that, or set FAULTLINE_SECRET_KEY.`,
    { cause: error },
  )
}
