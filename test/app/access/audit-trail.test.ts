import type { FastifyRequest } from 'fastify'
import { expect, it } from 'vitest'
import { createTrail } from '../../../dashboard/access/audit-trail.js'
import type { Audit, AuditEntry } from '../../../schema/store/ledger/audit.js'

it('whoever asks without end fills no disk: beyond a thousand an hour entries of a kind are one', async () => {
  const kept: Omit<AuditEntry, 'id'>[] = []
  const audit: Pick<Audit, 'append'> = { append: async (entries) => void kept.push(...entries) }
  let time = Date.parse('2026-05-20T10:00:00Z')
  const trail = createTrail(
    audit as Audit,
    (error) => {
      throw error
    },
    () => time,
  )
  const request = { who: { name: 'reader', role: 'read' }, ip: '192.0.2.1' } as FastifyRequest
  const note = (action: string, target: string) => trail.note(request, { action, target, outcome: 'done' })

  for (let i = 0; i < 1_050; i++) note('batch.rejected', String(i))
  note('rule.delete', 'a rule')
  await trail.flush()
  const of = (action: string) => kept.filter((entry) => entry.action === action)
  expect(of('batch.rejected')).toHaveLength(1_001)
  expect(of('batch.rejected').at(-1)).toMatchObject({ actor: 'reader', target: null, detail: { times: 50 } })
  // neither what else is done
  expect(of('rule.delete')).toMatchObject([{ target: 'a rule', detail: {} }])

  time += 3_600_000
  note('batch.rejected', 'in the next hour')
  await trail.close()
  expect(of('batch.rejected').at(-1)).toMatchObject({ target: 'in the next hour' })
})
