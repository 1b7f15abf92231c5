/** Releases as people read them in a terminal. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { EvaluationReport, Judgement } from '../contracts/types.js'
import type { Registry, ReleaseRunRecord } from '../registry/index.js'
import { type OutputOptions, table } from './output.js'

type RunSummary = Awaited<ReturnType<Registry['runs']>>[number]

export const listText = (runs: readonly RunSummary[]): string =>
  runs.length === 0
    ? 'no releases yet; start one with: slipway release start eta'
    : table(
        ['release run', 'candidate', 'started', 'verdict', 'reason'],
        runs.map((run) => [run.workflowId, run.releaseId ?? '–', run.startedAt, run.verdict ?? 'in progress', run.reason ?? '']),
      )

const figure = (value: number | null | undefined): string => (value === null || value === undefined ? '–' : value.toFixed(4))

export function gatesText(report: EvaluationReport): string {
  return table(
    ['gate', '', 'value', 'threshold', 'detail'],
    report.gates.map((gate) => [gate.name, gate.passed ? 'passed' : 'FAILED', figure(gate.value), figure(gate.threshold), gate.detail]),
  )
}

/** One look in one line: the interval, what was mature, what the judge said. */
export function lookText({ phase, judgement }: { phase: string; judgement: Judgement }): string {
  const { numbers, action, reason } = judgement
  const interval = numbers.interval ? `[${numbers.interval.map(figure).join(', ')}]` : 'no interval yet'
  const mature = `${numbers.mature.challenger} + ${numbers.mature.reference} mature`
  return `${numbers.asOf.slice(0, 10)} ${phase}: ${mature}, effect ${figure(numbers.effect)} ${interval} → ${action} (${reason})`
}

export function showText(run: ReleaseRunRecord): string {
  const bodies = (kind: string) => run.entries.filter((entry) => entry.kind === kind).map((entry) => entry.body)
  const reports = bodies('evaluation') as unknown as { report: EvaluationReport; production: string; decision: string }[]
  const looks = bodies('judgement') as unknown as { phase: string; judgement: Judgement }[]
  const actions = bodies('operator_action') as { action: string; by: string; reason: string; message: string }[]
  const verdict = bodies('verdict')[0] as { verdict: string; reason: string; detail: string } | undefined
  return [
    `${run.workflowId}  candidate ${run.releaseId ?? '–'}`,
    ...reports.map((item) => `offline gates against ${item.production}: ${item.decision}\n${gatesText(item.report)}`),
    ...(looks.length > 0 ? ['looks of the judge (loss of canary minus production per decision):', ...looks.map(lookText)] : []),
    ...actions.map((item) => `${item.action} by ${item.by} (${item.reason}): ${item.message}`),
    verdict ? `${verdict.verdict}: ${verdict.reason}\n${verdict.detail}` : 'in progress',
  ].join('\n')
}

/** Prints what is new in the registry each second until the verdict. */
export async function watchRelease(registry: Registry, id: string, options: OutputOptions): Promise<void> {
  let seen = 0
  for (;;) {
    const run = await registry.run(id)
    for (const entry of run.entries.slice(seen)) {
      process.stdout.write(`${options.json ? JSON.stringify(entry) : entryText(entry)}\n`)
    }
    seen = run.entries.length
    if (run.verdict !== null) return
    await sleep(1_000)
  }
}

function entryText({ kind, at, body }: ReleaseRunRecord['entries'][number]): string {
  const value = body as Record<string, unknown>
  const says: Record<string, () => string> = {
    snapshot: () => `snapshot ${value.digest}`,
    training_run: () => `trained: ${JSON.stringify(value.metrics)}`,
    evaluation: () => `offline gates: ${value.decision}`,
    canary_step: () => `${value.phase} at ${Number(value.weight) / 100} %`,
    judgement: () => lookText(value as unknown as { phase: string; judgement: Judgement }),
    alias_move: () => `${value.alias}: ${value.from ?? '–'} → ${value.to ?? '–'} (${value.reason})`,
    operator_action: () => `${value.action} by ${value.by}: ${value.message}`,
    verdict: () => `${value.verdict}: ${value.reason} — ${value.detail}`,
  }
  return `${at.slice(11, 19)} ${says[kind]?.() ?? kind}`
}
