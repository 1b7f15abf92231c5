import { expect } from 'vitest'
import { SlipwayError } from '../../contracts/failure.js'

/** What is said when data are refused: one line, and the data's fault. */
export async function refusalOf(imported: Promise<unknown>): Promise<string> {
  const [ended] = await Promise.allSettled([imported])
  if (ended?.status !== 'rejected') return 'accepted'
  const error: unknown = ended.reason
  expect(error, String(error)).toBeInstanceOf(SlipwayError)
  const { type, message } = error as SlipwayError
  expect([type, message.split('\n').length], message).toEqual(['BadData', 1])
  return message
}
