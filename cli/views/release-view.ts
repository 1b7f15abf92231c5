/** Output of `slipway release list`, `show` and `watch`. */

import {
  type ApprovalBody,
  bodiesOf,
  type EntryPart,
  type LabelCorrection,
  type OperatorActionBody,
  ofKind,
  overrideReason,
  type RecordedLook,
  type ShadowNumbers,
  type TrainingRunBody,
} from '../../contracts/ledger/index.js'
import { leftOutText } from '../../contracts/left-out-text.js'
import type { EvaluationReport, ReleaseInput, SegmentNumbers, SnapshotManifest } from '../../contracts/types.js'
import type { ReleaseRunRecord, ReleaseRunSummary } from '../../registry/index.js'
import type { Attention } from '../../releases/attention.js'
import { table } from '../runtime/output.js'
import { minuteOf, zoneName } from '../runtime/wall-time.js'
import { headlineText } from './headline.js'
import { judge2Text } from './judge-2-text.js'
import { lookPlot } from './look-plot.js'
import { chosenLooks } from './look-summary.js'
import { pairedText } from './paired-text.js'

/** @property unrecorded only Temporal knows it: no worker has taken it yet */
export type ListedRun = ReleaseRunSummary & { readonly unrecorded?: true }

const inProgress = ({ stage, unrecorded }: Pick<ListedRun, 'stage' | 'unrecorded'>): string =>
  unrecorded ? 'started; no worker has taken it yet' : `in progress: ${stage}`

export const listText = (runs: readonly ListedRun[]): string =>
  runs.length === 0
    ? 'no releases yet; start one with: slipway release start eta'
    : table(
        ['release run', 'candidate', `started (${zoneName()})`, 'verdict', 'reason'],
        runs.map((run) => [
          run.workflowId,
          run.releaseId ?? '–',
          minuteOf(run.startedAt),
          run.verdict ?? inProgress(run),
          run.reason ?? '',
        ]),
      )

