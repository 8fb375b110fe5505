/** What stands for itself in the address of a store is written with %: so is a % of a password. */
export function decodedPart(text: string, refuse: (why: string) => Error): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw refuse('a % in it is not followed by two hexadecimal digits (a % itself is written %25)')
  }
}
