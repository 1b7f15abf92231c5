/** A source with another problem in each row: what is kept of it, and printed, has a bound. */
import { expect, it } from 'vitest'
import { collectProblems } from '../../../projects/kit/source-problems.js'

it('names the first hundred kinds of problems, and counts the others', () => {
  const problems = collectProblems()
  for (let row = 1; row <= 10_000; row += 1) problems.add(`query "q${row}" is repeated`, `row ${row}`)
  problems.add('query "q7" is repeated', 'row 10001')
  const list = problems.list()
  expect(list).toHaveLength(101)
  expect(problems.count).toBe(10_001)
  expect(list[6]).toEqual({ problem: 'query "q7" is repeated', count: 2, places: ['row 7', 'row 10001'] })
  expect(list.at(-1)).toMatchObject({ problem: 'further problems of other kinds', count: 9_900 })
})
