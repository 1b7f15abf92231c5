import { expect, it } from 'vitest'
import { retentionOf } from '../../../registry/index.js'
import { toyPolicy } from '../../toy-project/policy.js'

const good = { decisions: '400d', artifacts: { keepReleases: 10, keepFor: '180d' } }
const of = (retention: unknown, policy = toyPolicy) => retentionOf({ name: 'toy', policy, retention })

it('a project without a policy has defaults that outlast its longest release', () => {
  expect(of(undefined)).toEqual(good)
  expect(of(undefined, { ...toyPolicy, deadline: '500d' }).decisions).toMatch(/^5\d\dd$/)
  expect(of({ ...good, decisions: 'forever' }).decisions).toBe('forever')
})

it.each([
  ['an unknown key', { ...good, decision: '3d' }, /retention of toy is malformed: it: Unrecognized key: "decision"/],
  [
    'a text that is not a duration',
    { ...good, decisions: 'never' },
    /decisions: must be a duration such as 400d, or forever/,
  ],
  ['a negative duration', { ...good, decisions: '-4d' }, /decisions: must be/],
  ['a duration of zero', { ...good, decisions: '0d' }, /decisions: must be longer than zero/],
  ['no release kept', { ...good, artifacts: { ...good.artifacts, keepReleases: 0 } }, /artifacts.keepReleases: .*>=1/],
  ['half a release', { ...good, artifacts: { ...good.artifacts, keepReleases: 1.5 } }, /artifacts.keepReleases/],
  ['a missing part', { decisions: '400d' }, /artifacts: /],
  ['null', null, /retention of toy is malformed/],
  [
    'a duration shorter than a release may take',
    { ...good, decisions: '2d' },
    /decisions is "2d"; a release under its policy may need them for \d+d/,
  ],
])('%s is refused', (_what, retention, message) => {
  expect(() => of(retention)).toThrow(message)
})
