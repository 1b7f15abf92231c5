import { expect, it } from 'vitest'
import type { HeldOut } from '../../../projects/vision/gates/answers.js'
import { worstSourceGate } from '../../../projects/vision/gates/slices.js'
import type { LabelledPhoto } from '../../../projects/vision/photos/photo.js'
import { gates, thresholdsOf } from '../../../projects/vision/policy.js'

const thresholds = thresholdsOf(gates)

/** Per source: damaged photos, and how many of them went to a reviewer. */
function heldOut(sources: Record<string, { damaged: number; reviewed: number; action?: 'pass' | 'retake' }>): HeldOut {
  const rows = Object.entries(sources).flatMap(([source, { damaged, reviewed, action = 'pass' }]) =>
    Array.from({ length: damaged + 20 }, (_, index) => ({
      photo: { source, review: { damaged: index < damaged ? 1 : 0, usable: 1, knownAt: 0 } } as LabelledPhoto,
      action: index < reviewed ? ('review' as const) : index < damaged ? action : ('pass' as const),
    })),
  )
  const answers = { actions: rows.map(({ action }) => action) } as unknown as HeldOut['candidate']
  return { photos: rows.map(({ photo }) => photo), candidate: answers, production: answers } as unknown as HeldOut
}

it('a source with missed damage fails the gate, whatever the others do', () => {
  const gate = worstSourceGate(
    heldOut({ north: { damaged: 90, reviewed: 88 }, yard: { damaged: 10, reviewed: 4 } }),
    thresholds,
  )
  expect(gate).toMatchObject({ name: 'critical_slice_pass', passed: false, value: 0.4 })
  expect(gate.detail).toContain('yard, 4 of 10 damaged photos reviewed')
})

it('requesting another photo of visible damage does not count as found', () => {
  const retaken = heldOut({
    north: { damaged: 20, reviewed: 20 },
    yard: { damaged: 20, reviewed: 8, action: 'retake' },
  })
  expect(worstSourceGate(retaken, thresholds)).toMatchObject({ passed: false, value: 0.4 })
})

it('good sources pass; one with a few damaged photos is not measured', () => {
  const good = heldOut({ north: { damaged: 20, reviewed: 18 }, yard: { damaged: 3, reviewed: 0 } })
  const gate = worstSourceGate(good, thresholds)
  expect(gate).toMatchObject({ passed: true, value: 0.9 })
  expect(gate.detail).toContain('1 with fewer than 8 not measured')
})

it('without a measurable source the gate fails: no evidence is not a pass', () => {
  expect(worstSourceGate(heldOut({ north: { damaged: 2, reviewed: 2 } }), thresholds).passed).toBe(false)
})
