import { expect, it } from 'vitest'
import { armsOf, releaseIn } from '../../exposure/arms.js'
import { plannedStep } from '../../exposure/planned-steps.js'
import { isShadowed } from '../../exposure/shadow.js'
import { armOf, fitsArm, hashEntity } from '../../exposure/split.js'
import { canaryRequest } from '../support/canary-request.js'
import { shadowPolicy } from '../toy-project/policy.js'

it('whatever the bucket and the weight, production answers', () => {
  for (const bucket of [0, 1, 9_999])
    for (const weight of [0, 5_000, 10_000]) expect(armOf(bucket, { phase: 'shadow', weight })).toBe('production')
  const request = canaryRequest('w', 0, { phase: 'shadow', policy: shadowPolicy })
  expect(plannedStep(request, 0)).toMatchObject({ phase: 'shadow', step: 0, weight: 0 })
})

it('the candidate is in arm shadow only, and a recorded split of that arm has weight 0', () => {
  const compared = { phase: 'shadow', candidate: 'new', reference: 'old' } as const
  expect(armsOf('shadow')).toEqual({ challenger: 'shadow', reference: 'production' })
  const releases = (['production', 'canary', 'holdback', 'shadow'] as const).map((arm) => releaseIn(compared, arm))
  expect(releases).toEqual(['old', null, null, 'new'])
  expect(fitsArm('shadow', { bucket: 5, weight: 0 })).toBe(true)
  expect(fitsArm('shadow', { bucket: 5, weight: 1 })).toBe(false)
})

it('the share is of the entities, and a wider one keeps those of a narrower one', () => {
  const hashes = Array.from({ length: 4_000 }, (_, index) => hashEntity('release/toy/a', `entity-${index}`))
  const chosen = (share: number) => hashes.filter((hash) => isShadowed(hash, share))
  expect(chosen(0)).toEqual([])
  expect(chosen(10_000)).toEqual(hashes)
  expect(chosen(2_500).length / hashes.length).toBeCloseTo(0.25, 1)
  expect(chosen(5_000)).toEqual(expect.arrayContaining(chosen(2_500)))
})
