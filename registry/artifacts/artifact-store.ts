/** Artifacts: files named by the sha256 of their bytes, written once, checked before every use. */
export interface ArtifactStore {
  /** @returns the digest, `sha256:…`. Putting the same bytes again is harmless, also at the same time. */
  putFile(path: string): Promise<string>
  putBytes(bytes: Uint8Array): Promise<string>
  /** @throws SlipwayError ArtifactMismatch when the bytes are missing or are not those of the digest */
  get(digest: string): Promise<Uint8Array>
  /** Where the bytes lie on this machine, after checking them. */
  path(digest: string): Promise<string>
  verify(digest: string): Promise<void>
  /** Bytes, without checking them; null when it is not there. */
  size(digest: string): Promise<number | null>
  /** Only retention may: what the ledger names and does not say was dropped must be there. Harmless when it is gone. */
  remove(digest: string): Promise<void>
}
