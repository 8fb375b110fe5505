/** A service that nobody has told how to keep its memory tells itself, where that is possible. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { ALLOCATOR, lackingIn } from '../../../schema/runtime/allocator.js'
import { listening, newFolder, start } from '../../main/command.js'

const HERE = { env: {}, platform: 'linux', execve: () => undefined as never, isMusl: false } as const

it('is told where nobody has said anything', () => {
  expect(lackingIn(HERE)).toBe(ALLOCATOR)
  for (const env of [{ MALLOC_ARENA_MAX: '8' }, { GLIBC_TUNABLES: 'x' }, { LD_PRELOAD: '/usr/lib/libjemalloc.so.2' }])
    expect(lackingIn({ ...HERE, env })).toBeNull()
  for (const other of [{ platform: 'darwin' }, { isMusl: true }, { execve: undefined }] as const)
    expect(lackingIn({ ...HERE, ...other })).toBeNull()
})

it.each(['Dockerfile', 'deploy/faultline.service'])('%s says the same', (file) => {
  const told = readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8').match(/MALLOC_\w+=\d+/g) ?? []
  expect(Object.fromEntries(told.map((one) => one.split('=')))).toEqual(ALLOCATOR)
})

const canBeginAnew = process.platform === 'linux' && 'execve' in process

it(`goes on under the same number, ${canBeginAnew ? 'with what it lacked' : 'as it is where this Node cannot begin anew'}`, async () => {
  const child = start(['serve', '--port', '0', '--store', `sqlite:${newFolder()}/faultline.sqlite`])
  await listening(child)
  const environment = process.platform === 'linux' ? readFileSync(`/proc/${child.pid}/environ`, 'utf8') : ''
  const told = environment.split('\0').filter((one) => one.startsWith('MALLOC_'))
  expect(told.sort()).toEqual(
    canBeginAnew
      ? Object.entries(ALLOCATOR)
          .map((one) => one.join('='))
          .sort()
      : [],
  )
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  expect((await gone)[0]).toBe(0)
})
