/** What `slipway release start` prints about the time until a verdict. */
import { durationMs, spanInWords } from '../../contracts/duration.js'
import { terminalText } from '../../contracts/terminal-text.js'
import type { ReleaseInput } from '../../contracts/types.js'
import { verdictTimes } from '../../releases/verdict-times.js'
import type { WaitingFor } from '../../releases/waiting-for.js'
import { minuteOf, zoneName } from '../runtime/wall-time.js'

/** Shorter waits are not worth a remedy. */
const LONG_MS = 3_600_000

/**
 * When the earliest verdict can come and, where that is long, how to have it sooner.
 * @param now wall time in epoch ms
 */
export function earliestVerdictText(workflowId: string, input: ReleaseInput, now: number): string {
  const { policy } = input
  const { earliest, promoted, quickSpeed } = verdictTimes(input)
  const steps = spanInWords(policy.steps.reduce((sum, { atLeast }) => sum + durationMs(atLeast), 0))
  const lines = [
    `a failed gate ends it within minutes; the earliest verdict of its canary comes ${spanInWords(earliest)} after the canary opens, not before ${minuteOf(now + earliest)} (${zoneName()})`,
    `  labels are final ${policy.labelHorizon} after each whole day, and the steps last ${steps}; a promotion ends after ${spanInWords(promoted)}, with its probation`,
  ]
  if (promoted > LONG_MS) lines.push(`  ${remedyOf(workflowId, quickSpeed)}`)
  return lines.join('\n')
}

const remedyOf = (workflowId: string, quickSpeed: number | null): string =>
  quickSpeed === null
    ? 'live traffic in real time cannot be sped up; shorter steps and horizons are fields of the policy: --policy FILE'
    : `the data after the cutoff is there already: with --speed ${quickSpeed} the same takes minutes; end this one with: slipway release abort ${workflowId} --by NAME --reason WHY`

export const howToLeaveText = (workflowId: string): string =>
  `waiting for the verdict; Ctrl-C ends this command only, the release continues: slipway release watch ${workflowId}`

export const waitingText = ({ text, remedy }: WaitingFor): string =>
  [text, remedy]
    .flatMap((line) => line ?? [])
    .map(terminalText)
    .join('\n  ')
