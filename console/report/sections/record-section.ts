import { bodiesOf, ofKind, type TrainingRunBody } from '../../../contracts/ledger/index.js'
import type { SnapshotManifest } from '../../../contracts/types.js'
import { html, type Markup, number, table } from '../../html.js'
import { pairs, tupleTable } from '../../tuple-table.js'
import { type ReportData, UNBOUNDED_SHOWN } from '../report-data.js'

const EARLIER = `These are the newest ${UNBOUNDED_SHOWN}; earlier ones are in the record, which the release's page offers as a file.`

/** Operator actions, alias moves, exposure and breaches, in the order of the ledger. */
export function recordSection({ run }: ReportData): Markup {
  const actions = run.entries
    .filter(ofKind('operator_action'))
    .map(({ at, body }) => [
      at,
      body.action,
      body.identity ? `${body.by} (${body.identity})` : body.by,
      body.reason,
      `${body.accepted || body.pending ? '' : 'refused: '}${body.message}`,
    ])
  const approvals = run.entries
    .filter(ofKind('approval'))
    .map(({ at, body }) => [at, body.state, body.by ?? '–', body.reason])
  const moves = run.entries
    .filter(ofKind('alias_move'))
    .map(({ at, body }) => [at, body.alias, body.from ?? '–', body.to ?? '–', body.actor, body.reason])
  const breaches = bodiesOf(run.entries, 'breach').map(({ at, signal, arm, power, value, threshold }) => [
    at,
    signal,
    arm,
    power,
    number(value),
    number(threshold),
  ])
  const steps = run.entries
    .filter(ofKind('canary_step'))
    .map(({ at, body }) => [at, body.phase, `${body.weight / 100} %`])
  return html`<section><h2>What happened</h2>
<h3>Operators</h3>
${actions.length === 0 ? html`<p>No operator acted.</p>` : table(['at', 'action', 'by', 'reason', 'answer'], actions)}
${run.shortened?.includes('operator_action') && html`<p>${EARLIER} Accepted actions are all here.</p>`}
${approvals.length > 0 && html`<h3>Approval</h3>${table(['at', 'state', 'by', 'reason'], approvals)}`}
<h3>Aliases</h3>
${moves.length === 0 ? html`<p>No alias moved.</p>` : table(['at', 'alias', 'from', 'to', 'by', 'reason'], moves)}
${steps.length > 0 && html`<h3>Exposure</h3>${table(['at', 'phase', 'share'], steps, 2)}`}
${breaches.length > 0 && html`<h3>Breaches</h3>${table(['at', 'signal', 'arm', 'power', 'value', 'threshold'], breaches, 4)}`}
${run.shortened?.includes('breach') && html`<p>${EARLIER}</p>`}
</section>`
}

/** The parts of the release tuple, and how the candidate was trained. */
export function tupleSection({ run, candidate, production }: ReportData): Markup {
  const trainings = bodiesOf(run.entries, 'training_run')
  const [snapshot] = bodiesOf(run.entries, 'snapshot')
  return html`<section><h2>The tuple</h2>
${tupleTable(['candidate', 'production'], [candidate, production])}
${snapshot && html`<p>Snapshot: ${number(snapshot.manifest.rows)} rows, ${snapshot.manifest.days.first} to ${snapshot.manifest.days.last}.</p>`}
${snapshot && snapshot.manifest.rejected.length > 0 && html`<h3>Left out of the snapshot</h3>${leftOutTable(snapshot.manifest)}`}
${trainings.map(trainingBlock)}
</section>`
}

const leftOutTable = ({ rejected }: SnapshotManifest): Markup =>
  table(
    ['reason', 'rows', 'examples'],
    rejected.map(({ reason, rows, examples }) => [reason, number(rows), examples?.join('; ') ?? '–']),
    1,
  )

function trainingBlock(training: TrainingRunBody): Markup {
  const { failed, output, peakMemoryBytes } = training
  const memory = peakMemoryBytes
    ? `peak memory ${number(Math.round(peakMemoryBytes / 1024 ** 2))} MiB`
    : 'memory not measured'
  return html`<h3>Training, attempt ${training.attempt ?? 1}</h3>
${failed && html`<p><span class="bad">${failed.type}</span> ${failed.message}</p>`}
<p>${number(training.seconds && Math.round(training.seconds * 10) / 10)} s, ${memory}; seed ${training.seed}; code <code>${training.code}</code>;
parameters ${pairs(training.parameters) || 'none'}; ${pairs(training.environment)}.${training.metrics && html` Metrics: ${pairs(training.metrics)}.`}</p>
${output && html`<details><summary>End of its output, ${number(output.bytes)} bytes in total (artifact <code>${output.artifact}</code>)</summary><pre>${output.tail}</pre></details>`}`
}
