/** Looks of a canary of the toy project, on a registry of its own, without Temporal. */
import { createWatchExposure } from '../../activities/watch-exposure.js'
import type { ExposureRequest, ExposureResult } from '../../contracts/activities.js'
import { releases, type TestRegistry, testRegistry } from '../registry/test-registry.js'
import { project } from '../toy-project/index.js'

/** A registry with so many releases of `toy`, of which the first is production. */
export async function registryWithProduction(count = 1): Promise<TestRegistry> {
  const test = await testRegistry()
  const [releaseId = ''] = await releases(test.registry, 'toy', count)
  const move = { project: 'toy', alias: 'production', expected: null, to: releaseId, actor: 'test' } as const
  await test.registry.aliases.move({ ...move, reason: 'baseline', workflowId: null, evidence: null, key: 'baseline' })
  return test
}

/** One attempt of the activity. @param now wall time in epoch ms */
export function watchOnce(test: TestRegistry, request: ExposureRequest, now: () => number): Promise<ExposureResult> {
  const deps = { ...test, projects: new Map([['toy', project]]), now, workFolder: '' }
  return createWatchExposure(deps as never, (() => Promise.reject(new Error('nothing is loaded'))) as never)(request)
}
