import type { EvaluationBody } from '../../../contracts/ledger/index.js'
import type { EvaluationReport, GateResult } from '../../../contracts/types.js'
import { html, type Markup, number, table } from '../../html.js'
import type { ReportData } from '../report-data.js'

/**
 * Each offline evaluation: every gate with number and threshold, then both releases side by side, overall and by slice.
 */
export const gatesSection = ({ run, evaluations }: ReportData): Markup =>
  evaluations.length === 0
    ? html`<section><h2>Offline gates</h2><p>${
        run.verdict === null
          ? 'Its candidate has not been evaluated yet.'
          : 'The run ended before its candidate was evaluated.'
      }</p></section>`
    : html`${evaluations.map(evaluationSection)}`

function evaluationSection({ production, decision, report }: EvaluationBody): Markup {
  return html`<section>
<h2>Offline gates against ${production}: <code>${decision}</code></h2>
${table(['gate', '', 'finding', 'number', 'threshold'], report.gates.map(gateRow), 3)}
<h3>Side by side</h3>
${metricsTable(report)}
${report.slices.length > 0 && html`<h3>Slices</h3>${slicesTable(report)}`}
</section>`
}

const gateRow = ({ name, passed, detail, value, threshold }: GateResult) => [
  html`<strong>${name}</strong>`,
  passed ? html`<span class="good">passed</span>` : html`<span class="bad">FAILED</span>`,
  detail,
  number(value),
  number(threshold),
]

function metricsTable({ metrics: { candidate, production } }: EvaluationReport): Markup {
  const names = [...new Set([...Object.keys(candidate), ...Object.keys(production)])]
  const rows = names.map((name) => [name, ...compared(candidate[name], production[name])])
  return table(['metric', 'candidate', 'production', 'difference'], rows, 1)
}

function slicesTable({ slices }: EvaluationReport): Markup {
  const names = [...new Set(slices.flatMap(({ candidate }) => Object.keys(candidate)))]
  const head = ['slice', 'rows', ...names.flatMap((name) => [`${name}: candidate`, 'production', 'difference'])]
  const rows = slices.map(({ name, rows, candidate, production }) => [
    name,
    number(rows),
    ...names.flatMap((metric) => compared(candidate[metric], production[metric])),
  ])
  return table(head, rows, 1)
}

const compared = (candidate: number | undefined, production: number | undefined): string[] => {
  const difference = candidate === undefined || production === undefined ? undefined : candidate - production
  const sign = difference !== undefined && difference > 0 ? '+' : ''
  return [number(candidate), number(production), `${sign}${number(difference)}`]
}
