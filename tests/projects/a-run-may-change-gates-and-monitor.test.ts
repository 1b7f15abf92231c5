import { afterAll, describe, expect, it } from 'vitest'
import { readRunPolicies } from '../../cli/runtime/read-policy.js'
import { releaseInput } from '../../contracts/schemas/index.js'
import { project as forecast } from '../../projects/forecast/index.js'
import type { Project } from '../../projects/project.js'
import { releaseInputOf } from '../../releases/release-input.js'
import { manifestOf } from '../../releases/release-tuple.js'
import { removeSources, write } from './kit/user-sources.js'

afterAll(removeSources)

const read = async (content: unknown) =>
  readRunPolicies(await write('policy.json', JSON.stringify(content)), forecast as Project)
const CHANGES = {
  deadline: '40d',
  gates: { version: 'mine_v1', thresholds: { heldOutDays: 28 } },
  monitor: { version: 'mine_v1', signals: [{ name: 'alert_flood_share', threshold: 0.97 }] },
}
const REQUEST = {
  id: 'x',
  kind: 'cli',
  by: 'ana',
  at: '2026-01-02T00:00:00.000Z',
  cutoff: '2026-01-01T00:00:00.000Z',
  parameters: {},
} as const

it('the release is hashed with what the file changes by name, and keeps the rest of its project', async () => {
  const policies = await read(CHANGES)
  const input = releaseInput.parse(releaseInputOf({ ...REQUEST, project: forecast as Project, ...policies }))
  const digest = `sha256:${'0'.repeat(64)}`
  const actionPolicy = { version: 'v', parameters: {} }
  const trained = { artifactFile: 'x', format: 'f/1', kind: 'k', featureVersion: 'v', actionPolicy, metrics: {} }
  const manifest = manifestOf(forecast as Project, digest, trained, digest, input)
  expect(manifest.promotionPolicy.deadline).toBe('40d')
  expect(manifest.gates).toEqual({
    ...forecast.gates,
    version: 'mine_v1',
    thresholds: { ...forecast.gates.thresholds, heldOutDays: 28 },
  })
  expect(manifest.monitor.version).toBe('mine_v1')
  expect(manifest.monitor.signals.map(({ name, threshold }) => [name, threshold])).toEqual(
    forecast.monitor.signals.map(({ name, threshold }) => [name, name === 'alert_flood_share' ? 0.97 : threshold]),
  )
})

it('a file without them leaves both to the project', async () => {
  const policies = await read({ deadline: '40d' })
  expect(policies).not.toHaveProperty('gates')
  expect(policies).not.toHaveProperty('monitor')
})

describe('refused with what the project has:', () => {
  it.each([
    [
      'a threshold of no gate',
      { gates: { thresholds: { heldOutDay: 28 } } },
      /gates\.thresholds has heldOutDay; .*heldOutDays/,
    ],
    ['a required gate left out', { gates: { required: ['schema_valid'] } }, /gates\.required lacks .*no_leakage/],
    ['gates that are a list', { gates: [] }, /gates: .*expected object/],
    [
      'a signal that is not measured',
      { monitor: { signals: [{ name: 'nope' }] } },
      /monitor\.signals has nope; .*error_share/,
    ],
    ['a signal without a name', { monitor: { signals: [{ threshold: 1 }] } }, /monitor\.signals has/],
    [
      'a signal twice',
      { monitor: { signals: [{ name: 'error_share' }, { name: 'error_share' }] } },
      /monitor\.signals has a signal twice/,
    ],
    ['a monitor that is a number', { monitor: 5 }, /monitor must be an object/],
    ['a threshold that is a text', { monitor: { signals: [{ name: 'error_share', threshold: 'x' }] } }, /monitor/],
    ['a file that is a list', [], /policy .*expected object/],
  ])('%s', async (_what, content, message) => {
    await expect(read(content)).rejects.toMatchObject({
      type: 'BadRequest',
      message: expect.stringMatching(message) as string,
    })
  })
})
