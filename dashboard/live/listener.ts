/**
 * One open page. It gets the newest of each kind, never a queue: what it is too slow to read is replaced by what comes after,
 * and a page that reads nothing at all is dropped. It connects again by itself, and asks for what it missed.
 */
import type { ServerResponse } from 'node:http'
import type { LiveEvent } from './hub.js'

export interface ListenerLimits {
  /** At least this far apart, ms: a page can't redraw more often anyway. */
  sendEveryMs: number
  /** Keeps proxies from closing a quiet connection, ms. */
  heartbeatMs: number
  /** A listener that has not read what was written to it for so long is dropped, ms. */
  stalledMs: number
  /** Events that wait for a listener; beyond, the oldest goes. */
  mostWaiting: number
}

export const LISTENER_LIMITS: ListenerLimits = {
  sendEveryMs: 250,
  heartbeatMs: 20_000,
  stalledMs: 15_000,
  mostWaiting: 16,
}

/** Characters that are written at once. */
const ONE_WRITE = 8_192

export interface Listener {
  tell(event: LiveEvent): void
  close(): void
}

/** Writes to `out`, whose head was sent, until it closes. */
export function createListener(out: ServerResponse, limits: ListenerLimits): Listener {
  const waiting = new Map<string, LiveEvent>()
  let timer: NodeJS.Timeout | undefined
  let stalled: NodeJS.Timeout | undefined

  /** False: the listener has something to read first. What Node holds for it stays below one event and 24 KiB. */
  function write(text: string): boolean {
    if (stalled || out.destroyed) return false
    if (!out.write(text)) {
      stalled = setTimeout(() => out.destroy(), limits.stalledMs)
      out.once('drain', () => {
        clearTimeout(stalled)
        stalled = undefined
        send()
      })
    }
    return true
  }

  function send(): void {
    timer = undefined
    while (waiting.size > 0) {
      if (stalled || out.destroyed) return
      // in one go: hundreds of batches a second would be as many packets for every open page
      let text = ''
      for (const [key, event] of waiting) {
        if (text.length >= ONE_WRITE) break
        text += textOf(event)
        waiting.delete(key)
      }
      write(text)
    }
  }

  const heartbeat = setInterval(() => write(': still here\n\n'), limits.heartbeatMs)
  out.once('close', () => {
    clearInterval(heartbeat)
    clearTimeout(timer)
    clearTimeout(stalled)
    waiting.clear()
  })
  write('retry: 2000\n\n')

  return {
    tell(event) {
      const key = event.name === 'batch' ? `batch ${event.value.id}` : event.name
      waiting.delete(key)
      waiting.set(key, event)
      if (waiting.size > limits.mostWaiting) waiting.delete(waiting.keys().next().value as string)
      timer ??= setTimeout(send, limits.sendEveryMs)
    },
    close: () => out.end(),
  }
}

/** Every listener gets the same text: it is made once. */
const texts = new WeakMap<LiveEvent, string>()

function textOf(event: LiveEvent): string {
  let text = texts.get(event)
  if (text === undefined) {
    text = `event: ${event.name}\ndata: ${JSON.stringify(event.value)}\n\n`
    texts.set(event, text)
  }
  return text
}
