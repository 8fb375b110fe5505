import { expect, it } from 'vitest'
import { Turns } from '../../../schema/runtime/turns.js'

it('serves senders in turn, each in its own order, whatever one of them sends', () => {
  const turns = new Turns<string>()
  for (let n = 1; n <= 4; n++) turns.add('greedy', `g${n}`)
  turns.add('modest', 'm1')
  expect([turns.next(), turns.next(), turns.next()]).toEqual(['g1', 'm1', 'g2'])
  turns.add('late', 'l1')
  turns.add('modest', 'm2')
  expect(turns.size).toBe(4)
  expect(turns.all()).toEqual(['g3', 'l1', 'm2', 'g4'])
  expect([turns.size, turns.next()]).toEqual([0, undefined])
})
