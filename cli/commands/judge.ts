import { type Command, InvalidArgumentError } from 'commander'
import { SlipwayError } from '../../contracts/failure.js'
import type { PromotionPolicy } from '../../contracts/types.js'
import { reportOn, worstAllowed } from '../../judge/index.js'
import { loadProjects, requireProject } from '../../projects/load.js'
import { judgeAgain, policyOfRun, replayWith } from '../../releases/judge-replay.js'
import { recordCorrections } from '../../releases/label-corrections.js'
import { show } from '../runtime/output.js'
import { openRegistryHandle } from '../runtime/platform.js'
import { readPolicy } from '../runtime/read-policy.js'
import { replayText, simulationText } from '../views/judge-view.js'
import { correctionText } from '../views/release-view.js'

interface SimulateOptions {
  policy?: string
  project?: string
  traffic: number
  rate: number
  effect: number
  cost: number
  runs: number
  seed: number
  json?: boolean
}

export function registerJudgeCommands(program: Command): void {
  const judge = program.command('judge').description('try a promotion policy on recorded or simulated evidence')
  judge
    .command('replay <release>')
    .description('what another policy would have decided, look by look, from the recorded evidence')
    .option(
      '--policy <file>',
      'JSON with the policy fields to change (default: judges again as recorded, and compares)',
    )
    .option('--json', 'print JSON')
    .action(replayRelease)
  judge
    .command('corrections <release>')
    .description('looks for labels corrected since the verdict, and records them against it')
    .option('--json', 'print JSON')
    .action(correctionsOf)
  judge
    .command('simulate')
    .description('false promotions, detections and days to a verdict under a policy')
    .option('--policy <file>', 'JSON with a policy, or with the fields to change of the project’s')
    .option('--project <project>', 'whose policy it starts from (default: eta, where the file is not a whole policy)')
    .requiredOption('--traffic <n>', 'decisions a day, both arms together', whole(2))
    .requiredOption('--rate <p>', 'share of production’s decisions that cost', number(0, 1))
    .requiredOption('--effect <d>', 'relative change of the candidate’s loss: 0.1 is a tenth worse', number(-1, 1000))
    .option('--cost <c>', 'loss of a decision that went wrong, in the project’s unit', number(0, 1e9), 1)
    .option('--runs <n>', 'simulated canaries for each candidate', whole(1), 1_000)
    .option('--seed <n>', 'the same seed gives the same answer', whole(0), 1)
    .option('--json', 'print JSON')
    .action(simulate)
}

async function replayRelease(id: string, options: { policy?: string; json?: boolean }): Promise<void> {
  const handle = await openRegistryHandle()
  try {
    const run = await handle.registry.runs.get(id)
    if (options.policy !== undefined) {
      const replayed = replayWith(run, readPolicy(options.policy, policyOfRun(run)))
      show(options, replayed, () => replayText(replayed, true))
      return
    }
    const again = judgeAgain(run)
    show(options, again, () => {
      const { differing, looks } = again
      const same = `${looks.length - differing.length} of ${looks.length} looks judged as recorded`
      return [replayText(again, false), same, ...differing.map((asOf) => `  differs: ${asOf}`)].join('\n')
    })
    if (again.differing.length > 0) process.exitCode = 1
  } finally {
    await handle.stop()
  }
}

async function correctionsOf(id: string, options: { json?: boolean }): Promise<void> {
  const handle = await openRegistryHandle()
  try {
    const found = await recordCorrections(handle.registry, await handle.registry.runs.get(id), Date.now())
    show(options, found, () => found.map(correctionText).join('\n') || 'no label it rested on was corrected since')
  } finally {
    await handle.stop()
  }
}

async function simulate(options: SimulateOptions): Promise<void> {
  const policy = await policyFor(options)
  const { traffic, rate, effect, cost, runs, seed } = options
  for (const [name, relative] of [
    ['--effect', effect],
    ['the margin of the policy', worstAllowed(policy) / (rate * cost)],
  ] as const) {
    if (rate * (1 + relative) <= 1) continue
    const share = (rate * (1 + relative)).toFixed(2)
    throw new SlipwayError(
      'BadRequest',
      `${name} would make ${share} of the decisions cost ${cost}, which is more than all; change --rate, --cost or the policy`,
    )
  }
  const report = reportOn(policy, { traffic, rate, effect, cost, runs, seed })
  show(options, report, () => simulationText(report))
}

/** A file that is no whole policy changes that of a project: ETA's, where none is named. */
async function policyFor({ policy: file, project }: SimulateOptions): Promise<PromotionPolicy> {
  if (file !== undefined && project === undefined) {
    const whole = wholePolicy(file)
    if (whole) return whole
  }
  if (file === undefined && project === undefined)
    throw new SlipwayError('BadRequest', 'name a policy: --policy FILE, --project NAME, or both')
  const base = requireProject(await loadProjects(), project ?? 'eta').policy
  return file === undefined ? base : readPolicy(file, base)
}

function wholePolicy(file: string): PromotionPolicy | undefined {
  try {
    return readPolicy(file, undefined)
  } catch (error) {
    if (error instanceof SlipwayError) return undefined
    throw error
  }
}

function number(above: number, upTo: number) {
  return (text: string): number => {
    const value = text.trim() === '' ? Number.NaN : Number(text)
    if (value > above && value <= upTo) return value
    throw new InvalidArgumentError(`It must be a number above ${above} and at most ${upTo}.`)
  }
}

function whole(least: number) {
  return (text: string): number => {
    const value = text.trim() === '' ? Number.NaN : Number(text)
    if (Number.isSafeInteger(value) && value >= least) return value
    throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`)
  }
}
