/** docker-compose.yml says how to run on ClickHouse: what it says is what the store takes. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { serverPlace } from '../../schema/clickhouse/url.js'
import { packageRoot } from '../../schema/runtime/package-root.js'

const text = readFileSync(new URL('docker-compose.yml', packageRoot), 'utf8')
interface Service {
  profiles?: string[]
  environment: { [name: string]: string }
  volumes: string[]
}
const { services, volumes } = parse(text, { merge: true }) as { services: { [name: string]: Service }; volumes: object }

it('SQLite is what it starts by itself', () => {
  const plain = Object.entries(services).filter(([, { profiles }]) => profiles === undefined)
  expect(plain.map(([name]) => name)).toEqual(['faultline'])
  expect(services.faultline.environment.FAULTLINE_STORE).toContain(':-sqlite:/data/')
})

it('the store that its profile names is the server beside it, with user, database and password', () => {
  const url = /FAULTLINE_STORE='([^']+)'/.exec(text)?.[1] as string
  const { environment, profiles } = services.clickhouse
  const place = serverPlace(url, { FAULTLINE_CLICKHOUSE_PASSWORD: 'a' })
  expect(profiles).toEqual(['clickhouse'])
  expect([place.hosts, place.user, place.database, place.password]).toEqual([
    ['http://clickhouse:8123'],
    environment.CLICKHOUSE_USER,
    environment.CLICKHOUSE_DB,
    'a',
  ])
  expect(environment.CLICKHOUSE_PASSWORD).toBe(services.faultline.environment.FAULTLINE_CLICKHOUSE_PASSWORD)
  // the ledger outlives the container
  expect(place.ledger).toMatchObject({ kind: 'sqlite', path: expect.stringMatching(/^\/data\//) })
  expect(services.faultline.volumes).toContain('faultline-data:/data')
  for (const service of [services.faultline, services.clickhouse])
    for (const volume of service.volumes) expect(Object.keys(volumes)).toContain(volume.split(':')[0])
})
