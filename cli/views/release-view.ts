/** Output of `slipway release list`, `show` and `watch`. */

import type { EvaluationReport, Judgement, ReleaseInput, SnapshotManifest } from '../../contracts/types.js'
import type { LedgerEntry, Registry, ReleaseRunRecord } from '../../registry/index.js'
import type { Attention } from '../../releases/attention.js'
import type { LabelCorrection } from '../../releases/label-corrections.js'
import { table } from '../runtime/output.js'
import { lookPlot } from './look-plot.js'

type RunSummary = Awaited<ReturnType<Registry['runs']['list']>>[number]

const inProgress = ({ stage }: Pick<RunSummary, 'stage'>): string => `in progress: ${stage}`

export const listText = (runs: readonly RunSummary[]): string =>
  runs.length === 0
    ? 'no releases yet; start one with: slipway release start eta'
    : table(
        ['release run', 'candidate', 'started', 'verdict', 'reason'],
        runs.map((run) => [
          run.workflowId,
          run.releaseId ?? '–',
          run.startedAt,
          run.verdict ?? inProgress(run),
          run.reason ?? '',
        ]),
      )

export const attentionText = (needs: readonly Attention[]): string =>
  needs.length === 0
    ? 'no release needs attention'
    : table(
        ['release run', 'since', 'why'],
        needs.map(({ workflowId, since, text }) => [workflowId, since, text]),
      )

const figure = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : value.toFixed(4)

export function gatesText(report: EvaluationReport): string {
  return table(
    ['gate', '', 'value', 'threshold', 'detail'],
    report.gates.map((gate) => [
      gate.name,
      gate.passed ? 'passed' : 'FAILED',
      figure(gate.value),
      figure(gate.threshold),
      gate.detail,
    ]),
  )
}

interface Look {
  readonly phase: string
  readonly judgement: Judgement
}

/** One look in one line: the interval, the mature decisions, and the judgement. */
export function lookText({ phase, judgement }: Look): string {
  const { numbers, action, reason } = judgement
  const interval = numbers.interval ? `[${numbers.interval.map(figure).join(', ')}]` : 'no interval yet'
  const mature = `${numbers.mature.challenger} + ${numbers.mature.reference} mature`
  const open = numbers.estimate ? `, estimated for open days ${figure(numbers.estimate.effect)}` : ''
  const plot = lookPlot(numbers)
  return `${numbers.asOf.slice(0, 10)} ${phase}: ${plot && `${plot} `}${mature}, effect ${figure(numbers.effect)} ${interval}${open} → ${action} (${reason})`
}

/** A label correction that arrived after the verdict. */
export function correctionText({ phase, asOf, arms, said, wouldSay }: LabelCorrection): string {
  const corrected = arms.map(({ arm, corrected }) => `${corrected} of ${arm}`).join(' and ')
  const effect = `effect ${figure(wouldSay.numbers.effect)}`
  return `labels corrected after the verdict: ${corrected}; the ${phase} look as of ${asOf.slice(0, 10)} decided ${said.action} (${said.reason}) and would now decide ${wouldSay.action} (${wouldSay.reason}), ${effect}; the verdict stands`
}

interface Said {
  readonly action: string
  readonly by: string
  readonly reason: string
  readonly accepted: boolean
  readonly message: string
}

const saidText = ({ action, by, reason, accepted, message }: Said): string =>
  `${action} by ${by} (${reason}): ${accepted ? '' : 'refused: '}${message}`

export function showText(run: ReleaseRunRecord): string {
  const bodies = (kind: string) => run.entries.filter((entry) => entry.kind === kind).map((entry) => entry.body)
  const reports = bodies('evaluation') as unknown as {
    report: EvaluationReport
    production: string
    decision: string
  }[]
  const looks = bodies('judgement') as unknown as Look[]
  const actions = bodies('operator_action') as unknown as Said[]
  const verdict = bodies('verdict')[0] as { verdict: string; reason: string; detail: string } | undefined
  return [
    `${run.workflowId}  candidate ${run.releaseId ?? '–'}`,
    ...(bodies('trigger') as unknown as ReleaseInput[]).map(triggerText),
    ...reports.map((item) => `offline gates against ${item.production}: ${item.decision}\n${gatesText(item.report)}`),
    ...(looks.length > 0
      ? ['looks of the judge (loss of canary minus production per decision):', ...looks.map(lookText)]
      : []),
    ...(bodies('label_correction') as unknown as LabelCorrection[]).map(correctionText),
    ...actions.map(saidText),
    ...bodies('approval').map(approvalText),
    ...overrideText(run),
    verdict ? `${verdict.verdict}: ${verdict.reason}\n${verdict.detail}` : inProgress(run),
  ].join('\n')
}

