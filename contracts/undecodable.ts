/**
 * Stands for a payload that cannot be decoded: of another encoding, encrypted by a codec that Slipway does not have, or
 * damaged. A payload that throws while it is decoded would fail every later workflow task, and no query, update or
 * cancellation would be heard any more. Zod-free: workflow code imports this file.
 */
import { ApplicationFailure } from '@temporalio/common'
import { errorText } from './error-text.js'
import { recordable } from './recordable-text.js'

const WHY = Symbol.for('slipway.undecodable')
const LONGEST = 200

/** Reading a property of it, as if it were the value, throws a failure that ends the workflow with this reason. */
export function undecodable(encoding: string, error: unknown): object {
  const why = recordable(
    `a payload of encoding "${encoding}" cannot be decoded (${errorText(error)})`.slice(0, LONGEST),
  )
  return new Proxy(
    {},
    {
      get(_target, key) {
        if (key === WHY) return why
        // Read by promises and by the console, whatever the value is.
        if (key === 'then' || typeof key === 'symbol') return undefined
        throw ApplicationFailure.nonRetryable(why, 'BadRequest')
      },
    },
  )
}

/** @returns why it could not be decoded; null for any other value */
export function whyUndecodable(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null
  const why: unknown = Reflect.get(value, WHY)
  return typeof why === 'string' ? why : null
}
