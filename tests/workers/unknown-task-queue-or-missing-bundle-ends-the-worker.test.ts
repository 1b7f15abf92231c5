import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { servedQueues } from '../../workers/task-queues.js'
import { RUN_SOURCE } from '../support/run-source.js'

const ENTRY = fileURLToPath(new URL('../../workers/main.ts', import.meta.url))

it('without names all queues are served; a project queue alone leaves workflows to other workers', () => {
  const projects = ['eta', 'vision']
  for (const nothing of [undefined, '', ' , '])
    expect(servedQueues(nothing, projects)).toEqual({ shared: true, projects })
  expect(servedQueues('slipway', projects)).toEqual({ shared: true, projects: [] })
  expect(servedQueues('slipway-vision', projects)).toEqual({ shared: false, projects: ['vision'] })
  expect(servedQueues(' slipway , slipway-eta ', projects)).toEqual({ shared: true, projects: ['eta'] })
})

it('an unknown queue or a missing bundle ends the worker with one line, before it connects to any server', () => {
  const nowhere = {
    TEMPORAL_ADDRESS: '127.0.0.1:1',
    SLIPWAY_ARTIFACTS: '/nowhere',
    SLIPWAY_DATABASE_URL: 'postgres://a:b@127.0.0.1:1/c',
  }
  const start = (environment: Record<string, string>) => {
    const env = { ...process.env, ...nowhere, ...environment }
    const { status, stderr } = spawnSync(process.execPath, [RUN_SOURCE, ENTRY], {
      env,
      encoding: 'utf8',
    })
    return { status, stderr }
  }
  expect(start({ SLIPWAY_TASK_QUEUES: 'slipway-etaa' })).toEqual({
    status: 2,
    stderr:
      'slipway worker: SLIPWAY_TASK_QUEUES names "slipway-etaa", which does not exist; task queues are slipway, slipway-eta, slipway-forecast, slipway-ranking, slipway-vision\n',
  })
  expect(start({ SLIPWAY_WORKFLOW_BUNDLE: '/nowhere/bundle.js' })).toEqual({
    status: 2,
    stderr:
      'slipway worker: SLIPWAY_WORKFLOW_BUNDLE is "/nowhere/bundle.js", which cannot be read (ENOENT); make it with: npm run build:workflows\n',
  })
})
