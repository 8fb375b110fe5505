import { expect, it } from 'vitest'
import { logLineFor } from '../../../schema/command-line/log-line.js'

const AT = new Date(2026, 4, 20, 14, 5, 9).getTime()
const line = (fields: object, level = 30) =>
  logLineFor(`${JSON.stringify({ level, time: AT, pid: 1, hostname: 'vm', ...fields })}\n`, (style, text) =>
    style === 'dim' ? text : `<${style}>${text}`,
  )

it('is a sentence with what it is about, without what says nothing', () => {
  expect(line({ batch: '7', name: null, lines: 24, rejectedByReason: {}, msg: 'A batch is stored' })).toBe(
    '14:05:09 A batch is stored: batch 7, lines 24\n',
  )
  expect(line({ refused: { NO_TOKEN: 2 }, msg: 'More requests were refused' }, 40)).toBe(
    '14:05:09 <yellow>warning More requests were refused: refused {"NO_TOKEN":2}\n',
  )
})

it('of an error tells where it came from only where nobody foresaw it', () => {
  const err = { type: 'Error', message: 'The disk is full', stack: 'Error: The disk is full\n    at write' }
  expect(line({ err: { ...err, code: 'STORE_FULL' }, msg: err.message }, 50)).toBe(
    '14:05:09 <red>error The disk is full\n',
  )
  expect(line({ err, msg: err.message }, 50)).toBe(
    '14:05:09 <red>error The disk is full\nError: The disk is full\n    at write\n',
  )
})

it('is none where nothing is said', () => expect(line({ msg: '' })).toBe(''))
