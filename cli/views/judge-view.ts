/** Output of the `slipway judge` commands. */
import type { PolicyReport, Rates } from '../../judge/index.js'
import type { LookAgain, Replayed } from '../../releases/judge-replay.js'
import { table } from '../runtime/output.js'

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
const signed = (effect: number): string => `${effect < 0 ? '' : '+'}${percent(effect)}`
const figure = (value: number): string => value.toFixed(4)

export function replayText({ looks, verdict, wouldHave }: Replayed, otherPolicy: boolean): string {
  const judgedAgain = ({ again, verdict: end }: LookAgain) => {
    if (!again) return '–'
    return `${again.action} (${again.reason})${end ? ` → ${end}` : ''}`
  }
  const interval = ({ again }: LookAgain) => again?.numbers.interval?.map(figure).join(' .. ') ?? '–'
  const rows = looks.map((look) => [
    look.asOf.slice(0, 16).replace('T', ' '),
    look.phase,
    `${look.recorded.action} (${look.recorded.reason})`,
    judgedAgain(look),
    interval(look),
  ])
  const head = ['as of', 'phase', 'recorded', otherPolicy ? 'this policy' : 'judged again', 'interval']
  const end = otherPolicy
    ? `recorded: ${verdict ?? 'in progress'}; this policy: ${wouldHave ?? 'undecided within the recorded looks'}`
    : `recorded: ${verdict ?? 'in progress'}`
  return `${table(head, rows)}\n${end}`
}

const HEAD = ['loss of the candidate', 'promoted', 'rolled back', 'held', 'days to a verdict: p10 / median / p90']

export function simulationText(report: PolicyReport): string {
  const { traffic, rate, cost, runs, seed, effect, worstAllowed, asked, same, shadow } = report
  const row: Row = (name, relative, rates) => [
    `${name} (${signed(relative)})`,
    percent(rates.promoted),
    percent(rates.rolledBack),
    percent(rates.held),
    `${rates.days.p10} / ${rates.days.median} / ${rates.days.p90}`,
  ]
  const found =
    report.detection === null
      ? []
      : [
          `detection of ${signed(effect)}: ${percent(report.detection)}, after ${report.daysToDetection ?? '–'} days (median of those detected)`,
        ]
  return [
    `${runs} canaries each, ${traffic} decisions per day of which ${percent(rate)} incur a loss of ${cost}, seed ${seed}`,
    table(HEAD, [
      row('the same', 0, same),
      row('at the margin: must not be promoted', worstAllowed.effect, worstAllowed),
      row('as given by --effect', effect, asked),
    ]),
    `false promotion: ${percent(report.falsePromotion)}`,
    ...found,
    `information by the deadline, for groupSequential.plannedInformation: ${report.information}`,
    ...(report.warning ? [`warning: ${report.warning}`] : []),
    ...(shadow ? ['', shadowText(shadow, row, { effect, worst: worstAllowed.effect })] : []),
  ].join('\n')
}

type Row = (name: string, relative: number, rates: Rates) => string[]

function shadowText(
  { differing, same, worstAllowed, asked, canaryAlone, notJudged, daysSaved }: NonNullable<PolicyReport['shadow']>,
  row: Row,
  { effect, worst }: { effect: number; worst: number },
): string {
  return [
    `releases that begin in the shadow of the policy, where the candidate’s loss is another for ${percent(differing)} of the requests; days from the opening of the shadow`,
    table(HEAD, [
      row('the same', 0, same),
      row('at the margin: must not be promoted', worst, worstAllowed),
      row('as given by --effect', effect, asked),
      row('the same candidate, after a shadow that is not judged', effect, notJudged),
      row('the same candidate, without a shadow', effect, canaryAlone),
    ]),
    daysSaved >= 0
      ? `the shadow saves ${daysSaved} days (median, against no shadow)`
      : `the shadow costs ${-daysSaved} days (median, against no shadow)`,
  ].join('\n')
}
