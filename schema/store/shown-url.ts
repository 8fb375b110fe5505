/** A store's URL as it may be shown: on the screen, in the log, in an error. */

const HIDDEN = '***'
const SECRET_NAME = /pass|pwd|secret|token|credential|auth|key|signature/i

/**
 * Hides the password of `scheme://user:password@host` and the values of parameters that sound like a secret. Reads the text
 * and does not parse it: what is mistyped, or names several hosts, is shown as safely. Where it can't tell it hides more.
 */
export function shownUrl(url: string): string {
  return withoutPassword(url.replaceAll(/([?&#;])([^=?&#;]*)=([^?&#;]*)/g, withoutSecret))
}

function withoutSecret(parameter: string, mark: string, name: string): string {
  return SECRET_NAME.test(decoded(name)) ? `${mark}${name}=${HIDDEN}` : parameter
}

/** Everything up to the last @ belongs to the user: an unescaped @, / or ? in a password must not give the rest away. */
function withoutPassword(url: string): string {
  const start = url.indexOf('://') + 3
  const at = url.lastIndexOf('@')
  // scheme:///path has no user, nor has scheme:path
  if (start < 3 || at < start || url[start] === '/') return url
  const [user, ...rest] = url.slice(start, at).split(':')
  return `${url.slice(0, start)}${user}${rest.length > 0 ? `:${HIDDEN}` : ''}${url.slice(at)}`
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
