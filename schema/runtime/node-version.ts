/**
 * Which Node runs this: the oldest of each older line that does; package.json says the same under `engines`. This file
 * imports nothing, since what others import an old Node may not even know.
 */
const OLDEST = [
  { major: 20, minor: 19 },
  { major: 22, minor: 14 },
] as const

/** Null if this Node will do, else a sentence on what is needed. */
export function nodeProblem(version: string): string | null {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number)
  const enough = OLDEST.some((oldest) => major === oldest.major && minor >= oldest.minor) || major >= 24
  if (enough) return null
  return `Faultline runs on Node 24 or newer, on 22 from 22.14 and on 20 from 20.19; this is ${version}. Get one from https://nodejs.org, or choose another with your version manager.`
}
