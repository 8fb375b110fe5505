import fastify from 'fastify'
import { expect, it } from 'vitest'
import { isProxyName } from '../../dashboard/access/proxies.js'

it.each(['127.0.0.1', '10.0.0.0/8', '2001:db8::/32', '::1', 'loopback', 'uniquelocal'])(
  'takes %s, and so does the framework',
  (name) => {
    expect(isProxyName(name)).toBe(true)
    expect(() => fastify({ trustProxy: [name] })).not.toThrow()
  },
)

it.each(['', 'proxy.example.com', '10.0.0.0/33', '10.0.0.0/', '10.0.0/8', '::1/129', '1.2.3.4/8/8', 'true', '*'])(
  'does not take "%s"',
  (name) => expect(isProxyName(name)).toBe(false),
)
