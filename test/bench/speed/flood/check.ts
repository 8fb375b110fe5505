/** After a flood: is everything there, and once? */
import { rayId } from './lines.js'

/** What is stored is what was answered 200, and each of a sample is there once. */
export async function wrongAfter(
  url: string,
  { stored, duplicates, sample }: { stored: number; duplicates: number; sample: readonly number[] },
): Promise<string[]> {
  const json = async (path: string) => (await (await fetch(url + path)).json()) as { records: number & unknown[] }
  const wrong: string[] = []
  const { records } = await json('/readyz')
  if (records !== stored) wrong.push(`${records} records, ${stored} were answered`)
  if (duplicates > 0) wrong.push(`${duplicates} were answered as duplicates`)
  for (const first of sample) {
    const { length } = (await json(`/api/v1/records/${rayId(first)}`)).records ?? []
    if (length !== 1) wrong.push(`${rayId(first)} is there ${length} times`)
  }
  return wrong
}
