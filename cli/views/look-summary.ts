/** The looks of a run in a few lines: a canary of weeks has hundreds, most of which say `continue`. */
/** At most so many are printed without `--all`. */
const MOST = 8

/** @returns what is printed, and how many looks are not */
export function chosenLooks<Look extends { readonly phase: string; readonly judgement: { readonly action: string } }>(
  looks: readonly Look[],
  all: boolean,
): { shown: readonly Look[]; left: number } {
  if (all || looks.length <= MOST) return { shown: looks, left: 0 }
  const isLast = (look: Look, at: number) => looks[at + 1]?.phase !== look.phase
  const telling = looks.filter((look, at) => isLast(look, at) || look.judgement.action !== 'continue')
  const shown = telling.slice(-MOST)
  return { shown, left: looks.length - shown.length }
}
