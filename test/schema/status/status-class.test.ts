import { expect, test } from 'vitest'
import { statusClassOf } from '../../../schema/status/status-class.js'

test.each([
  [200, '2xx'],
  [299, '2xx'],
  [301, '3xx'],
  [304, '3xx'],
  [400, '4xx'],
  [498, '4xx'],
  [499, '499'],
  [500, '5xx'],
  [530, '5xx'],
  [599, '5xx'],
  [0, 'other'],
  [100, 'other'],
  [103, 'other'],
  [199, 'other'],
  [600, 'other'],
  [999, 'other'],
  [-403, 'other'],
  [NaN, 'other'],
] as const)('%d is of class %s', (code, statusClass) => {
  expect(statusClassOf(code)).toBe(statusClass)
})
