/**
 * Commands with `--server`: the same output as on the registry, from a machine that has neither database nor Temporal.
 */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { newToken } from '../../http/index.js'
import { gatewayOn } from '../http/support.js'
import type { Gateway } from '../serving/support.js'
import { slipway } from '../support/slipway.js'
import { entriesOf, eventuallyAfterDays, exposed, resultOf, startOver, stateOf } from '../support/steer.js'
import { type Harness, timeSkipping } from '../support/time-skipping.js'
import { toyPolicy } from '../toy-project/policy.js'

const operator = newToken('ops', ['operate'])
const reader = newToken('reader', ['read'])

let on: Harness
let gateway: Gateway
beforeAll(async () => {
  on = await timeSkipping()
  gateway = await gatewayOn(on, { tokens: [operator.token, reader.token] })
})
afterEach(() => startOver(on))
afterAll(async () => {
  await gateway?.close()
  await on?.close()
})

const away = () => ({
  ...on.environment,
  SLIPWAY_DATABASE_URL: 'postgres://none@127.0.0.1:1/none',
  TEMPORAL_ADDRESS: '127.0.0.1:1',
  SLIPWAY_TOKEN: operator.secret,
})
const run = (args: string[], environment: Record<string, string> = {}) => slipway(args, { ...away(), ...environment })
const because = ['--reason', 'storm', '--json']
const json = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>

it('actions, a rollback and a start print the same JSON as without --server, and are recorded by the token', async () => {
  const policy = { ...toyPolicy, judge: { ...toyPolicy.judge, minMature: 1_000_000 } }
  const id = await on.start('by-server', { policy })
  await exposed(on, id)
  const server = { SLIPWAY_SERVER: gateway.url }
  const paused = await run(['release', 'pause', id, ...because], server)
  expect(paused.code).toBe(0)
  const local = await slipway(['release', 'pause', id, '--by', 'bo', ...because], on.environment)
  expect(Object.keys(json(paused.stdout))).toEqual(Object.keys(json(local.stdout)))
  expect(json(paused.stdout)).toMatchObject({ workflowId: id, accepted: true })
  // Refused by the run: an answer, and exit code 1; both ways.
  expect(json(local.stdout)).toMatchObject({ accepted: false, message: 'it is paused already' })
  const again = await run(['release', 'pause', id, '--server', gateway.url, ...because])
  expect([again.code, json(again.stdout)]).toEqual([local.code, json(local.stdout)])
  const { releaseId } = await stateOf(on, id)
  const aborted = await run(['release', 'abort', releaseId ?? '', '--by', 'ana', ...because], server)
  expect(json(aborted.stdout)).toMatchObject({ accepted: true })
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted' })
  const names = (await entriesOf(on, id, 'operator_action')).map(({ body }) => body.by)
  expect(names).toEqual(['token ops', 'bo', 'token ops', 'ana (token ops)'])
  // Refused by the registry: wrong usage, both ways.
  const late = await run(['release', 'extend', id, ...because], server)
  const lateHere = await slipway(['release', 'extend', id, '--by', 'bo', ...because], on.environment)
  expect([late.code, lateHere.code]).toEqual([2, 2])
  expect(late.stdout).toBe(lateHere.stdout)

  const promoted = await on.start('rolled-back-by-server')
  await eventuallyAfterDays(on, 'probation', async () => (await stateOf(on, promoted)).stage === 'probation')
  const back = json((await run(['rollback', 'toy', ...because], server)).stdout)
  expect(back).toMatchObject({ project: 'toy', runs: [{ workflowId: promoted, told: true, why: null }] })
  expect((await on.registry.aliases.current('toy')).production).toBe(back.to)
})

it('what the service refuses, and a service that is not there, are said with the right exit code', async () => {
  const id = 'release/toy/none'
  const server = ['--server', gateway.url]
  const cases: [string[], Record<string, string>, number, string][] = [
    [['release', 'pause', id, ...server, ...because], {}, 2, 'no release or release run'],
    [['release', 'pause', id, ...server, ...because], { SLIPWAY_TOKEN: '' }, 2, 'set SLIPWAY_TOKEN'],
    [['release', 'pause', id, ...server, ...because], { SLIPWAY_TOKEN: reader.secret }, 2, 'role operate'],
    [['release', 'pause', 'toy_v999', ...server, ...because], {}, 2, 'no release or release run'],
    [['release', 'pause', 'toy_v999', ...server, ...because], { SLIPWAY_TOKEN: '' }, 2, 'set SLIPWAY_TOKEN'],
    [['release', 'pause', 'toy_v999', ...server, ...because], { SLIPWAY_TOKEN: 'x' }, 2, 'the token is unknown'],
    [['release', 'pause', id, '--server', 'http://127.0.0.1:1', ...because], {}, 1, 'no decision service answers'],
    [['release', 'pause', id, '--server', 'ftp://x', ...because], {}, 2, 'is not an address'],
    [['release', 'pause', id, ...because], {}, 2, "required option '--by <who>' not specified"],
    [['rollback', 'nope', ...server, ...because], {}, 2, 'nope'],
    [['schedule', 'pause', 'toy', ...server, ...because], {}, 2, 'no cadence'],
    [['release', 'start', 'toy', ...server, '--speed', '5', '--json'], {}, 2, '--speed is not possible with --server'],
  ]
  for (const [args, environment, code, says] of cases) {
    const found = await run(args, environment)
    expect([args.join(' '), found.code]).toEqual([args.join(' '), code])
    expect(found.stderr).toContain(says)
  }
})
