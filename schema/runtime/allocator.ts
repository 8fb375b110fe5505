/**
 * How glibc is to keep the memory of a service. By itself it keeps a part of it for each thread, in which what one gives back
 * another cannot have, and what lies free between things that are still needed: with uploads and questions at once a third of
 * all. It reads what it is told before the process begins, so that a service can only be told by whoever starts it, as the image
 * and the unit of systemd do, or begin anew.
 */
import { existsSync } from 'node:fs'

export const ALLOCATOR = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '4194304',
} as const

/** Since Node 22.15: the process goes on as another program, under its number and with its streams. */
type Execve = (file: string, args: readonly string[], env: NodeJS.ProcessEnv) => never

interface Beginning {
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
  execve: Execve | undefined
  isMusl: boolean
}

/** What the environment lacks; null: whoever starts it has said something himself, or it would change nothing here. */
export function lackingIn({ env, platform, execve, isMusl }: Beginning): typeof ALLOCATOR | null {
  if (platform !== 'linux' || isMusl || execve === undefined) return null
  const isTold = Object.keys(env).some((name) => /^(MALLOC_|GLIBC_TUNABLES$|LD_PRELOAD$)/.test(name))
  return isTold ? null : ALLOCATOR
}

/** To be called first of all: what was done before is done once more. Takes some 40 ms, or nothing where nothing is lacking. */
export function beginAnewIfLacking(): void {
  const { execve } = process as { execve?: Execve }
  const isMusl = ['x86_64', 'aarch64'].some((arch) => existsSync(`/lib/ld-musl-${arch}.so.1`))
  const lacking = lackingIn({ env: process.env, platform: process.platform, execve, isMusl })
  if (lacking === null) return
  const args = [process.execPath, ...process.execArgv, ...process.argv.slice(1)]
  try {
    execve?.(process.execPath, args, { ...process.env, ...lacking })
  } catch {
    // forbidden (--permission): it goes on as it is, with more memory
  }
}
