/** Where Logpush posts to. */
export const PATH_OF_LOGS = '/api/v1/logs'

/** Does a destination lead to this service? Its host and path count, not what is secret in it. */
export function leadsTo(destination: string, url: string): boolean {
  try {
    const [theirs, ours] = [new URL(destination), new URL(url)]
    return theirs.host === ours.host && theirs.pathname.endsWith(PATH_OF_LOGS)
  } catch {
    return false
  }
}
