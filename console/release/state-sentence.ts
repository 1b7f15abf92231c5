/** The state of a release in one sentence. */
import type { Stage } from '../../contracts/names.js'
import type { ReleaseRunRecord } from '../../registry/index.js'
import type { Attention } from '../../releases/attention.js'
import type { ExposureNow } from '../../releases/exposure/exposure-now.js'
import { percent } from '../parts.js'
import { VERDICTS } from '../report/sections/verdict-section.js'

const DOES: Readonly<Record<Stage, string>> = {
  validating: 'Its data is being imported and checked',
  training: 'Its candidate is being trained',
  evaluating: 'Its candidate is being compared with production offline',
  awaiting_canary: 'It passed the offline gates and waits for the canary lane',
  canary: 'Its candidate is being tried on live traffic',
  promoting: 'It is becoming production',
  probation: 'It is in production, on probation',
  done: 'It has ended',
}

export function stateSentence(
  { stage, verdict }: Pick<ReleaseRunRecord, 'stage' | 'verdict'>,
  exposure: ExposureNow | null,
  needs: Attention | undefined,
): string {
  if (verdict !== null) return VERDICTS[verdict] ?? `It ended: ${verdict}.`
  const share = exposure && `${percent(exposure.candidateShare)} of the traffic`
  const what =
    exposure?.phase === 'shadow'
      ? 'Its candidate scores what production answers, in the shadow'
      : share === null
        ? DOES[stage]
        : `${DOES[stage]}; it answers ${share}`
  return `${what}${needs ? `; it needs a person: ${needs.text}` : ''}.`
}
