/** Errors between threads: a plain copy would lose the code of a network error and the type of a known one. */
import { FAILURES, type FailureType, SlipwayError } from '../../contracts/failure.js'

export interface ErrorParts {
  readonly name: string
  readonly message: string
  readonly stack?: string | undefined
  /** Of a SlipwayError. */
  readonly type?: string
  /** Of a system error, such as ENOTFOUND. */
  readonly code?: string
  readonly cause?: ErrorParts
}

/** Causes of causes beyond this say nothing new. */
const DEEPEST = 5

/** @param error whatever was thrown */
export function errorParts(error: unknown, deep = DEEPEST): ErrorParts {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) }
  const { code } = error as NodeJS.ErrnoException
  return {
    name: error.name,
    message: error.message,
    stack: error.stack,
    ...(error instanceof SlipwayError ? { type: error.type } : {}),
    ...(typeof code === 'string' ? { code } : {}),
    ...(error.cause === undefined || deep === 0 ? {} : { cause: errorParts(error.cause, deep - 1) }),
  }
}

export function errorOf({ name, message, stack, type, code, cause }: ErrorParts): Error {
  const options = cause === undefined ? {} : { cause: errorOf(cause) }
  if (isFailureType(type)) return new SlipwayError(type, message, options)
  const error = new Error(message, options)
  return Object.assign(error, {
    name,
    ...(stack === undefined ? {} : { stack }),
    ...(code === undefined ? {} : { code }),
  })
}

const isFailureType = (type: string | undefined): type is FailureType => type !== undefined && type in FAILURES
