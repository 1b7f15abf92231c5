/** Where in a release a fault strikes. Each stage is held at the ledger entry that records its result. */
import type { EntryKind } from '../../registry/index.js'
import type { ToyRelease } from '../support/toy-release.js'

interface StageOfRelease extends Pick<ToyRelease, 'policy' | 'parameters'> {
  /** Absent: the trainer works. */
  readonly records?: EntryKind
  /** Which entry of that kind, in SQL. */
  readonly where?: string
}

export const STAGES = {
  validating: { records: 'snapshot' },
  training: { parameters: { epochs: 40, epochMs: 100 } },
  'recording the model': { records: 'release' },
  gates: { records: 'evaluation' },
  'opening the canary': { records: 'alias_move', where: `new.key like '%:canary:open'` },
  'canary look': { records: 'judgement' },
  promotion: { records: 'alias_move', where: `new.key like '%:promote'` },
  probation: { records: 'judgement', where: `new.body like '%"phase":"probation"%'` },
  verdict: { records: 'verdict' },
} as const satisfies Readonly<Record<string, StageOfRelease>>

export type StageName = keyof typeof STAGES
export const stageOf = (name: StageName): StageOfRelease => STAGES[name]
