/** What most starts can do without, loaded or made where it is first asked for and cannot be waited for. */
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** `name`: a package that `require` can load, with the type of what it gives. */
export const lazily = <Loaded>(name: string): (() => Loaded) => once(() => require(name) as Loaded)

/** What is made when it is first asked for. */
export function once<Made>(make: () => Made): () => Made {
  let made: Made | undefined
  return () => (made ??= make())
}

/** Half of the service's files of settings are in it, and most services have none of them. */
export const yaml = lazily<typeof import('yaml')>('yaml')
