/** One look: evidence as of an instant, the judgement of it, and its record in the ledger. */

import type { ExposureRequest } from '../../contracts/activities.js'
import { digestOf } from '../../contracts/canonical.js'
import { isLive } from '../../contracts/evidence-source.js'
import type { ExposureStep } from '../../contracts/exposure.js'
import { lookKey, type RecordedLook } from '../../contracts/ledger/index.js'
import type { Judgement } from '../../contracts/types.js'
import { judge } from '../../judge/index.js'
import type { Project } from '../../projects/project.js'
import type { Registry } from '../../registry/index.js'
import { stepsOf } from '../exposure/open-step.js'
import type { ReleaseLoader } from '../load-release.js'
import { type ReplayControl, replayDays } from '../replay/replay-days.js'
import { storeDelayedBreaches } from './delayed-breaches.js'
import { gatherEvidence } from './gather-evidence.js'
import { readBreaches } from './open-breaches.js'
import { readPaired } from './paired.js'
import { newestLook, recordOf } from './recorded-looks.js'
import { readShadowNumbers, shadowEvidence } from './shadow-look.js'

export interface LookNeeds {
  readonly registry: Registry
  readonly projects: ReadonlyMap<string, Project>
  readonly loadRelease: ReleaseLoader
  readonly replay: ReplayControl
  /** After each look that was recorded. */
  readonly onLook?: (seconds: number, judged: Judgement) => void
}

/** What every look of one attempt needs of the ledger: read once, and updated by each look. */
export interface LookState {
  readonly steps: readonly ExposureStep[]
  newest: RecordedLook | undefined
}

export const readLookState = async (registry: Registry, request: ExposureRequest): Promise<LookState> => ({
  steps: await stepsOf(registry, request),
  newest: await newestLook(registry, request),
})

/**
 * @param asOf epoch ms of event time
 * @param present whether that is the present, and not an earlier instant of the grid
 */
export async function takeLook(
  needs: LookNeeds,
  request: ExposureRequest,
  state: LookState,
  asOf: number,
  present = false,
): Promise<Judgement> {
  const began = performance.now()
  const { registry } = needs
  const { project, workflowId, phase } = request
  const { steps, newest } = state
  if (!isLive(request)) await replayDays(needs, request, steps, asOf)
  // Excludes labels and corrections that arrive later: the same database snapshot gives the same evidence again.
  const cut = await registry.evidence.databaseSnapshot()
  await storeDelayedBreaches(needs, request, { asOf, cut })
  const { open: breaches, through, read } = await readBreaches(registry, request, { asOf, present })
  const inShadow = phase === 'shadow'
  const paired = await readPaired(registry, request, { asOf, cut })
  const evidence = inShadow
    ? shadowEvidence(request, { newest, breaches, paired, asOf })
    : {
        ...(await gatherEvidence(registry, request, { steps, newest, breaches, asOf, cut })),
        ...(paired ? { paired } : {}),
      }
  const judged = judge(request.policy, evidence, request.deadline)
  const shadow = inShadow ? { shadow: await readShadowNumbers(registry, request, { asOf, cut }) } : {}
  const body = { ...recordOf(request, evidence, judged), ...shadow }
  // Keyed by content: the same instant judged again for an operator, at a wider step, is another look.
  const key = lookKey(workflowId, phase, evidence.asOf, digestOf(body))
  state.newest = { ...body, cut, ...(isLive(request) ? { breachesThrough: through } : {}), breachesRead: read }
  if (!(await registry.ledger.hasLook(project, key)))
    await registry.ledger.append({
      project,
      kind: 'judgement',
      subject: workflowId,
      key: `${key}:${cut}`,
      body: state.newest,
    })
  needs.onLook?.((performance.now() - began) / 1_000, judged)
  return judged
}
