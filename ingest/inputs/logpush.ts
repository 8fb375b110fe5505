/** Logpush's posts come from Go's HTTP client; a browser or curl names itself. */
import type { PostedInput } from './input.js'

export const logpush: PostedInput = {
  kind: 'posted',
  isSender: (headers) => /Go-http-client|cloudflare|logpush/i.test(headers['user-agent'] ?? ''),
}
