/** What commands print. Text of others in it has gone through `shown`; whatever was forgotten is caught here. */
import { styleText } from 'node:util'
import { shown, shownJson } from './shown.js'

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'
export type Paint = (style: Style, text: string) => string

/**
 * Whether a stream shows colours: a terminal that can, unless NO_COLOR is set; FORCE_COLOR asks for them elsewhere too.
 * (https://no-color.org, https://force-color.org)
 */
export function hasColours(
  stream: { isTTY?: boolean; hasColors?(env?: object): boolean },
  environment: { readonly [name: string]: string | undefined } = process.env,
): boolean {
  if (environment.NO_COLOR) return false
  const forced = environment.FORCE_COLOR
  if (forced) return forced !== '0' && forced !== 'false'
  return stream.isTTY === true && (stream.hasColors?.(environment) ?? false)
}

const plain: Paint = (_style, text) => text
const coloured: Paint = (style, text) => styleText(style, text, { validateStream: false })

/** How words are coloured for a stream: as they are where it shows no colours. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  return hasColours(stream) ? coloured : plain
}

/** The only escape sequences that we print: those of `Paint`. */
// oxlint-disable-next-line no-control-regex
const OURS = /(\x1b\[\d{1,2}m)/

/** Prints lines of ours. */
export function print(text: string, stream: NodeJS.WriteStream = process.stdout): void {
  const keep = hasColours(stream)
  const line = (one: string) =>
    keep
      ? one
          .split(OURS)
          .map((piece, i) => (i % 2 === 1 ? piece : shown(piece)))
          .join('')
      : shown(one)
  stream.write(text.split('\n').map(line).join('\n'))
}

/** Prints one JSON document. */
export function printJson(value: unknown): void {
  process.stdout.write(`${shownJson(JSON.stringify(value, null, 2))}\n`)
}
