/**
 * Text of a log line as it may be shown to people. A visitor chooses paths and user agents, so they can hold characters
 * that turn the reading direction around (U+202E makes `/nimda` of what is `/admin`), hide, or move a terminal's cursor.
 */

/** Controls, marks and controls of direction, invisible and zero-width characters, separators of lines; and the blanks that count as letters. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/gu

const named = (character: string): string =>
  `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`

/** Every character that cannot be seen, or changes how others are seen, by its name: `⟨U+202E⟩`. */
export const visible = (text: string): string => text.replace(HIDDEN, named)

/** What stays encoded in a path that is shown: its own signs, space and percent, without which two paths would look alike. */
const KEPT = /[\s%/?#;&=+]/

/** A path with its percent-encoding undone where that gives letters to read: `/caf%C3%A9` is `/café`, `/a%2Fb` stays. */
export function readablePath(path: string): string {
  return visible(
    path.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
      try {
        return [...decodeURIComponent(run)].map((c) => (KEPT.test(c) ? encodeURIComponent(c) : c)).join('')
      } catch {
        return run
      }
    }),
  )
}
