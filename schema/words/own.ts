/** What an object itself has under a name that somebody wrote: `constructor` is no name of anything. */
export const own = <T>(from: { readonly [name: string]: T }, name: string): T | undefined =>
  Object.hasOwn(from, name) ? from[name] : undefined