export const attentionText = (needs: readonly Attention[]): string =>
  needs.length === 0
    ? 'no release needs attention'
    : table(
        ['release run', `since (${zoneName()})`, 'why'],
        needs.map(({ workflowId, since, text }) => [workflowId, minuteOf(since), text]),
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

/** One look in one line: the interval, the mature decisions, and the judgement. */
export function lookText({ phase, judgement, shadow }: Pick<RecordedLook, 'phase' | 'judgement' | 'shadow'>): string {
  const { numbers, action, reason } = judgement
  if (shadow)
    return `${numbers.asOf.slice(0, 10)} shadow: ${shadowText(shadow)}${pairedText(numbers)} → ${action} (${reason})`
  const interval = numbers.interval ? `[${numbers.interval.map(figure).join(', ')}]` : 'no interval yet'
  const mature = `${numbers.mature.challenger} + ${numbers.mature.reference} mature`
  const open = numbers.estimate ? `, estimated for open days ${figure(numbers.estimate.effect)}` : ''
  const plot = lookPlot(numbers)
  return `${numbers.asOf.slice(0, 10)} ${phase}: ${plot && `${plot} `}${mature}, effect ${figure(numbers.effect)} ${interval}${open}${judge2Text(numbers)}${pairedText(numbers)} → ${action} (${reason})`
}

/** One line for each segment, as the newest look saw it. */
function segmentsText(looks: readonly RecordedLook[]): string[] {
  const { segments = [] } = looks.at(-1)?.judgement.numbers ?? {}
  const line = ({ name, challenger, reference, effect, interval, harmful }: SegmentNumbers) => {
    const range = interval ? `[${interval.map(figure).join(', ')}]` : 'no interval yet'
    return `  segment ${name}: ${challenger} + ${reference} mature, effect ${figure(effect)} ${range}${harmful ? ' HARM' : ''}`
  }
  return segments.map(line)
}

/** The candidate beside production on the same requests. */
export function shadowText({ compared, failed, otherActions, differences, segments, mature }: ShadowNumbers): string {
  const share = otherActionsText({ compared, failed, otherActions })
  const outputs = differences
    ? `, outputs differ by ${figure(differences.median)} (median), ${figure(differences.p99)} (99 %)`
    : ''
  // Those with the largest shares: all are in the report.
  const parts = [...(segments ?? [])].sort((a, b) => shareOf(b) - shareOf(a)).slice(0, 3)
  const most = parts.map((part) => `${part.segment} ${otherActionsText(part)}`).join(', ')
  const bySegment = most === '' ? '' : ` (most: ${most})`
  return `${compared} compared with production, ${failed} failed, ${share}${bySegment}${outputs}, ${mature} mature`
}

type Acted = Pick<ShadowNumbers, 'compared' | 'failed' | 'otherActions'>

const shareOf = ({ compared, failed, otherActions }: Acted): number =>
  compared > failed ? otherActions / (compared - failed) : 0

const otherActionsText = (acted: Acted): string =>
  acted.compared > acted.failed ? `${(100 * shareOf(acted)).toFixed(1)} % other actions` : 'no action'

/** A label correction that arrived after the verdict. */
export function correctionText({ phase, asOf, arms, said, wouldSay }: LabelCorrection): string {
  const corrected = arms.map(({ arm, corrected }) => `${corrected} of ${arm}`).join(' and ')
  const effect = `effect ${figure(wouldSay.numbers.effect)}`
  return `labels corrected after the verdict: ${corrected}; the ${phase} look as of ${asOf.slice(0, 10)} decided ${said.action} (${said.reason}) and would now decide ${wouldSay.action} (${wouldSay.reason}), ${effect}; the verdict stands`
}

const saidText = ({ action, by, identity, reason, accepted, message, pending }: OperatorActionBody): string =>
  `${action} by ${by}${identity ? `, ${identity}` : ''} (${reason}): ${accepted || pending ? '' : 'refused: '}${message}`

/** @param all every look; otherwise those that say most */
export function showText(run: ReleaseRunRecord & Pick<ListedRun, 'unrecorded'>, all = true): string {
  const reports = bodiesOf(run.entries, 'evaluation')
  const looks = bodiesOf(run.entries, 'judgement')
  const { shown, left } = chosenLooks(looks, all)
  const actions = bodiesOf(run.entries, 'operator_action')
  const [verdict] = bodiesOf(run.entries, 'verdict')
  return [
    ...headlineText(run, inProgress(run)),
    `${run.workflowId}  candidate ${run.releaseId ?? '–'}`,
    ...otherRunsText(run),
    ...bodiesOf(run.entries, 'trigger').map(triggerText),
    ...bodiesOf(run.entries, 'snapshot').map(({ manifest }) => snapshotText(manifest)),
    ...reports.map((item) => `offline gates against ${item.production}: ${item.decision}\n${gatesText(item.report)}`),
    ...(looks.length > 0
      ? [
          'looks of the judge (loss of canary minus production per decision):',
          ...shown.map(lookText),
          ...notShown(left, run.workflowId),
          ...segmentsText(looks),
        ]
      : []),
    ...bodiesOf(run.entries, 'label_correction').map(correctionText),
    ...actions.map(saidText),
    ...bodiesOf(run.entries, 'approval').map(approvalText),
    ...overrideText(run),
    verdict ? `${verdict.verdict}: ${verdict.reason}\n${verdict.detail}` : inProgress(run),
  ].join('\n')
}

const notShown = (left: number, workflowId: string): string[] =>
  left === 0 ? [] : [`  ${left} more looks; to see all of them: slipway release show ${workflowId} --all`]

/** A tuple that is trained again is the same release; its newest run is shown. */
const otherRunsText = ({ releaseId, otherRuns = [] }: ReleaseRunRecord): string[] =>
  otherRuns.length === 0 ? [] : [`this is the newest run of ${releaseId}; earlier: ${otherRuns.join(', ')}`]

/** One ledger entry in one line; undefined for kinds that add nothing for a reader. */
export function entryText({ kind, body }: EntryPart<never>): string | undefined {
  switch (kind) {
    case 'trigger':
      return triggerText(body)
    case 'snapshot':
      return snapshotText(body.manifest)
    case 'training_run':
      return trainingText(body)
    case 'evaluation':
      return `offline gates against ${body.production}: ${body.decision}`
    case 'canary_step':
      if (body.phase === 'shadow') return 'shadow: the candidate scores what production answers'
      return body.weight === 0
        ? `exposure closes on ${new Date(body.fromDay).toISOString().slice(0, 10)}`
        : `${body.phase} at ${body.weight / 100} %`
    case 'judgement':
      return lookText(body)
    case 'alias_move':
      return `${body.alias}: ${body.from ?? '–'} → ${body.to ?? '–'} (${body.reason})`
    case 'operator_action':
      return saidText(body)
    case 'approval':
      return approvalText(body)
    case 'label_correction':
      return correctionText(body)
    case 'verdict':
      return `${body.verdict}: ${body.reason} — ${body.detail}`
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
function approvalText({ state, by, reason }: ApprovalBody): string {
  if (state === 'asked') return `promotion waits for approval by another person; judged ${reason}`
  return state === 'given' ? `promotion approved by ${by}: ${reason}` : `approval lapsed: ${reason}`
}

/** A promotion by an operator before the window was over. */
function overrideText({ entries }: ReleaseRunRecord): string[] {
  return entries.filter(ofKind('alias_move')).flatMap((move) => {
    const reason = overrideReason(move)
    return reason === null ? [] : `OVERRIDE: ${move.body.actor} promoted it before its window was over: ${reason}`
  })
}

function trainingText(body: TrainingRunBody): string {
  if (body.failed) return `training attempt ${body.attempt} failed: ${body.failed.message}`
  const resumed = Number(body.firstEpoch) > 1 ? `, resumed with epoch ${body.firstEpoch}` : ''
  return `trained ${body.featureVersion}${resumed}: ${metricsText(body.metrics ?? {})}`
}

function snapshotText({ rows, days, rejected }: SnapshotManifest): string {
  const refused = rejected.map(leftOutText).join(', ')
  return `snapshot: ${rows} rows, ${days.first}..${days.last}${refused ? `; left out: ${refused}` : ''}`
}

const metricsText = (metrics: Readonly<Record<string, number>>): string =>
  Object.entries(metrics)
    .map(([name, value]) => `${name} ${Number.isInteger(value) ? value : value.toFixed(4)}`)
    .join(', ')
