/** Texts at rest: AES-256-GCM under a key that is named in what it makes. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { SecretsError, type Keys } from './keys.js'

const FORM = /^v1\.([0-9a-f]{12})\.([\w-]+)\.([\w-]+)\.([\w-]*)$/
const IV_BYTES = 12

/** `about`: to whom it belongs. What is moved to somebody else opens no more. */
export function seal(text: string, about: string, keys: Keys): string {
  const { id, bytes } = keys.current()
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', bytes, iv)
  cipher.setAAD(Buffer.from(about))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return ['v1', id, ...[iv, cipher.getAuthTag(), sealed].map((part) => part.toString('base64url'))].join('.')
}

/** Throws a SecretsError that says what to do. */
export function open(sealed: string, about: string, keys: Keys): string {
  const [, id, iv, tag, text] = FORM.exec(sealed) ?? []
  const find = () => keys.all().find((key) => key.id === id)
  let key = find()
  if (!key) {
    keys.reload()
    key = find()
  }
  if (!key) {
    throw new SecretsError(
      'They were sealed with a key that is not here. Set FAULTLINE_SECRET_KEY to it, put the key file back, or give the secrets again.',
    )
  }
  try {
    const decipher = createDecipheriv('aes-256-gcm', key.bytes, Buffer.from(iv, 'base64url'), { authTagLength: 16 })
    decipher.setAAD(Buffer.from(about))
    decipher.setAuthTag(Buffer.from(tag, 'base64url'))
    return Buffer.concat([decipher.update(Buffer.from(text, 'base64url')), decipher.final()]).toString('utf8')
  } catch (error) {
    throw new SecretsError('They were changed since they were sealed. Give the secrets again.', { cause: error })
  }
}

/** Was it sealed with the key that seals now? */
export const isCurrent = (sealed: string, keys: Keys): boolean => FORM.exec(sealed)?.[1] === keys.current().id
