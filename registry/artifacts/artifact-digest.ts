import { SlipwayError } from '../../contracts/failure.js'

const DIGEST = /^sha256:([0-9a-f]{64})$/

/**
 * Path of an artifact below the store's root: `sha256/ab/ab…`.
 * @throws SlipwayError BadRequest on anything but a digest
 */
export function keyOf(digest: string): string {
  const hex = DIGEST.exec(digest)?.[1]
  if (hex) return `sha256/${hex.slice(0, 2)}/${hex}`
  throw new SlipwayError('BadRequest', `"${digest}" is not an artifact digest; it must be sha256: and 64 hex digits`)
}

export function requireDigest(expected: string, found: string): void {
  if (found === expected) return
  throw new SlipwayError('ArtifactMismatch', `artifact ${expected} contains other bytes, with digest ${found}`)
}

export const missing = (digest: string): SlipwayError =>
  new SlipwayError('ArtifactMismatch', `artifact ${digest} is missing from the store`)

/** Always with the digest: the bare error of a file system does not name the artifact. */
export const unreadable = (digest: string, why: string, cause?: unknown): SlipwayError =>
  new SlipwayError('Unavailable', `artifact ${digest} cannot be read: ${why}`, { cause })
