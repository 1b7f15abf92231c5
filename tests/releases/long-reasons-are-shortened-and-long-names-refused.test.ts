/**
 * One limit at every door: a reason is shortened and the action taken, a name or an id is refused before anything is
 * opened.
 */
import { describe, expect, it } from 'vitest'
import { LONGEST_NAME, LONGEST_REASON, shortReason } from '../../contracts/limits.js'
import { operatorActionOf } from '../../releases/operate.js'
import { releaseInputOf } from '../../releases/release-input.js'
import { rollbackRequestOf } from '../../releases/roll-back-and-signal.js'
import { pauseOrResume } from '../../releases/schedules/steer-schedule.js'
import { slipway } from '../support/slipway.js'
import { project } from '../toy-project/index.js'

const reason = 'long '.repeat(22_000)
const long = 'x'.repeat(LONGEST_NAME + 1)
const nothingIsOpened = () => Promise.reject(new Error('opened'))

const start = (by: string) =>
  releaseInputOf({
    project,
    id: 'one',
    kind: 'webhook',
    by,
    at: '2001-01-20T00:00:00.000Z',
    cutoff: '2001-01-20T00:00:00.000Z',
    parameters: {},
    cause: { reason },
  })

describe('a reason of 110,000 characters', () => {
  it.each([
    ['an operator action', () => operatorActionOf('abort', { by: 'ana', reason }).reason],
    ['a rollback', () => rollbackRequestOf('toy', { by: 'ana', reason }).reason],
    ['a start', () => start('ana').trigger.cause?.reason],
  ])('%s: is shortened with a mark', (_door, recorded) => {
    expect(recorded()).toHaveLength(LONGEST_REASON)
    expect(recorded()).toMatch(/^long long .* … \[shortened\]$/)
  })

  it('that fits is recorded as it is; one that is shortened within a character of two halves can be recorded', () => {
    const fits = '\u{1F4E6}'.repeat(LONGEST_REASON / 2)
    expect(shortReason(fits)).toBe(fits)
    expect(shortReason(`x${fits}`)).not.toMatch(/\p{Surrogate}/u)
  })
})

it('a name or id that is too long is refused at every door, with its limit', async () => {
  const refused = { type: 'BadRequest', message: expect.stringContaining('must have at most 300 characters') as string }
  for (const door of [
    () => operatorActionOf('abort', { by: long, reason }),
    () => operatorActionOf('abort', { by: 'ana', reason, id: long }),
    () => rollbackRequestOf('toy', { by: long, reason }),
    () => start(long),
  ])
    expect(door).toThrow(expect.objectContaining(refused))
  const pause = pauseOrResume(nothingIsOpened, 'pause', { project }, { by: long, reason })
  await expect(pause).rejects.toMatchObject(refused)
  const prune = await slipway(['registry', 'prune', '--apply', '--by', long, '--reason', 'x'], {})
  expect(prune).toMatchObject({ code: 2, stderr: expect.stringContaining('--by has 301 characters') as string })
})
