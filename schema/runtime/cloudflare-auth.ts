/**
 * How Cloudflare's API is told who asks: by a token, or, where somebody still has one, by the key of an account, written
 * `you@example.com:KEY`. https://developers.cloudflare.com/fundamentals/api/get-started/keys/
 */

/** A mail address has an @, which no token has; the key is 37 hexadecimal digits, longer ones begin with `cf`. */
const EMAIL_AND_KEY = /^([^\s:@]+@[^\s:@]+):([\w-]{30,})$/

export function cloudflareAuth(token: string): { [header: string]: string } {
  const [, email, key] = EMAIL_AND_KEY.exec(token.trim()) ?? []
  return email === undefined
    ? { authorization: `Bearer ${token.trim()}` }
    : { 'x-auth-email': email, 'x-auth-key': key }
}
