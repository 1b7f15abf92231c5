/** Share of successes with its 95 % score interval (Wilson 1927), as a figure's point has it. */
export function wilson(successes: number, trials: number): { y: number; low: number; high: number } {
  const z = 1.959964
  const share = successes / trials
  const centre = (share + z ** 2 / (2 * trials)) / (1 + z ** 2 / trials)
  const half = (z / (1 + z ** 2 / trials)) * Math.sqrt((share * (1 - share)) / trials + z ** 2 / (4 * trials ** 2))
  const round = (value: number) => Number(value.toFixed(5))
  return { y: round(share), low: round(Math.max(0, centre - half)), high: round(Math.min(1, centre + half)) }
}
