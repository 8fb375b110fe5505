/** Every input, in the order in which a post is asked whose it is. */
import type { IncomingHttpHeaders } from 'node:http'
import { INPUTS as WORDS, type InputName } from '../../schema/words/inputs.js'
import { bucket } from './bucket/index.js'
import { file } from './files.js'
import { folder } from './folder/index.js'
import type { Input } from './input.js'
import { logpull } from './logpull/index.js'
import { logpush } from './logpush.js'
import { simulate } from './demo.js'
import { stdin } from './stdin.js'
import { upload } from './upload.js'

export const INPUTS = { logpush, upload, file, stdin, simulate, logpull, bucket, folder } as const satisfies {
  [name in InputName]: Input
}

const POSTED = (Object.keys(INPUTS) as InputName[]).flatMap((name) => {
  const input: Input = INPUTS[name]
  return input.kind === 'posted' ? [{ name, isSender: input.isSender }] : []
})

/** Under which names logs can be posted. */
export const POSTED_NAMES: readonly InputName[] = WORDS.map(({ name }) => name).filter((name) =>
  POSTED.some((input) => input.name === name),
)

/** Whose post it is, by its headers. */
export function postedBy(headers: IncomingHttpHeaders): InputName {
  return POSTED.find(({ isSender }) => isSender(headers))?.name ?? 'upload'
}
