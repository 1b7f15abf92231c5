/** `slipway judge replay`, on evidence recorded in a real registry. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readPolicy } from '../../../cli/runtime/read-policy.js'
import type { Judgement } from '../../../contracts/types.js'
import { judgeAgain, replayWith } from '../../../releases/judge-replay.js'
import { changeWithoutTriggers, type TestRegistry, testRegistry } from '../../registry/test-registry.js'
import { slipway } from '../../support/slipway.js'
import { toyPolicy } from '../../toy-project/policy.js'
import { recordCanary, recordVerdict } from './recorded-canary.js'

const RUN = 'release/toy/recorded'
const folder = mkdtempSync(join(tmpdir(), 'slipway-replay-'))
const policy = { ...toyPolicy, steps: [{ weight: 5_000, atLeast: '1d' }] }
let test: TestRegistry
let judged: Judgement[]

beforeAll(async () => {
  test = await testRegistry()
  judged = await recordCanary(test.registry, RUN, { policy, days: 12, canary: 0.25 })
  await recordVerdict(test.registry, RUN, 'promoted', 'non_inferior')
})
afterAll(() => test?.stop())

let files = 0
function policyFile(changes: object): string {
  files += 1
  const file = join(folder, `policy-${files}.json`)
  writeFileSync(file, JSON.stringify(changes))
  return file
}

const replayed = async (changes: object) =>
  replayWith(await test.registry.runs.get(RUN), readPolicy(policyFile(changes), policy))

describe('recorded evidence', () => {
  it('judged again by its own policy gives the same judgements, look by look', async () => {
    const { looks, differing } = judgeAgain(await test.registry.runs.get(RUN))
    expect(differing).toEqual([])
    expect(looks.map(({ again }) => again)).toEqual(judged)
  })

  it('would have ended differently under a stricter policy', async () => {
    const stricter = { judge: { objective: 'superiority', alpha: 0.001 }, deadline: '9d', maxExtensions: 0 }
    const { verdict, wouldHave, looks } = await replayed(stricter)
    expect(verdict).toBe('promoted')
    expect(wouldHave).toBe('held')
    expect(looks.filter((look) => look.verdict !== null).map(({ asOf }) => asOf)).toEqual(['2001-01-29T00:00:00.000Z'])
    // What it would not have seen, having ended, is not judged.
    expect(looks.slice(9).map(({ again }) => again)).toEqual([null, null, null])
    expect(looks[8]?.again).toMatchObject({ action: 'hold', reason: 'deadline:inconclusive' })
  })

  it('a plan of its own is replayed from its own looks', async () => {
    const { looks } = await replayed({
      judge: {
        method: 'group_sequential',
        groupSequential: { spending: 'obrien_fleming', plannedLooks: 8 },
        objective: 'superiority',
        alpha: 0.001,
      },
    })
    const fractions = looks.flatMap(({ again }) => again?.numbers.sequential?.fraction ?? [])
    expect(fractions.length).toBeGreaterThan(3)
    expect(fractions).toEqual(fractions.map((_, index) => Math.min(1, (index + 1) / 8)))
  })

  it('is not undecided under the policy in force: the verdict is the recorded one', async () => {
    const promoted = judged.findIndex(({ action }) => action === 'promote')
    const { wouldHave, looks } = await replayed({})
    expect(wouldHave).toBe('promoted')
    expect(looks.findIndex((look) => look.verdict !== null)).toBe(promoted)
  })

  it.each([
    [{ labelHorizon: '2d' }, /labelHorizon is 2d, but the evidence was gathered with 1d/],
    [{ judge: { lossBound: { lowest: 0, highest: 1, beyond: 'refuse' } } }, /lossBound is 0\.\.1, refuse, but .* none/],
    [{ judge: { alpha: 2 } }, /judge.alpha is 2/],
  ])('gathered by other rules is refused: %j', async (changes, message) => {
    await expect(replayed(changes)).rejects.toThrow(message)
  })

  it('of a run without looks says so', async () => {
    await recordCanary(test.registry, 'release/toy/unseen', { policy, days: 0, canary: 0.3 })
    const unseen = await test.registry.runs.get('release/toy/unseen')
    expect(() => replayWith(unseen, policy)).toThrow(/has no looks yet/)
  })

  it('that was altered is found', async () => {
    await recordCanary(test.registry, 'release/toy/altered', { policy, days: 3, canary: 0.3 })
    const changed = await changeWithoutTriggers(
      test.owner,
      `update chain_entries set body = replace(body, '"lossSum":', '"lossSum":1') where kind = 'judgement' and subject = 'release/toy/altered'`,
    )
    expect(changed).toBe(3)
    const altered = await test.registry.runs.get('release/toy/altered')
    expect(() => judgeAgain(altered)).toThrow(/evidence of the look as of .* should have digest/)
  })
})

describe('slipway judge replay', () => {
  const run = (...args: string[]) =>
    slipway(['judge', 'replay', ...args], { SLIPWAY_DATABASE_URL: test.url, SLIPWAY_HOME: folder })

  it('shows each look as recorded and as judged again, as text and as JSON', async () => {
    const [words, json] = await Promise.all([
      run(RUN),
      run(RUN, '--policy', policyFile({ judge: { alpha: 0.01 } }), '--json'),
    ])
    expect(words).toMatchObject({ code: 0, stderr: '' })
    expect(words.stdout).toContain('12 of 12 looks judged as recorded')
    expect(json).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(json.stdout)).toMatchObject({ workflowId: RUN, verdict: 'promoted', wouldHave: 'promoted' })
  })

  it('refuses wrong usage with exit code 2', async () => {
    const [none, horizon] = await Promise.all([
      run('release/toy/none'),
      run(RUN, '--policy', policyFile({ labelHorizon: '2d' })),
    ])
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('release/toy/none') as string })
    expect(horizon).toMatchObject({ code: 2, stderr: expect.stringContaining('labelHorizon is 2d') as string })
  })
})
