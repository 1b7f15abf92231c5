import { expect, it } from 'vitest'
import { measure } from '../../../projects/vision/measure.js'
import { monitor } from '../../../projects/vision/policy.js'

const decision = (action: string, output: Record<string, number>) => ({
  at: 0,
  action,
  output: { probability: 0.5, brightness: 80, sharpness: 30, size: 224, readable: 1, ...output },
  input: { photo: '', shipment: 's', source: 'd' },
})
const many = (count: number, action: string, output: Record<string, number> = {}) =>
  Array.from({ length: count }, () => decision(action, output))
const seen = (...groups: ReturnType<typeof many>[]) =>
  measure({ arm: 'canary', from: 0, to: 86_400_000, decisions: groups.flat() })
const limit = (name: string) => monitor.signals.find((signal) => signal.name === name)?.threshold ?? Number.NaN

it('a threshold that sends everything to review is a breach; reviews with a reason are not', () => {
  const name = 'unsupported_escalation_share'
  expect(
    seen(many(15, 'review', { probability: 0.6 }), many(70, 'review', { probability: 0.01 }))[name],
  ).toBeGreaterThan(limit(name))
  expect(seen(many(30, 'review', { probability: 0.2 }), many(70, 'pass', { probability: 0.01 }))[name]).toBe(0)
})

it('reviews of unusable photos are a breach at any probability', () => {
  const name = 'unsupported_escalation_share'
  expect(seen(many(20, 'review'), many(10, 'review', { brightness: 2 }))[name]).toBeGreaterThan(limit(name))
  expect(seen(many(20, 'review'), many(10, 'review', { brightness: 0, sharpness: 0, size: 0 }))[name]).toBeCloseTo(
    1 / 3,
  )
})

it('a camera that fails is a breach of photo quality', () => {
  const name = 'unusable_photo_share'
  expect(seen(many(70, 'pass'), many(30, 'retake'))[name]).toBeGreaterThan(limit(name))
  expect(seen(many(93, 'pass'), many(7, 'retake'))[name]).toBeLessThan(limit(name))
})

it('a few decisions are not measured', () => {
  expect(seen(many(3, 'retake'), many(2, 'review', { probability: 0 }))).toEqual({})
})
