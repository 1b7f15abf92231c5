/** `slipway judge evaluate`: the pure judge from outside. It needs no server. */
import type { Command } from 'commander'
import { SlipwayError } from '../../contracts/failure.js'
import { parseTime } from '../../contracts/instants.js'
import { parseOrRefuse } from '../../contracts/parse.js'
import { evidence as evidenceSchema } from '../../contracts/schemas/index.js'
import type { Evidence, Judgement, PromotionPolicy } from '../../contracts/types.js'
import { judge } from '../../judge/index.js'
import { readJson } from '../runtime/read-json.js'
import { readPolicy } from '../runtime/read-policy.js'

interface EvaluateOptions {
  policy: string
  evidence: string
  deadline?: string
  json?: boolean
}

/** No canary is late by then. */
const NEVER = '9999-12-31T00:00:00.000Z'

export function registerEvaluate(judgeCommand: Command): void {
  judgeCommand
    .command('evaluate')
    .description('judge an evidence file under a policy file and print the judgement as JSON; needs no server')
    .requiredOption('--policy <file>', 'JSON file with a whole policy (schema promotion_policy)')
    .requiredOption('--evidence <file>', 'JSON file with the evidence of one look (schema evidence)')
    .option('--deadline <instant>', 'from then on an undecided canary is held (default: never)')
    .option('--json', 'print the JSON on one line')
    .action(evaluate)
}

function evaluate({ policy, evidence, deadline, json }: EvaluateOptions): void {
  const given = parseOrRefuse(evidenceSchema, readJson(evidence, 'evidence file'), `evidence ${evidence}`)
  const until = deadline === undefined ? NEVER : parseTime(deadline, '--deadline').toISOString()
  const judged = judgeOrRefuse(readPolicy(policy, undefined), given, until)
  process.stdout.write(`${JSON.stringify(judged, null, json ? 0 : 2)}\n`)
}

/** Evidence that contradicts itself is wrong input here, as it came from a file. */
function judgeOrRefuse(policy: PromotionPolicy, given: Evidence, deadline: string): Judgement {
  try {
    return judge(policy, given, deadline)
  } catch (error) {
    if (error instanceof SlipwayError) throw new SlipwayError('BadRequest', error.message, { cause: error })
    throw error
  }
}
