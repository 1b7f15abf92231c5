import { afterAll, expect, it } from 'vitest'
import { between, number, whole } from '../../../cli/commands/number-options.js'
import { collectParameter } from '../../../cli/runtime/read-parameters.js'
import { decimalOf, wholeOf } from '../../../contracts/decimal.js'
import { refusalOf } from '../../support/refusal-of.js'
import {
  flightsCsv,
  importDemand,
  importFlights,
  importShop,
  judgementsJson,
  ordersCsv,
  productsJson,
  removeSources,
} from './user-sources.js'

afterAll(removeSources)

const NONE = [
  '',
  ' ',
  '0x5',
  '0b11',
  '0o7',
  'Infinity',
  '-Infinity',
  'NaN',
  '1e999',
  '1_000',
  '1,5',
  '1 000',
  '5%',
  '١',
]

it('digits with a sign, a point and an exponent, and nothing else', () => {
  expect(NONE.map(decimalOf)).toEqual(NONE.map(() => Number.NaN))
  expect(['5', '+5', '-5.25', '.5', '5.', '1e3', '1E-3', '007'].map(decimalOf)).toEqual([
    5, 5, -5.25, 0.5, 5, 1_000, 0.001, 7,
  ])
  expect(['5.0', '9007199254740991', '9007199254740993', '1.5'].map(wholeOf)).toEqual([
    5,
    9_007_199_254_740_991,
    Number.NaN,
    Number.NaN,
  ])
})

const FORMS = ['0x5', '0b11', 'Infinity', '1e999']

it.each(FORMS)('%s is refused in files', async (text) => {
  const price = ordersCsv.replace(',2.5,', `,${text},`)
  expect(await refusalOf(importDemand(price))).toBe(`demand.csv row 1: Price is "${text}", which is not a number`)
  const quantity = ordersCsv.replace(',1,', `,${text},`)
  expect(await refusalOf(importDemand(quantity))).toBe(
    `demand.csv row 1: Quantity is "${text}", which is not a whole number`,
  )
  const delay = flightsCsv.replace(',700,', `,${text},`)
  expect(await refusalOf(importFlights(delay))).toBe(`flights.csv row 1: distance is "${text}", which is not a number`)
  expect(await refusalOf(importShop(productsJson, judgementsJson(text)))).toMatch(
    /^judgements\.json judgmentRatings\.0\.ratings\.0\.rating is /,
  )
})

it.each(FORMS)('%s is refused on the command line, and text as a parameter', (text) => {
  for (const option of [number(0, 10), whole(1), between(0, 10)]) expect(() => option(text)).toThrow('It must be')
  expect(collectParameter(`size=${text}`)).toEqual({ size: text })
})
