/** The file of inputs: what it gives, and what is said of mistakes. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parseInputs } from '../../../ingest/inputs-file.js'
import { ZONE } from './logpull-server.js'

const SECRET = 'a-secret-of-somebody'
const environment = { CLOUDFLARE_TOKEN: SECRET }
const parse = (text: string) => parseInputs(text, environment)

it('names jobs, with their secrets from variables and files', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'faultline-inputs-')), 'token')
  writeFileSync(file, `${SECRET}-2\n`)
  const { jobs, problems } = parse(`
inputs:
  - type: logpull
    zone: ${ZONE}
    token: { env: CLOUDFLARE_TOKEN }
    sampleRate: 0.1
  - type: logpull
    zone: ${ZONE.replace('0', 'f')}
    token:
      file: ${file}
    fields: [RayID, EdgeStartTimestamp, EdgeResponseStatus]
    window: 5m
`)
  expect(problems).toEqual([])
  expect(jobs.map(({ name, settings }) => [name, (settings as { token: string }).token])).toEqual([
    ['logpull', SECRET],
    ['logpull', `${SECRET}-2`],
  ])
  expect(jobs[0].input.reading?.(jobs[0].settings as never)).toEqual({ weight: 10, fields: {} })
})

it.each([
  ['inputs: [', [/line 1: no YAML/]],
  ['inputs:', [/"inputs" is missing: a list/]],
  ['input: []', [/"inputs" is missing/]],
  ['inputs:\n  - zone: abc', [/line 2: inputs\[0\]: "type" is missing. It is one of .*logpull/]],
  ['inputs:\n  - type: logpul', [/line 2: inputs\[0\]\.type: "logpul" is no type. Did you mean "logpull"\?/]],
  [
    `inputs:\n  - type: logpull\n    zone: abc\n    tokn: x\n    sampleRate: 2\n    window: soon`,
    [
      /line 2: inputs\[0\]: "token" is missing: API token with the permission "Logs Read"/,
      /line 4: inputs\[0\]\.tokn: "tokn" is not known here. Did you mean "token"\?/,
      /line 3: inputs\[0\]\.zone: is not right, not "abc". Id of the zone: 32 hexadecimal digits/,
      /line 5: inputs\[0\]\.sampleRate: must be <= 1, not "2". Share of the requests/,
      /line 6: inputs\[0\]\.window: .*not "soon"/,
    ],
  ],
  [
    `inputs:\n  - type: logpull\n    zone: ${ZONE}\n    token: ${SECRET}`,
    [/line 4: inputs\[0\]\.token: a secret is not written here: give \{ env: NAME \} or \{ file: PATH \}/],
  ],
  [
    `inputs:\n  - type: logpull\n    zone: ${ZONE}\n    token: { env: NOBODY }`,
    [/line 4: inputs\[0\]\.token: the variable NOBODY is not set/],
  ],
  [
    `inputs:\n  - type: logpull\n    zone: ${ZONE}\n    token: { file: /no/such/file }`,
    [/line 4: inputs\[0\]\.token: the file can not be read: .*\/no\/such\/file/],
  ],
  [
    `inputs:\n  - type: logpull\n    zone: ${ZONE}\n    from: yesterday\n    token: { env: CLOUDFLARE_TOKEN }`,
    [/line 4: inputs\[0\]\.from: "from" must be a time .*not "yesterday"/],
  ],
  [
    `inputs:\n  - type: bucket\n    url: https://logs.example.com/\n    accessKeyId: { env: CLOUDFLARE_TOKEN }\n    secretAccessKey: { env: CLOUDFLARE_TOKEN }`,
    [/line 3: inputs\[0\]\.url: is not right.*Bucket and prefix, like s3:/],
  ],
  [
    `inputs:\n  - type: bucket\n    url: r2://logs/{DATE}/\n    accessKeyId: { env: CLOUDFLARE_TOKEN }\n    secretAccessKey: { env: CLOUDFLARE_TOKEN }\n    fields: { Colour: red }`,
    [/line 3: inputs\[0\]\.url: r2:\/\/ needs "account"/, /line 6: inputs\[0\]\.fields: "Colour" is no field/],
  ],
  [
    `inputs:${`\n  - type: logpull\n    zone: ${ZONE}\n    token: { env: CLOUDFLARE_TOKEN }`.repeat(2)}`,
    [/line 5: inputs\[1\]: inputs\[0\] fetches .* already/],
  ],
])('of %j says what is wrong, all of it, and no secret', (text, says) => {
  const { jobs, problems } = parse(text)
  expect(jobs.length).toBeLessThanOrEqual(says.length - 1 || 1)
  for (const pattern of says) expect(problems.join('\n')).toMatch(pattern)
  expect(problems).toHaveLength(says.length)
  expect(problems.join()).not.toContain(SECRET)
})
