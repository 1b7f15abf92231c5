/** Texts that describe traffic and a wanted policy, on the command line and in forms. */
import { decimalOf } from '../../contracts/decimal.js'
import { DAY_MS, DURATION_PATTERN, durationMs } from '../../contracts/duration.js'
import type { TextRule } from '../../contracts/text-rules.js'
import type { World, WorldSegment } from '../../judge/index.js'

/** Each day of it is simulated. */
const LONGEST_HORIZON_MS = 365 * DAY_MS

export const horizonRule: TextRule<string> = (text) => {
  const ms = DURATION_PATTERN.test(text) ? durationMs(text) : 0
  if (ms > 0 && ms <= LONGEST_HORIZON_MS) return { value: text }
  return { problem: 'It must be a duration such as 5d, 12h or 30m, at most 365d.' }
}

/** Shares of the canary in percent. @returns them in basis points */
export const rampRule: TextRule<number[]> = (text) => {
  const shares = text.split(',').map((share) => Math.round(decimalOf(share.trim()) * 100))
  const rises = shares.every((share, index) => share > (shares[index - 1] ?? 0) && share <= 9_000)
  if (rises) return { value: shares }
  return { problem: 'It must be growing shares in percent, at most 90, such as 5,25,50.' }
}

/** Distribution of the losses. */
export const tailRule: TextRule<NonNullable<World['loss']>> = (text) => {
  const [kind, ...rest] = text.split(':')
  const [first = Number.NaN, second = Number.NaN] = rest.map(Number)
  if (kind === 'lognormal' && rest.length === 1 && first > 0 && first <= 5) return { value: { kind, sigma: first } }
  if (kind === 'pareto' && rest.length === 1 && first > 1 && first <= 100) return { value: { kind, index: first } }
  if (kind === 'disasters' && rest.length === 2 && first > 0 && first < 1 && second > 0)
    return { value: { kind, share: first, times: second } }
  return {
    problem: 'It must be lognormal:SIGMA (above 0, at most 5), pareto:INDEX (above 1) or disasters:SHARE:TIMES.',
  }
}

/** One more segment of the simulated traffic. @param before those that were given already */
export const segmentRule =
  (before: readonly WorldSegment[]): TextRule<WorldSegment[]> =>
  (text) => {
    const [name = '', ...rest] = text.split(':')
    const [share = Number.NaN, effect = 0] = rest.map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
    if (name === '' || rest.length > 2 || !(share > 0 && share <= 1) || !(effect >= -1 && effect <= 1000))
      return { problem: 'It must be NAME:SHARE or NAME:SHARE:EFFECT, with a share above 0 and at most 1.' }
    if (before.some((one) => one.name === name)) return { problem: `${name} is given twice.` }
    const all = [...before, { name, share, effect }]
    const total = all.reduce((sum, one) => sum + one.share, 0)
    if (total <= 1 + 1e-9) return { value: all }
    return { problem: `The shares are ${total.toFixed(3)} together, and at most 1.` }
  }

/** All of them, with commas. */
export const segmentsRule: TextRule<WorldSegment[]> = (text) => {
  let all: WorldSegment[] = []
  for (const one of text.split(',')) {
    const read = segmentRule(all)(one.trim())
    if ('problem' in read) return read
    all = read.value
  }
  return { value: all }
}
