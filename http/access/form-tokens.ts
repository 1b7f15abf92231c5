import { randomBytes, timingSafeEqual } from 'node:crypto'

export const newFormToken = (): string => randomBytes(32).toString('base64url')

export function isSameToken(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
