import { describe, expect, it } from 'vitest'
import { segmentsOfInput } from '../../exposure/segments.js'

const input = { origin: 'ORD', distance: 300, address: { country: 'CA' }, flags: ['x'] }
type Where = NonNullable<NonNullable<Parameters<typeof segmentsOfInput>[0]>['of'][number]['where']>
const belongs = (where: Where, given: unknown) =>
  segmentsOfInput({ onHarm: 'hold', of: [{ name: 'one', where }] }, given, undefined)

describe('segments by input fields', () => {
  it.each<[Where[number], boolean]>([
    [{ field: 'origin', in: ['ATL', 'ORD'] }, true],
    [{ field: 'origin', in: ['ATL'] }, false],
    [{ field: 'address.country', in: ['CA'] }, true],
    [{ field: 'address.toString', in: ['CA'] }, false],
    [{ field: 'distance', in: ['300'] }, false],
    [{ field: 'distance', atLeast: 300 }, true],
    [{ field: 'distance', below: 300 }, false],
    [{ field: 'distance', atLeast: 299, below: 301 }, true],
    [{ field: 'origin', atLeast: 0 }, false],
    [{ field: 'missing', below: 1 }, false],
  ])('%j: %s', (condition, expected) => {
    expect(belongs([condition], input)).toEqual(expected ? ['one'] : [])
  })

  it('need every condition', () => {
    const far: Where[number] = { field: 'distance', atLeast: 1_000 }
    expect(belongs([{ field: 'origin', in: ['ORD'] }, far], input)).toEqual([])
  })

  it.each([[null], [7], ['text'], [undefined]])('of the input %j are none', (given) => {
    expect(belongs([{ field: 'origin', in: ['ORD'] }], given)).toEqual([])
  })
})

describe('segments by a function of the project', () => {
  const policy = {
    onHarm: 'hold',
    of: [{ name: 'far' }, { name: 'hub', where: [{ field: 'origin', in: ['ORD'] }] }, { name: 'near' }],
  } as const
  const asked = { onHarm: policy.onHarm, of: policy.of.map((one) => structuredClone(one) as { name: string }) }

  it('are those of the policy, in its order', () => {
    expect(segmentsOfInput(asked, input, () => ['near', 'other', 'far'])).toEqual(['far', 'hub', 'near'])
  })

  it('that throws, or gives no list, is the segment unknown; conditions on fields still hold', () => {
    const fails = () => {
      throw new RangeError('no')
    }
    expect(segmentsOfInput(asked, input, fails)).toEqual(['hub', 'unknown'])
    expect(segmentsOfInput(asked, input, () => 'far' as never)).toEqual(['hub', 'unknown'])
    expect(segmentsOfInput(asked, input, undefined)).toEqual(['hub', 'unknown'])
  })

  it('is not called for a policy that does not need it', () => {
    let calls = 0
    const named = () => {
      calls += 1
      return []
    }
    expect(segmentsOfInput(undefined, input, named)).toBeUndefined()
    expect(segmentsOfInput({ onHarm: 'hold', of: [] }, input, named)).toBeUndefined()
    segmentsOfInput({ onHarm: 'hold', of: [{ name: 'hub', where: [{ field: 'origin', in: ['ORD'] }] }] }, input, named)
    expect(calls).toBe(0)
  })
})
