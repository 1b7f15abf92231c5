/**
 * One query at a time per key for all callers, and an answer that took long is given again for ten times as long: a
 * reader that polls cannot use more than a tenth of a connection. A quick answer is never old.
 */
const QUICK_MS = 250
const TIMES_AS_LONG = 10
const LONGEST_MS = 10_000

export function createSharedAnswers<Answer>(clock: () => number = () => performance.now()) {
  const running = new Map<string, Promise<Answer>>()
  const kept = new Map<string, { readonly answer: Answer; readonly until: number }>()
  return async (key: string, ask: () => Promise<Answer>): Promise<Answer> => {
    const began = clock()
    for (const [old, { until }] of kept) if (until <= began) kept.delete(old)
    const known = kept.get(key)
    if (known) return known.answer
    const others = running.get(key)
    if (others) return others
    const asked = ask().finally(() => running.delete(key))
    running.set(key, asked)
    const answer = await asked
    const took = clock() - began
    if (took > QUICK_MS) kept.set(key, { answer, until: clock() + Math.min(LONGEST_MS, TIMES_AS_LONG * took) })
    return answer
  }
}
