/** The first lines of `slipway release show`: what became of it in one sentence, and the number that says so. */
import { bodiesOf } from '../../contracts/ledger/index.js'
import type { VerdictName } from '../../contracts/names.js'
import type { ReleaseRunRecord } from '../../registry/index.js'

const SENTENCES: Readonly<Record<VerdictName, string>> = {
  promoted: 'was promoted: it is production now, or was until a later release',
  held: 'was held: production was not touched',
  rolled_back: 'was rolled back from its canary: production was not touched',
  aborted: 'was aborted by an operator: production was not touched',
  reverted: 'was promoted and then reverted: the earlier release is production again',
  failed: 'failed before it could be judged: production was not touched',
}

const figure = (value: number): string => value.toFixed(4)

/** @param stage what an open run does @returns a sentence, and the number where there is one */
export function headlineText(run: ReleaseRunRecord, stage: string): string[] {
  const [ended] = bodiesOf(run.entries, 'verdict')
  const candidate = run.releaseId ?? `the candidate of ${run.project}`
  const sentence = ended ? SENTENCES[ended.verdict] : `has no verdict yet, ${stage}`
  const number = measuredText(run) ?? gateText(run)
  return [`${candidate} ${sentence}${ended ? ` (${ended.reason})` : ''}.`, ...(number === undefined ? [] : [number])]
}

/** The newest look of its canary or probation. */
function measuredText({ entries }: ReleaseRunRecord): string | undefined {
  const look = bodiesOf(entries, 'judgement').findLast(({ judgement: { numbers } }) => numbers.effect !== null)
  if (!look) return undefined
  const { effect, interval, mature, asOf } = look.judgement.numbers
  if (effect === null) return undefined
  const range = interval ? `, between ${interval.map(figure).join(' and ')}` : ''
  const decisions = `${mature.challenger} + ${mature.reference} mature decisions as of ${asOf.slice(0, 10)}`
  return `Loss per decision, canary minus production: ${figure(effect)}${range} (${decisions}); below 0 is better.`
}

/** Before any look: the gate that failed, or else the one about the cost. */
function gateText({ entries }: ReleaseRunRecord): string | undefined {
  const gates = bodiesOf(entries, 'evaluation').at(-1)?.report.gates ?? []
  const gate = gates.find(({ passed }) => !passed) ?? gates.find(({ name }) => name === 'cost_improves')
  return gate && `Gate ${gate.name} ${gate.passed ? 'passed' : 'failed'}: ${gate.detail}`
}
