import { expect, test } from 'vitest'
import { clientReader } from '../../../analyze/spikes/clients.js'

test('whoever had some 404 this hour is new to a limit that hits it now, and counts once a minute and code', () => {
  const reader = clientReader()
  const read = (minute: number, code: string) => reader.read(minute, code, 'www.example.com', 77, 1, 1).site
  expect(read(0, '404 origin')).toEqual({ heads: 1, newcomers: 1 })
  expect(read(5, '404 origin')).toEqual({ heads: 1, newcomers: 0 })
  expect(read(20, '429 origin')).toEqual({ heads: 1, newcomers: 1 })
  expect(read(20, '429 origin')).toEqual({ heads: 0, newcomers: 0 })
  expect(read(21, '429 origin')).toEqual({ heads: 1, newcomers: 0 })
  expect(read(21, '404 origin')).toEqual({ heads: 1, newcomers: 0 })
  // an hour without it makes it new again, however often it had the other meanwhile
  for (let minute = 30; minute <= 90; minute += 15) read(minute, '404 origin')
  expect(read(91, '429 origin')).toEqual({ heads: 1, newcomers: 1 })
})
