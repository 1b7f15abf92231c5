import { digestOf } from '../../contracts/canonical.js'
import { type EntryKind, type LedgerEntry, ofKind } from '../../contracts/ledger/index.js'
import type { ReleaseRecord } from '../../registry/index.js'
import { isIntact } from '../../registry/index.js'
import type { TraceLink } from './types.js'

/** The run whose evidence stands behind a decision; without entries when it is not recorded. */
export interface TracedRun {
  readonly workflowId: string
  readonly entries: readonly LedgerEntry[]
}

const isBaseline = ({ workflowId }: TracedRun): boolean => workflowId.startsWith('init/')

function link<Entry extends LedgerEntry>(
  name: TraceLink['name'],
  entry: Entry | undefined,
  run: TracedRun,
  read: (entry: Entry) => Omit<TraceLink, 'name'>,
): TraceLink {
  if (entry && !isIntact(entry)) {
    const says = `entry ${entry.seq} of ${entry.project} does not have the hash it was recorded with`
    return { name, status: 'broken', says, data: { seq: entry.seq } }
  }
  if (entry) {
    const { data, ...rest } = read(entry)
    return { name, ...rest, data: { seq: entry.seq, at: entry.at, ...data } }
  }
  if (isBaseline(run)) {
    const says = 'the release is the baseline of its project, which is not compared with another release'
    return { name, status: 'absent', says, data: {} }
  }
  return { name, status: 'broken', says: `nothing is recorded in ${run.workflowId}`, data: {} }
}

const newest = <Kind extends EntryKind>({ entries }: TracedRun, kind: Kind) => entries.findLast(ofKind(kind))

export function gatesLink(run: TracedRun, release: ReleaseRecord): TraceLink {
  const entry = run.entries.filter(ofKind('evaluation')).findLast(({ body }) => body.releaseId === release.releaseId)
  return link('gates', entry, run, ({ body }) => {
    const { report } = body
    const digest = digestOf(report)
    const passed = report.gates.filter((gate) => gate.passed).length
    if (digest !== body.digest || report.candidate !== release.digest) {
      const says = `the report has digest ${digest} of ${report.candidate}, recorded was ${body.digest}`
      return { status: 'broken', says, data: {} }
    }
    const says = `${passed} of ${report.gates.length} gates passed against ${body.production}: ${body.decision}`
    return { status: 'intact', says, data: { digest, gates: report.gates } }
  })
}

/** The look that the promotion cites, or the newest one. */
export function judgementLink(run: TracedRun, release: ReleaseRecord): TraceLink {
  const looks = run.entries.filter(ofKind('judgement'))
  const promotion = run.entries
    .filter(ofKind('alias_move'))
    .findLast(({ body }) => body.alias === 'production' && body.to === release.releaseId)
  if (promotion && !isIntact(promotion)) {
    const says = `entry ${promotion.seq} of ${promotion.project}, which promoted it, was altered`
    return { name: 'judgement', status: 'broken', says, data: { seq: promotion.seq } }
  }
  const cited = promotion?.body.evidence ?? null
  const entry = looks.find((look) => digestOf(look.body.judgement) === cited) ?? looks.at(-1)
  if (!entry && !isBaseline(run)) {
    const says = 'it was never exposed, so the judge had no look'
    return { name: 'judgement', status: 'absent', says, data: {} }
  }
  return link('judgement', entry, run, (look) => {
    const { judgement } = look.body
    const digest = digestOf(judgement)
    const { mature, interval, effect } = judgement.numbers
    if (cited !== null && digest !== cited) {
      const says = `the promotion cites judgement ${cited}, which is not recorded`
      return { status: 'broken', says, data: { cited } }
    }
    const range = interval ? `[${interval.map((bound) => bound.toFixed(4)).join(', ')}]` : 'no interval'
    const says = `${judgement.action} (${judgement.reason}) as of ${judgement.numbers.asOf}: ${mature.challenger} + ${mature.reference} mature, effect ${effect?.toFixed(4) ?? '–'} ${range}`
    return {
      status: 'intact',
      says,
      data: { digest, cited, evidence: look.body.evidence, cut: look.body.cut, judgement },
    }
  })
}

export function trainingLink(run: TracedRun, release: ReleaseRecord): TraceLink {
  const { artifact } = release.manifest.model
  return link('training_run', newest(run, 'training_run'), run, ({ body }) =>
    body.artifact === artifact && body.snapshot === release.manifest.snapshot
      ? {
          status: 'intact',
          says: `trained by code ${body.code} with seed ${body.seed}`,
          data: { ...body },
        }
      : {
          status: 'broken',
          says: `the training gave artifact ${body.artifact}, the release has ${artifact}`,
          data: {},
        },
  )
}

export function workflowLink(run: TracedRun, workflowUrl: (workflowId: string) => string | null): TraceLink {
  const { workflowId } = run
  const url = isBaseline(run) ? null : workflowUrl(workflowId)
  const triggered = link('workflow_run', newest(run, 'trigger'), run, () => ({
    status: 'intact',
    says: '',
    data: {},
  }))
  if (triggered.status !== 'intact') return triggered
  const verdict = newest(run, 'verdict')
  if (verdict && !isIntact(verdict)) return link('workflow_run', verdict, run, () => ({ ...triggered }))
  const ended = verdict ? `${verdict.body.verdict}: ${verdict.body.reason}` : 'in progress'
  return { ...triggered, says: `${workflowId}, ${ended}`, data: { workflowId, url, verdict: verdict?.body ?? null } }
}
