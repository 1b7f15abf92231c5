/** A cell of 3 MB in an error's text must end the import as bad data: Temporal takes no failure of that size. */
import { DefaultFailureConverter, defaultPayloadConverter } from '@temporalio/common'
import { expect, it } from 'vitest'
import { atEdge } from '../../activities/activity-failures.js'
import { LONGEST_MESSAGE } from '../../contracts/bounded-text.js'
import { errorText } from '../../contracts/error-text.js'
import { SlipwayError } from '../../contracts/failure.js'
import { Refused } from '../../serving/refused.js'

const cell = '\u{1F4E6}'.repeat(1_500_000)
const foreign = () => new TypeError(`unexpected ${cell}`, { cause: new Error(cell, { cause: new Error(cell) }) })

const sent = async (error: Error) => {
  const { run } = atEdge({ run: () => Promise.reject(error) })
  const thrown = await run().catch((failure: unknown) => failure)
  return new DefaultFailureConverter().errorToFailure(thrown, defaultPayloadConverter)
}

it.each([
  ['bad data', () => new SlipwayError('BadData', `row 1: delay is "${cell}"; correct the file`)],
  ['bad data with a cause', () => new SlipwayError('BadData', 'row 1', { cause: foreign() })],
  ['an error of a library', foreign],
])('%s is sent to Temporal within its limit', async (_what, make) => {
  const failure = await sent(make())
  expect(JSON.stringify(failure).length).toBeLessThan(100_000)
})

it('the text keeps its beginning, its end and how much is left out, and can be recorded', () => {
  const { message } = new SlipwayError('BadData', `row 1: delay is "${cell}"; correct the file`)
  expect(message.length).toBeLessThanOrEqual(LONGEST_MESSAGE)
  expect(message).toMatch(/^row 1: delay is .* … \[\d+ characters left out\] … .*; correct the file$/u)
  expect(message).not.toMatch(/\p{Surrogate}/u)
  expect(errorText(foreign()).length).toBeLessThanOrEqual(LONGEST_MESSAGE)
  expect(new Refused('bad_input', cell).message.length).toBeLessThanOrEqual(LONGEST_MESSAGE)
})

it('a text within the limit is kept as it is', () => {
  const message = 'x'.repeat(LONGEST_MESSAGE)
  expect(new SlipwayError('BadData', message).message).toBe(message)
  expect(new SlipwayError('BadData', `${message}y`).message).not.toBe(`${message}y`)
})
