import type { Outcome } from './play-cell.js'

/** Fault × stage × outcome, for people. */
export function tableOf(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ cell, verdict, seconds, answered, refused, problems }) => [
    cell.fault,
    cell.target,
    `${cell.stage}${cell.when ? `, ${cell.when}` : ''}`,
    verdict,
    `${answered} answered, ${refused} refused`,
    `${seconds} s`,
    problems.length === 0 ? 'holds' : problems.join('; '),
  ])
  const head = ['fault', 'target', 'stage', 'verdict', 'decisions', 'time', 'invariants']
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  return all
    .map((row) => row.map((text, column) => text.padEnd(column === head.length - 1 ? 0 : (widths[column] ?? 0))))
    .map((row) => row.join('  '))
    .join('\n')
}
