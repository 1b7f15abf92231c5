/** Who has to act so that an open release continues, and on what. */
import type { Stage } from '../contracts/names.js'
import type { Attention } from './attention.js'

export interface ActsNext {
  readonly who: 'operator' | 'second person' | 'worker' | 'slipway'
  readonly text: string
}

/** @param needs why it needs attention; undefined for a release that does not */
export function actsNext({ stage }: { readonly stage: Stage }, needs: Attention | undefined): ActsNext {
  switch (needs?.why) {
    case 'paused':
      return { who: 'operator', text: 'an operator: resume or abort it' }
    case 'awaiting_approval':
      return { who: 'second person', text: 'another person: approve or abort the promotion' }
    case 'no_worker':
      return { who: 'worker', text: 'an operator: start workers' }
    case 'stuck':
    case 'terminated':
    case 'workflow_failing':
    case 'notice_refused':
      return { who: 'operator', text: 'an operator: find the cause' }
    case undefined:
      return { who: 'slipway', text: WAITS[stage] }
  }
}

const WAITS: Readonly<Record<Stage, string>> = {
  validating: 'Slipway: it imports the data',
  training: 'Slipway: it trains the candidate',
  evaluating: 'Slipway: it evaluates the offline gates',
  awaiting_canary: 'Slipway: it waits for the canary lane of the project',
  canary: 'Slipway: it waits for labels, and judges them at each look',
  promoting: 'Slipway: it moves the alias production',
  probation: 'Slipway: it watches the promoted release',
  done: 'Slipway: it records the end',
}
