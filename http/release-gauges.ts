/**
 * What the registry says of open releases, for `/metrics`: read in the background, so that a registry that is away
 * delays no answer.
 */

import { isWaitOver } from '../contracts/wait-over.js'
import type { OpenRun, Registry } from '../registry/index.js'
import { attentionOf } from '../releases/attention.js'
import { waitOf } from '../releases/waits-for.js'
import type { Metrics } from '../serving/metrics.js'
import type { DecisionService } from '../serving/service.js'

const EVERY_MS = 15_000

/** Newest looks are large: so many of them are read, and not more often than this. */
const LOOKS_READ = 50
const LOOKS_EVERY_MS = 60_000

/** @returns begins to read if the last time is long ago; the next answer has the values */
export function createReleaseGauges({ registry, metrics, now }: DecisionService): () => void {
  const { openReleases, attention, waiting, waitingSeconds, labelCoverage, refusedNotices } = metrics
  const gauges = [openReleases, attention, waiting, waitingSeconds]
  let [readAt, looksAt, busy] = [0, 0, false]
  const read = async () => {
    const [open, refused] = await Promise.all([registry.runs.open(), registry.notices.refused(1_000)])
    for (const gauge of gauges) gauge.reset()
    showOpen(metrics, open, now())
    refusedNotices.set(refused.length)
    if (!isWaitOver(looksAt, now(), LOOKS_EVERY_MS)) return
    looksAt = now()
    const coverage = await coverageOf(registry, open)
    labelCoverage.reset()
    for (const { project, arm, share } of coverage) labelCoverage.set({ project, arm }, share)
  }
  return () => {
    if (busy || !isWaitOver(readAt, now(), EVERY_MS)) return
    readAt = now()
    busy = true
    read()
      // Values that are no longer true would hide that the registry is away.
      .catch(() => {
        for (const gauge of [...gauges, labelCoverage]) gauge.reset()
      })
      .finally(() => {
        busy = false
      })
  }
}

function showOpen(metrics: Metrics, open: readonly OpenRun[], now: number): void {
  const longest = new Map<string, { project: string; waits_for: string; seconds: number }>()
  for (const run of open) {
    const { project, stage } = run
    metrics.openReleases.inc({ project, stage })
    const needs = attentionOf(run, now)
    if (needs) metrics.attention.inc({ project, why: needs.why })
    const wait = waitOf(run)
    if (!wait) continue
    metrics.waiting.inc({ project, waits_for: wait.waitsFor })
    const seconds = Math.max(0, now - Date.parse(wait.since)) / 1_000
    const key = `${project} ${wait.waitsFor}`
    if (seconds >= (longest.get(key)?.seconds ?? 0)) longest.set(key, { project, waits_for: wait.waitsFor, seconds })
  }
  for (const { seconds, ...labels } of longest.values()) metrics.waitingSeconds.set(labels, seconds)
}

/**
 * As the newest look has it: counted from the decisions, a canary with many of them would cost each scrape its time.
 */
export async function coverageOf(
  registry: { readonly ledger: Pick<Registry['ledger'], 'newestLook'> },
  open: readonly OpenRun[],
) {
  const found: { project: string; arm: string; share: number }[] = []
  const exposed = open.filter(({ stage }) => stage === 'canary' || stage === 'probation')
  for (const { project, workflowId, stage } of exposed.slice(-LOOKS_READ)) {
    const phase = stage === 'probation' ? 'probation' : 'canary'
    const look = await registry.ledger.newestLook({ project, workflowId, phase })
    const mature = look?.body.cohorts.filter((cohort) => cohort.mature) ?? []
    for (const arm of new Set(mature.map((cohort) => cohort.arm))) {
      const [exposed, labelled] = mature.reduce(
        ([all, some], cohort) => (cohort.arm === arm ? [all + cohort.exposed, some + cohort.labelled] : [all, some]),
        [0, 0],
      )
      if (exposed > 0) found.push({ project, arm, share: labelled / exposed })
    }
  }
  return found
}
