/** Artifacts: files named by the SHA-256 of their bytes, written once, checked before every use. */
export interface ArtifactStore {
  /** @returns the digest, `sha256:…`. Putting the same bytes again is harmless, also concurrently. */
  putFile(path: string): Promise<string>
  putBytes(bytes: Uint8Array): Promise<string>
  /** @throws SlipwayError ArtifactMismatch when the bytes are missing or are not those of the digest */
  get(digest: string): Promise<Uint8Array>
  /** Path of a local file with the checked bytes. */
  path(digest: string): Promise<string>
  verify(digest: string): Promise<void>
  /** Size in bytes, without checking them; null when the artifact is missing. */
  size(digest: string): Promise<number | null>
  /**
   * For retention only: an artifact that the ledger names must exist unless the ledger records that it was dropped.
   * Harmless when the artifact is missing.
   */
  remove(digest: string): Promise<void>
}
