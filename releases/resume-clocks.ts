/**
 * Event time of a rehearsal on live traffic does not pass while Slipway is down, because no client can request
 * decisions. Its clock is resumed at the last decision or look, before anything else reads it.
 */
import { eventNow } from '../contracts/clock.js'
import { DAY_MS } from '../contracts/duration.js'
import { isLive } from '../contracts/evidence-source.js'
import { resumedClockKey } from '../contracts/ledger/index.js'
import type { Registry } from '../registry/index.js'

/** Event time. A shorter gap does not need a new clock. */
const GAP_MS = DAY_MS / 2

/** @param now wall time in epoch ms @returns the runs whose clock was resumed */
export async function resumeClocks(registry: Registry, projects: Iterable<string>, now: number): Promise<string[]> {
  const resumed: string[] = []
  for (const project of projects) {
    const { run } = await registry.exposure.read(project)
    if (!run || !isLive(run.input.trigger) || run.input.clock.speed === 1) continue
    const { workflowId, phase, input } = run
    const decision = await registry.evidence.latestLiveDecision(project, workflowId)
    const look = await registry.ledger.newestLook({ project, workflowId, phase })
    const looked = look?.body.judgement.numbers.asOf
    const last = Math.max(input.clock.eventStart, decision?.eventAt ?? 0, looked ? Date.parse(looked) : 0)
    if (eventNow(input.clock, now) - last < GAP_MS) continue
    const body = { ...input.clock, eventStart: last, wallStart: now }
    await registry.ledger.append({
      project,
      kind: 'clock',
      subject: workflowId,
      key: resumedClockKey(workflowId, now),
      body,
    })
    resumed.push(workflowId)
  }
  return resumed
}
