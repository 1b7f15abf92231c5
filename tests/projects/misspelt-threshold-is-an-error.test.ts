/**
 * A threshold that is missing or unknown must not silently mean its default: the release would be judged by another
 * rule.
 */
import { describe, expect, it } from 'vitest'
import type { GatePolicy } from '../../contracts/types.js'
import { project as eta } from '../../projects/eta/index.js'
import { project as forecast } from '../../projects/forecast/index.js'
import { requiredThreshold, thresholdReader } from '../../projects/kit/thresholds.js'
import type { EvaluateRequest } from '../../projects/project.js'
import { project as ranking } from '../../projects/ranking/index.js'
import { project as vision } from '../../projects/vision/index.js'

/** Only the gates are read before they turn out wrong. */
const evaluating = (gates: GatePolicy): EvaluateRequest => {
  const snapshot = { cutoff: '2024-01-01T00:00:00Z' } as EvaluateRequest['snapshot']
  const release = {
    digest: '',
    featureVersion: '',
    actionPolicy: { version: '', parameters: {} },
    artifact: Buffer.of(),
  }
  return { snapshot, snapshotDigest: '', dataFile: '/no/such/file', candidate: release, production: release, gates }
}

describe.each([
  ['eta', eta],
  ['forecast', forecast],
  ['ranking', ranking],
  ['vision', vision],
] as const)('%s', (name, { gates, evaluate }) => {
  const [first = ''] = Object.keys(gates.thresholds)
  const { [first]: value = 0, ...others } = gates.thresholds
  const refused = async (thresholds: GatePolicy['thresholds'], message: RegExp) =>
    expect(async () => evaluate(evaluating({ ...gates, thresholds }))).rejects.toMatchObject({
      type: 'BadRequest',
      message: expect.stringMatching(message) as string,
    })

  it('refuses a misspelt threshold by name, before any data are read', async () => {
    const misspelt = { ...others, [`${first}s`]: value }
    await refused(misspelt, new RegExp(`of ${name}: threshold "${first}s" is unknown; threshold "${first}" is missing`))
  })

  it('refuses gates without a threshold', () => refused(others, new RegExp(`threshold "${first}" is missing`)))

  it('refuses a threshold that no gate reads', () =>
    refused({ ...gates.thresholds, constructor: 1 }, /threshold "constructor" is unknown \(thresholds are /))

  it('reads the gates of its own policy', async () => {
    await expect(async () => evaluate(evaluating(gates))).rejects.not.toMatchObject({ type: 'BadRequest' })
  })
})

describe('the reader of thresholds', () => {
  const read = thresholdReader('toy', { least: 0.8, days: 7 }, { atLeast: 'least' })
  const gatesWith = (thresholds: GatePolicy['thresholds']): GatePolicy => ({
    version: 'toy_v1',
    required: [],
    thresholds,
  })

  it('takes the values of the release, not the defaults of this build', () => {
    expect(read(gatesWith({ least: 0.5, days: 3 }))).toEqual({ least: 0.5, days: 3 })
  })

  it('reads a manifest of an earlier build: a replaced threshold stands for the new one, which has its default', () => {
    expect(read(gatesWith({ atLeast: 0.02, days: 3 }))).toEqual({ least: 0.8, days: 3 })
  })

  it('names a shared gate’s threshold that the policy does not state', () => {
    expect(requiredThreshold(gatesWith({ least: 0.5 }), 'least')).toBe(0.5)
    expect(() => requiredThreshold(gatesWith({ lest: 0.5 }), 'least')).toThrow(
      /gates toy_v1: threshold "least" is missing \(stated are lest\)/,
    )
  })
})

it('eta evaluates a manifest of the build that knew maxRecallLoss instead of minCriticalRecallRatio', async () => {
  const { minCriticalRecallRatio: _, ...others } = eta.gates.thresholds
  const gates = { ...eta.gates, thresholds: { ...others, maxRecallLoss: 0.02 } }
  await expect(eta.evaluate(evaluating(gates))).rejects.not.toMatchObject({ type: 'BadRequest' })
})
