import { expect, it } from 'vitest'
import { rateOf } from '../../projects/eta/features/rates.js'
import { rateIn } from '../../projects/ranking/features/feed.js'
import { decide, loss } from '../../projects/ranking/model/slate.js'
import { actionPolicy } from '../../projects/ranking/policy.js'

const NAMES = ['toString', 'valueOf', 'constructor', '__proto__', 'hasOwnProperty']

it.each(NAMES)('a carrier %s that the model has not seen has the overall rate', (carrier) => {
  const groups = {
    hour_rate: {},
    carrier_rate: {},
    origin_rate: {},
    destination_rate: {},
    lane_rate: {},
    carrier_lane_rate: {},
  }
  const flight = { scheduled: 0, carrier, origin: carrier, destination: 'LAX', distance: 1 }
  expect(rateOf({ overall: 0.2, groups }, 'carrier_rate', flight)).toBe(0.2)
  expect(rateOf({ overall: 0.2, groups }, 'origin_rate', flight)).toBe(0.2)
})

it.each(NAMES)('a listing %s without a gain has none, and its slate a loss', (id) => {
  const candidate = {
    id,
    title: 'Lamp',
    brand: '',
    category: '',
    colour: '',
    text: '',
    price: 1,
    rating: null,
    ratings: 0,
  }
  const impression = { query: 'lamp', candidates: [{ ...candidate, sold: null, blocked: false, inStock: true }] }
  const rule = actionPolicy('strict')
  const action = decide({}, rule, impression)
  expect(action).toBe(id)
  expect(loss({ action: `${id} L1`, label: { L1: 1 } }, rule)).toBeCloseTo(1 - 1 / Math.log2(3))
  expect(rateIn({}, id)).toBeNaN()
})