/** One ledger entry in one line; undefined for kinds that add nothing for a reader. */
export function entryText({ kind, body }: Pick<LedgerEntry, 'kind' | 'body'>): string | undefined {
  const text = (name: string) => String(body[name] ?? '–')
  switch (kind) {
    case 'trigger':
      return triggerText(body as unknown as ReleaseInput)
    case 'snapshot':
      return snapshotText(body.manifest as SnapshotManifest)
    case 'training_run':
      return trainingText(body)
    case 'evaluation':
      return `offline gates against ${text('production')}: ${text('decision')}`
    case 'canary_step':
      return body.weight === 0
        ? `exposure closes on ${new Date(Number(body.fromDay)).toISOString().slice(0, 10)}`
        : `${text('phase')} at ${Number(body.weight) / 100} %`
    case 'judgement':
      return lookText(body as unknown as Look)
    case 'alias_move':
      return `${text('alias')}: ${text('from')} → ${text('to')} (${text('reason')})`
    case 'operator_action':
      return saidText(body as unknown as Said)
    case 'approval':
      return approvalText(body)
    case 'label_correction':
      return correctionText(body as unknown as LabelCorrection)
    case 'verdict':
      return `${text('verdict')}: ${text('reason')} — ${text('detail')}`
    default:
      return undefined
  }
}

/** Who or what started the release, and the numbers it was started for. */
function triggerText({ trigger }: Pick<ReleaseInput, 'trigger'>): string {
  const { by, kind, cutoff, cause } = trigger
  const numbers = Object.entries(cause?.numbers ?? {}).map(([name, value]) => `${name} ${value}`)
  const why = cause === undefined ? '' : `: ${cause.reason}${numbers.length > 0 ? ` (${numbers.join(', ')})` : ''}`
  return `started by ${by} (${kind}), data as of ${cutoff}${why}`
}

/** The state of an approval by another person. */
function approvalText({ state, by, reason }: LedgerEntry['body']): string {
  if (state === 'asked') return `promotion waits for approval by another person; judged ${reason}`
  return state === 'given' ? `promotion approved by ${by}: ${reason}` : `approval lapsed: ${reason}`
}

/** A promotion by an operator before the window was over. */
function overrideText({ entries }: ReleaseRunRecord): string[] {
  const moved = entries.find(({ kind, key }) => kind === 'alias_move' && key.endsWith(':promote'))
  const reason = String(moved?.body.reason ?? '')
  if (!reason.startsWith(OVERRIDE)) return []
  return [`OVERRIDE: ${moved?.body.actor} promoted it before its window was over: ${reason.slice(OVERRIDE.length)}`]
}

const OVERRIDE = 'override:'

function trainingText(body: LedgerEntry['body']): string {
  const failed = body.failed as { message: string } | undefined
  if (failed) return `training attempt ${body.attempt} failed: ${failed.message}`
  const resumed = Number(body.firstEpoch) > 1 ? `, resumed with epoch ${body.firstEpoch}` : ''
  return `trained ${body.featureVersion}${resumed}: ${metricsText(body.metrics as Record<string, number>)}`
}

function snapshotText({ rows, days, rejected }: SnapshotManifest): string {
  const refused = rejected.map((item) => `${item.rows} (${item.reason})`).join(', ')
  return `snapshot: ${rows} rows, ${days.first}..${days.last}${refused ? `; left out: ${refused}` : ''}`
}

const metricsText = (metrics: Readonly<Record<string, number>>): string =>
  Object.entries(metrics)
    .map(([name, value]) => `${name} ${Number.isInteger(value) ? value : value.toFixed(4)}`)
    .join(', ')
