/** How much a form may ask a decision service to simulate; the command line has no such limits. */
import { whole } from '../../contracts/text-rules.js'

const MOST_RUNS = 1_000

export const RUNS = {
  label: 'simulated canaries per candidate',
  hint: `At most ${MOST_RUNS}.`,
  initial: '200',
  rule: whole(1, MOST_RUNS),
}

export const SEED = { label: 'seed', hint: 'The same seed gives the same result.', initial: '1', rule: whole(0) }
