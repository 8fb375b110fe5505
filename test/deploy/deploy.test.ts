/** Files for running Faultline: read by the tools that they are for, and true of what they name. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { ROLES_OF_NODES } from '../../schema/words/node-roles.js'
import { serverPlace } from '../../schema/clickhouse/url.js'
import { wordsOf } from '../../schema/command-line/option.js'
import { SETTINGS } from '../../schema/command-line/settings.js'
import { packageRoot } from '../../schema/runtime/package-root.js'
import { needs } from '../needs.js'

const deploy = new URL('deploy/', packageRoot)
const read = (path: string) => readFileSync(new URL(path, packageRoot), 'utf8')
const path = (name: string) => fileURLToPath(new URL(name, deploy))

const run = (program: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  return { status, said: `${stdout}${stderr}` }
}

interface Service {
  profiles?: string[]
  environment?: { [name: string]: string }
  volumes?: string[]
  depends_on?: string[] | object
  ports?: string[]
}
const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  services: { [name: string]: Service }
  volumes: object
}
const cluster = Object.entries(compose.services).filter(([, one]) => one.profiles?.includes('cluster'))
const named = (pattern: RegExp) => cluster.map(([name]) => name).filter((name) => pattern.test(name))

it('every setting that is named is one of ours', () => {
  const known = Object.values(SETTINGS).flatMap((schema) => {
    const { variable } = wordsOf(schema)
    return [variable ?? '', `${variable}_FILE`]
  })
  const files = readdirSync(deploy, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(md|yaml|service|cfg|xml)$/.test(name),
  )
  const texts = [...files.map((name) => read(`deploy/${name}`)), read('docker-compose.yml')]
  const used = new Set(texts.flatMap((text) => text.match(/FAULTLINE_[A-Z_]*[A-Z]/g) ?? []))
  expect([...used].filter((name) => !known.includes(name))).toEqual([])
  expect(used.size).toBeGreaterThan(8)
})

it('the cluster of docker-compose.yml is what its documentation draws', () => {
  const drawn = /```\nLogpush[^]*?```/.exec(read('deploy/README.md'))?.[0] as string
  const expected = [...drawn.matchAll(/ingest-\d|web-\d|clickhouse-\d-\d|keeper|balancer/g)].map(([name]) => name)
  expect(named(/./).sort()).toEqual([...new Set([...expected, 'postgres'])].sort())
  for (const [name, { environment }] of cluster)
    if (environment?.FAULTLINE_ROLE)
      expect([
        ROLES_OF_NODES.includes(environment.FAULTLINE_ROLE as never),
        name.startsWith(environment.FAULTLINE_ROLE),
      ]).toEqual([true, true])
})

it('its store names all servers, its ledger PostgreSQL, with users and passwords that those have', () => {
  const { environment: node } = compose.services['ingest-1']
  const server = compose.services['clickhouse-1-1'].environment
  const { environment: postgres } = compose.services.postgres
  const place = serverPlace(node?.FAULTLINE_STORE as string, {
    ...node,
    FAULTLINE_CLICKHOUSE_PASSWORD: 'a',
    FAULTLINE_LEDGER_PASSWORD: 'b',
  })
  expect(place.hosts).toEqual(named(/^clickhouse-/).map((name) => `http://${name}:8123`))
  expect([place.user, place.database]).toEqual([server?.CLICKHOUSE_USER, 'faultline'])
  expect(place.cluster).toEqual({ name: 'faultline', sharded: true })
  expect(place.ledger).toMatchObject({ kind: 'postgres' })
  const ledger = new URL(node?.FAULTLINE_LEDGER as string)
  expect([ledger.hostname, ledger.username, ledger.pathname]).toEqual([
    'postgres',
    postgres?.POSTGRES_USER,
    `/${postgres?.POSTGRES_DB}`,
  ])
  expect(server?.CLICKHOUSE_PASSWORD).toBe(node?.FAULTLINE_CLICKHOUSE_PASSWORD)
  expect(postgres?.POSTGRES_PASSWORD).toBe(node?.FAULTLINE_LEDGER_PASSWORD)
})

it('what its services mount and wait for is there', () => {
  for (const [name, { volumes = [], depends_on: before = [] }] of cluster) {
    for (const volume of volumes) {
      const [from] = volume.split(':')
      if (from.startsWith('./')) expect(read(from.slice(2)), name).not.toBe('')
      else expect(Object.keys(compose.volumes), name).toContain(from)
    }
    for (const other of Array.isArray(before) ? before : Object.keys(before))
      expect(Object.keys(compose.services)).toContain(other)
  }
})

it('ClickHouse is told of each server once, in two shards, and each server which one it is', () => {
  const text = read('deploy/clickhouse/cluster.xml')
  const shards = [...text.matchAll(/<shard>([^]*?)<\/shard>/g)].map(([, inside]) =>
    [...inside.matchAll(/<host>(.*?)<\/host>/g)].map(([, host]) => host),
  )
  expect(shards).toEqual([
    ['clickhouse-1-1', 'clickhouse-1-2'],
    ['clickhouse-2-1', 'clickhouse-2-2'],
  ])
  shards.forEach((replicas, i) => {
    for (const replica of replicas) {
      const { environment } = compose.services[replica]
      expect([environment?.CLICKHOUSE_SHARD, environment?.CLICKHOUSE_REPLICA]).toEqual([`${i + 1}`, replica])
    }
  })
  // what it takes from the environment, the environment has
  for (const [, name] of text.matchAll(/from_env="(\w+)"/g))
    expect(compose.services['clickhouse-2-2'].environment).toHaveProperty(name)
  const keeper = read('deploy/clickhouse/keeper.xml')
  expect(/<zookeeper>[^]*<port>(\d+)</.exec(text)?.[1]).toBe(/<tcp_port>(\d+)</.exec(keeper)?.[1])
})

it.each(['cluster.xml', 'keeper.xml'])('%s is well-formed', async (name) => {
  const open: string[] = []
  const text = read(`deploy/clickhouse/${name}`).replaceAll(/<!--(?:(?!--)[^])*-->/g, '')
  for (const [, end, tag, self] of text.matchAll(/<(\/?)([\w:]+)(?:\s+\w+="[^"<]*")*\s*(\/?)>/g)) {
    if (end) expect(open.pop()).toBe(tag)
    else if (!self) open.push(tag)
  }
  expect(open).toEqual([])
  expect(text.replaceAll(/<\/?[\w:]+(?:\s+\w+="[^"<]*")*\s*\/?>/g, '')).not.toMatch(/[<>]/)
})

it.skipIf(!needs('haproxy', 'haproxy'))('HAProxy takes its file, and its servers are the nodes', () => {
  expect(run('haproxy', '-c', '-f', path('haproxy.cfg'))).toMatchObject({ status: 0 })
  const servers = [...read('deploy/haproxy.cfg').matchAll(/^\s+server (\S+) (\S+):8080/gm)].map(([, name, host]) => [
    name,
    host,
  ])
  expect(servers).toEqual(named(/^(ingest|web)-/).map((name) => [name, name]))
})

it.skipIf(!needs('systemd-analyze', 'systemd'))('systemd takes the unit', () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-unit-'))
  try {
    const unit = join(folder, 'faultline.service')
    const text = read('deploy/faultline.service')
    expect(text).toContain('ExecStart=/usr/local/bin/faultline serve\n')
    // the program is not installed here
    writeFileSync(unit, text.replace('/usr/local/bin/faultline', '/bin/true'))
    expect(run('systemd-analyze', 'verify', unit)).toEqual({ status: 0, said: '' })
  } finally {
    rmSync(folder, { recursive: true })
  }
})

interface Manifest {
  kind: string
  metadata: { name: string }
  spec?: any // oxlint-disable-line typescript/no-explicit-any
  data?: { [name: string]: string }
}
const manifests = readdirSync(new URL('kubernetes/', deploy))
  .filter((name) => name !== 'kustomization.yaml')
  .flatMap((name) =>
    parseAllDocuments(read(`deploy/kubernetes/${name}`)).map((document) => {
      expect(document.errors).toEqual([])
      return document.toJS() as Manifest
    }),
  )
const ofKind = (kind: string) => manifests.filter((one) => one.kind === kind)

it('on Kubernetes what is named is there: files, labels, ports, secrets, settings', () => {
  const { resources } = parse(read('deploy/kubernetes/kustomization.yaml')) as { resources: string[] }
  expect([...resources, 'kustomization.yaml'].sort()).toEqual(readdirSync(new URL('kubernetes/', deploy)).sort())
  const [settings] = ofKind('ConfigMap')
  const deployments = ofKind('Deployment')
  expect(deployments.map((one) => one.metadata.name)).toEqual(['faultline-ingest', 'faultline-web'])
  for (const { metadata, spec } of deployments) {
    const pod = spec.template
    const [container] = pod.spec.containers
    expect(pod.metadata.labels).toEqual(spec.selector.matchLabels)
    expect(container.env).toEqual([{ name: 'FAULTLINE_ROLE', value: metadata.name.replace('faultline-', '') }])
    expect(container.envFrom[0].configMapRef.name).toBe(settings.metadata.name)
    expect(container.volumeMounts.map((m: { name: string }) => m.name)).toEqual(
      pod.spec.volumes.map((v: { name: string }) => v.name),
    )
    expect(read('deploy/README.md')).toContain(`create secret generic ${container.envFrom[1].secretRef.name}`)
    for (const kind of ['Service', 'PodDisruptionBudget']) {
      const beside = ofKind(kind).find((one) => one.metadata.name === metadata.name)
      expect(beside?.spec.selector.matchLabels ?? beside?.spec.selector).toEqual(pod.metadata.labels)
    }
  }
  const place = serverPlace(settings.data?.FAULTLINE_STORE as string, {
    ...settings.data,
    FAULTLINE_LEDGER_PASSWORD: 'b',
  })
  expect([place.cluster?.sharded, place.ledger]).toMatchObject([true, { kind: 'postgres' }])
  const [ingress] = ofKind('Ingress')
  const services = ofKind('Service').map((one) => one.metadata.name)
  for (const { backend } of ingress.spec.rules[0].http.paths) expect(services).toContain(backend.service.name)
})

it.skipIf(spawnSync('kubectl', ['version', '--client']).status !== 0)('kustomize puts them together', () => {
  const { status, said } = run('kubectl', 'kustomize', path('kubernetes'))
  expect(status).toBe(0)
  expect(parseAllDocuments(said)).toHaveLength(manifests.length)
  expect(said).toContain('image: faultline:0.1.0')
})
