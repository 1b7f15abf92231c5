/** The toy project with a candidate that a decision service can only score in a thread of its own. */
import { existsSync } from 'node:fs'
import type { Project } from '../../../projects/project.js'
import { project as toy } from '../../toy-project/index.js'

/** The file whose appearance lets the candidate continue. */
export const CONTINUES = 'SLIPWAY_TEST_CANDIDATE_CONTINUES'
/** Then the test has failed: its own thread may be the one that waits. */
const LONGEST_MS = 60_000
const FEATURES = 'toy_in_shadow_v1'
/** Inputs by what the candidate makes of them. */
export const INPUTS = {
  scored: { x: 1, z: 0 },
  throws: { x: 0, z: 1 },
  computes: { x: 1, z: 1 },
  ends: { x: 0, z: 0 },
} as const

const score = (inputs: readonly unknown[]) =>
  inputs.map((input) => {
    const is = (kind: keyof typeof INPUTS) => JSON.stringify(input) === JSON.stringify(INPUTS[kind])
    if (is('throws')) throw new RangeError('a hard input')
    if (is('ends')) process.exit(3)
    // As a large model: the thread does nothing else meanwhile.
    const until = Date.now() + LONGEST_MS
    while (is('computes') && Date.now() < until && !existsSync(process.env[CONTINUES] ?? ''))
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    return { probability: 0.5 }
  })

export const project: Project = {
  ...(toy as Project),
  folder: new URL('.', import.meta.url),
  load: async (release) => (release.featureVersion === FEATURES ? { score } : toy.load(release)),
}
