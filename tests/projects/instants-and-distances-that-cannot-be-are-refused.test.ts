import { expect, it } from 'vitest'
import { inputSchema as eta } from '../../projects/eta/input-schema.js'
import { inputSchema as forecast } from '../../projects/forecast/input-schema.js'
import { dayField, instantField } from '../../projects/kit.js'

const RANGE = 'it must be in the years 1970 to 9999'
const flight = { scheduled: Date.UTC(2001, 2, 10), carrier: 'AA', origin: 'JFK', destination: 'BOS', distance: 187 }
const demand = {
  series: 's',
  day: '2024-03-11',
  ahead: 7,
  promoted: false,
  recent: [1],
  promotedDaysAgo: [],
  lastYear: [],
}

it.each([
  ['scheduled', 9e15, undefined],
  ['scheduled', 8.64e15, RANGE],
  ['scheduled', Date.UTC(10_000, 0), RANGE],
  ['scheduled', -1, RANGE],
  ['distance', 1e-300, 'Too small: expected number to be >=1'],
])('a flight with %s %d is refused by field', (field, value, message) => {
  expect(eta.safeParse(flight).success).toBe(true)
  const issues = eta.safeParse({ ...flight, [field]: value }).error?.issues ?? []
  expect(issues.map(({ path }) => path)).toEqual([[field]])
  if (message !== undefined) expect(issues[0]?.message).toBe(message)
})

it.each(['1969-12-31', '0001-01-01', '2013-02-30', '10000-01-01'])('a forecast of %s is refused by field', (day) => {
  expect(forecast.safeParse(demand).success).toBe(true)
  expect(forecast.safeParse({ ...demand, day }).error?.issues[0]?.path).toEqual(['day'])
})

it('the first and the last instant are taken', () => {
  for (const at of [0, Date.UTC(9999, 11, 31, 23, 59, 59, 999)]) expect(instantField.safeParse(at).success).toBe(true)
  for (const day of ['1970-01-01', '9999-12-31']) expect(dayField.safeParse(day).success).toBe(true)
})
