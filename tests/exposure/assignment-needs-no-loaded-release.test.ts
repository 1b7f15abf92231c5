/** The arm and release of an entity are known from the exposure record alone. */
import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../contracts/duration.js'
import { assign, besideProduction, isAssignable } from '../../exposure/assign.js'
import { bucketOf } from '../../exposure/split.js'
import { toyPolicy } from '../toy-project/policy.js'
import { exposedRun, recordOf, START } from './support.js'

const NOW = START + DAY_MS / 2
const entities = Array.from({ length: 2_000 }, (_, index) => `parcel-${index}`)

describe('an assignment', () => {
  it('is production where no release is exposed, and belongs to no run', () => {
    const record = recordOf(null)
    const { entityHash, ...rest } = assign(record, 'parcel-1', NOW)
    expect(rest).toEqual({ arm: 'production', releaseId: 'toy_v1', workflowId: '', eventAt: NOW, split: null })
    expect(entityHash).not.toBe('parcel-1')
    expect(besideProduction(record)).toBeNull()
  })

  it('in a canary names the candidate for entities below the weight, and production for the others', () => {
    const record = recordOf(exposedRun())
    for (const entity of entities) {
      const inCanary = bucketOf('release/toy/a', entity) < 1_000
      expect(assign(record, entity, NOW)).toMatchObject(
        inCanary ? { arm: 'canary', releaseId: 'toy_v2' } : { arm: 'production', releaseId: 'toy_v1' },
      )
    }
    expect(besideProduction(record)).toEqual({ arm: 'canary', releaseId: 'toy_v2' })
  })

  it('in probation names the old production for the holdback, and the candidate for the others', () => {
    const record = recordOf(exposedRun({ phase: 'probation', steps: [] }))
    for (const entity of entities) {
      const heldBack = bucketOf('release/toy/a', entity) >= 10_000 - toyPolicy.probation.holdback
      expect(assign(record, entity, NOW)).toMatchObject(
        heldBack ? { arm: 'holdback', releaseId: 'toy_v1' } : { arm: 'production', releaseId: 'toy_v2' },
      )
    }
    expect(besideProduction(record)).toEqual({ arm: 'holdback', releaseId: 'toy_v1' })
  })

  it('is production for every entity while the other release cannot answer, and says that its share was 0', () => {
    const record = recordOf(exposedRun())
    for (const entity of entities)
      expect(assign(record, entity, NOW, { onlyProduction: true })).toMatchObject({
        arm: 'production',
        releaseId: 'toy_v1',
        split: { weight: 0 },
      })
  })

  it('has event time by the clock of a run that is judged on live traffic, else wall time', () => {
    const clock = { eventStart: START, wallStart: START, speed: 100 }
    const live = exposedRun()
    const input = { ...live.input, clock }
    expect(assign(recordOf({ ...live, input }), 'parcel-1', NOW).eventAt).toBe(START + (NOW - START) * 100)
    const replayed = { ...input, trigger: { ...input.trigger, evidence: 'replay' as const } }
    expect(assign(recordOf({ ...live, input: replayed }), 'parcel-1', NOW).eventAt).toBe(NOW)
  })

  it('cannot be made without a production release', () => {
    expect(isAssignable({ ...recordOf(null), production: null })).toBe(false)
  })
})
