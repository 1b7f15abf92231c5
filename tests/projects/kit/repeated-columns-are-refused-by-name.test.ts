import { afterAll, beforeAll, expect, it } from 'vitest'
import { refusalOf } from '../../support/refusal-of.js'
import {
  flightsCsv,
  importDemand,
  importFlights,
  importPhotos,
  labelsCsv,
  ordersCsv,
  photoFolder,
  removeSources,
} from './user-sources.js'

afterAll(removeSources)

let photos: string
beforeAll(async () => {
  photos = await photoFolder()
}, 60_000)

/** A second column of the name, with another value in each row. */
const withColumn = (csv: string, name: string): string =>
  csv
    .trimEnd()
    .split('\n')
    .map((line, index) => `${line},${index === 0 ? name : '0'}`)
    .join('\n')

it('flights', async () => {
  expect(await refusalOf(importFlights(withColumn(flightsCsv, 'delay')))).toBe(
    'flights.csv has the column delay more than once, at places 2 and 6; remove or rename all but one',
  )
})

it('demand', async () => {
  expect(await refusalOf(importDemand(withColumn(ordersCsv, ' Quantity')))).toBe(
    'demand.csv has the column Quantity more than once, at places 4 and 9; remove or rename all but one',
  )
})

it('photo labels', async () => {
  expect(await refusalOf(importPhotos(photos, withColumn(labelsCsv(), 'damaged')))).toBe(
    'labels.csv has the column damaged more than once, at places 5 and 7; remove or rename all but one',
  )
})

it('columns without a name are no column twice', async () => {
  expect(await refusalOf(importDemand(withColumn(withColumn(ordersCsv, ''), '')))).toBe('accepted')
})
