/** A cell of the table: which fault strikes which part in which stage, and the verdict that is right after it. */
import type { ChaosSystem } from './chaos-system.js'
import { KILL, STOP, type Strikes, type Struck } from './faults.js'
import { BROKEN, CLOCK, FAILING_S3, FULL_DISK, SILENT, SLOW_S3, TWO_BUILDS } from './more-faults.js'
import { STAGES, type StageName } from './stages.js'

export const FAULTS = {
  'kill -9': KILL,
  SIGSTOP: STOP,
  'silent connection': SILENT,
  'broken connection': BROKEN,
  'failing S3': FAILING_S3,
  'slow S3': SLOW_S3,
  'full disk': FULL_DISK,
  'clock jumps': CLOCK,
  'two builds': TWO_BUILDS,
} as const satisfies Readonly<Record<string, Strikes>>
export type FaultName = keyof typeof FAULTS

export interface Cell {
  readonly fault: FaultName
  readonly target: string
  readonly stage: StageName
  /** `unreported`: the effect is recorded, and the worker's report of it is lost. */
  readonly when?: 'unreported'
  readonly verdict?: string
}

/** What each test run plays. */
export const CELLS: readonly Cell[] = [
  { fault: 'kill -9', target: 'worker', stage: 'validating' },
  { fault: 'kill -9', target: 'worker', stage: 'training' },
  { fault: 'kill -9', target: 'worker', stage: 'recording the model', when: 'unreported' },
  { fault: 'kill -9', target: 'worker', stage: 'canary look', when: 'unreported' },
  { fault: 'kill -9', target: 'worker', stage: 'promotion' },
  { fault: 'kill -9', target: 'worker', stage: 'promotion', when: 'unreported' },
  { fault: 'kill -9', target: 'worker', stage: 'probation' },
  { fault: 'kill -9', target: 'trainer', stage: 'training' },
  { fault: 'kill -9', target: 'decision service', stage: 'canary look' },
  { fault: 'kill -9', target: 'Temporal', stage: 'gates' },
  { fault: 'kill -9', target: 'PostgreSQL', stage: 'promotion' },
  { fault: 'SIGSTOP', target: 'worker', stage: 'promotion' },
  { fault: 'SIGSTOP', target: 'trainer', stage: 'training', verdict: 'failed' },
  { fault: 'SIGSTOP', target: 'decision service', stage: 'probation' },
  { fault: 'SIGSTOP', target: 'Temporal', stage: 'opening the canary' },
  { fault: 'SIGSTOP', target: 'PostgreSQL', stage: 'canary look' },
  { fault: 'silent connection', target: 'worker → PostgreSQL', stage: 'promotion' },
  { fault: 'silent connection', target: 'decision service → PostgreSQL', stage: 'canary look' },
  { fault: 'broken connection', target: 'worker → PostgreSQL', stage: 'recording the model' },
  { fault: 'slow S3', target: 'worker → S3', stage: 'validating' },
  { fault: 'full disk', target: 'decision service', stage: 'probation' },
  { fault: 'two builds', target: 'worker', stage: 'verdict' },
  { fault: 'clock jumps', target: 'decision service, +1 h', stage: 'gates' },
  { fault: 'clock jumps', target: 'worker, −1 h', stage: 'verdict' },
]

const stages = Object.keys(STAGES) as StageName[]
const faults = Object.keys(FAULTS) as FaultName[]

export const possibleCells = (): Cell[] =>
  faults
    .flatMap((fault) => Object.keys(FAULTS[fault]).map((target) => ({ fault, target })))
    .flatMap(({ fault, target }) => stages.map((stage): Cell => ({ fault, target, stage })))
    .filter(hasEffect)
    .flatMap((cell) => (mayBeUnreported(cell) ? [cell, { ...cell, when: 'unreported' as const }] : [cell]))
    // A trainer that is stopped prints nothing, and is ended for that.
    .map((cell) => (cell.fault === 'SIGSTOP' && cell.target === 'trainer' ? { ...cell, verdict: 'failed' } : cell))

/** Whether the part has work in that stage which the fault can disturb. */
function hasEffect({ fault, target, stage }: Cell): boolean {
  if (target === 'trainer' || (fault === 'full disk' && target === 'worker')) return stage === 'training'
  // Later the model is stored, and a decision service loads it as soon as it is recorded.
  const breaks = fault === 'failing S3' || fault === 'silent connection' || fault === 'broken connection'
  if (breaks && target.endsWith('S3')) return stage === 'training'
  return true
}

const mayBeUnreported = ({ fault, target, stage }: Cell): boolean =>
  fault === 'kill -9' && target === 'worker' && stage !== 'training'

/** @returns why a cell cannot be played here; undefined if it can */
export const notHere = ({ fault }: Cell, { diskIsSmall }: ChaosSystem): string | undefined =>
  fault === 'full disk' && !diskIsSmall ? 'skipped: only root can mount a small disk' : undefined

export function strikes(on: ChaosSystem, { fault, target }: Cell): Promise<Struck> {
  const all: Strikes = FAULTS[fault]
  const strike = all[target]
  if (strike === undefined) throw new Error(`${fault} of ${target} is unknown`)
  return strike(on)
}
