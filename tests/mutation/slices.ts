/** Parts of the product whose rules are checked by small deliberate changes, each with the tests that must notice. */
import { SlipwayError } from '../../contracts/failure.js'

export interface Slice {
  readonly name: string
  /** Files that are changed. */
  readonly mutate: readonly string[]
  readonly tests: readonly string[]
}

export const SLICES: readonly Slice[] = [
  { name: 'exposure', mutate: ['exposure/*.ts'], tests: ['tests/exposure/*.test.ts'] },
  {
    name: 'judge-rules',
    mutate: [
      'judge/{after-look,boundary,check-evidence,conditions,decide,judge-1,look-grid,past-look,progress,replay,settings}.ts',
    ],
    tests: [
      'tests/judge/{limits-of,judge.,objectives,degenerate,widening,group-seq,shadow-ends,early-estimate}*test.ts',
      'tests/judge/v2/{harm-in-one,replay-refuses,shadow-is}*test.ts',
    ],
  },
  {
    name: 'judge-numbers',
    mutate: ['judge/{confidence-sequence,early-estimate,measure,normal,sample-ratio,stratified-effect}.ts'],
    tests: ['tests/judge/{limits-of,formulas,objectives,degenerate,early-estimate,immature,judge.}*test.ts'],
  },
  {
    name: 'contracts',
    mutate: ['contracts/{clock,duration,instants,parse,canonical,evidence-source,exposure,recordable-text}.ts'],
    tests: ['tests/contracts/*.test.ts', 'tests/exposure/*.test.ts', 'tests/judge/judge.test.ts'],
  },
  {
    name: 'aliases',
    mutate: ['registry/aliases/{move-rules,earlier-production,promotion-of}.ts', 'registry/lane/lane-rules.ts'],
    tests: ['tests/registry/rules-of-aliases-and-lane.test.ts'],
  },
  {
    name: 'retention',
    mutate: ['registry/retention/{retention-policy,retained-runs,artifact-needs,closings,day-holds}.ts'],
    tests: ['tests/registry/retention/{what-may-be-dropped,unknown-policy-values-are-refused}*.test.ts'],
  },
]

/** @throws SlipwayError BadRequest when there is none of this name */
export function sliceNamed(name: string): Slice {
  const found = SLICES.find((slice) => slice.name === name)
  if (found) return found
  const known = SLICES.map((slice) => slice.name).join(', ')
  throw new SlipwayError('BadRequest', `"${name}" is none of the slices ${known}; run: npm run mutate -- exposure`)
}
