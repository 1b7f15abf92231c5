import type { Registry } from '../../registry/index.js'
import { resumeClocks } from '../../releases/resume-clocks.js'
import { progress } from './output.js'

/**
 * Starts what answers decisions, after the clocks: a decision on a clock that was not resumed would be of a day in the
 * future.
 */
export async function serveOnResumedClocks<Serving>(
  registry: Registry,
  projects: Iterable<string>,
  start: () => Promise<Serving>,
): Promise<Serving> {
  for (const run of await resumeClocks(registry, projects, Date.now())) progress(`${run}: clock resumed`)
  return start()
}
