import type { Command } from 'commander'
import { SlipwayError } from '../../contracts/failure.js'
import type { PromotionPolicy } from '../../contracts/types.js'
import { loadProjects, requireProject } from '../../projects/load.js'
import { judgeAgain, policyOfRun, replayWith } from '../../releases/judge-replay.js'
import { recordCorrections } from '../../releases/label-corrections.js'
import { simulatePolicy, streamOf } from '../../releases/policy/simulate-policy.js'
import { show } from '../runtime/output.js'
import { openRegistryHandle } from '../runtime/platform.js'
import { readPolicy } from '../runtime/read-policy.js'
import { replayText, simulationText } from '../views/judge-view.js'
import { correctionText } from '../views/release-view.js'
import { registerEvaluate } from './judge-evaluate.js'
import { registerPlan } from './judge-plan.js'
import { number, whole } from './number-options.js'
import { addStreamOptions, type StreamOptions } from './stream-options.js'

interface SimulateOptions extends StreamOptions {
  policy?: string
  project?: string
  traffic: number
  rate: number
  effect: number
  cost: number
  runs: number
  seed: number
  shadowDiffering?: number
  json?: boolean
}

export function registerJudgeCommands(program: Command): void {
  const judge = program.command('judge').description('try a promotion policy on recorded or simulated evidence')
  judge
    .command('replay <release>')
    .description('show what another policy would have decided at each look, from the recorded evidence')
    .option(
      '--policy <file>',
      'JSON file with the policy fields to change (default: judge again with the recorded policy and compare)',
    )
    .option('--json', 'print JSON')
    .action(replayRelease)
  judge
    .command('corrections <release>')
    .description(
      'find labels that were corrected after the verdict, and record them with what the judge would now decide',
    )
    .option('--json', 'print JSON')
    .action(correctionsOf)
  const simulation = judge
    .command('simulate')
    .description('estimate false promotions, detections and days to a verdict under a policy')
    .option('--policy <file>', 'JSON file with a whole policy, or with the fields to change in the project’s policy')
    .option(
      '--project <project>',
      'project whose policy is used or changed (default: eta, if the file is not a whole policy)',
    )
    .requiredOption('--traffic <n>', 'decisions per day, both arms together', whole(2))
    .requiredOption('--rate <p>', 'share of production decisions that incur a loss', number(0, 1))
    .requiredOption('--effect <d>', 'relative change of the candidate’s loss: 0.1 means 10 % worse', number(-1, 1000))
    .option('--cost <c>', 'loss of one wrong decision, in the project’s unit', number(0, 1e9), 1)
    .option('--runs <n>', 'simulated canaries per candidate', whole(1), 1_000)
    .option('--seed <n>', 'random seed; the same seed gives the same result', whole(0), 1)
    .option(
      '--shadow-differing <share>',
      'share of the requests on which the candidate’s loss is another than production’s: also simulates releases that begin in the shadow of the policy, and the days that it saves',
      number(0, 1),
    )
    .option('--json', 'print JSON')
    .action(simulate)
  addStreamOptions(simulation)
  registerEvaluate(judge)
  registerPlan(judge)
}

async function replayRelease(id: string, options: { policy?: string; json?: boolean }): Promise<void> {
  const handle = await openRegistryHandle()
  try {
    const run = await handle.registry.runs.get(id)
    if (options.policy !== undefined) {
      const replayed = replayWith(run, readPolicy(options.policy, policyOfRun(run)))
      show(options, replayed, (shown) => replayText(shown, true))
      return
    }
    const again = judgeAgain(run)
    show(options, again, (shown) => {
      const { differing, looks } = shown
      const same = `${looks.length - differing.length} of ${looks.length} looks judged as recorded`
      return [replayText(shown, false), same, ...differing.map((asOf) => `  differs: ${asOf}`)].join('\n')
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
    show(
      options,
      found,
      (shown) => shown.map(correctionText).join('\n') || 'no label that the verdict used has been corrected since',
    )
  } finally {
    await handle.stop()
  }
}

async function simulate(options: SimulateOptions): Promise<void> {
  const policy = await policyFor(options)
  const { traffic, rate, effect, cost, runs, seed } = options
  const stream = streamOf(options)
  const { shadowDiffering } = options
  const shadow = shadowDiffering === undefined ? {} : { shadowDiffering }
  const assumptions = { traffic, rate, effect, cost, runs, seed, ...shadow, ...(stream ? { stream } : {}) }
  show(options, simulatePolicy({ policy, ...assumptions }, 'options'), simulationText)
}

/** A file that is not a whole policy changes the policy of a project; the project is `eta` unless one is named. */
async function policyFor({ policy: file, project }: SimulateOptions): Promise<PromotionPolicy> {
  if (file !== undefined && project === undefined) {
    const whole = wholePolicy(file)
    if (whole) return whole
  }
  if (file === undefined && project === undefined)
    throw new SlipwayError('BadRequest', 'no policy given; name one with --policy FILE, --project NAME, or both')
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
