/** What is known of a photo before anybody has opened its file, and how to open it. */
import type { PhotoRow, Quality } from './photo.js'

export interface ListedPhoto {
  readonly row: Omit<PhotoRow, keyof Quality>
  /** The file's bytes; undefined where it is too large to be read at all. */
  read(): Promise<Uint8Array | undefined>
}

/** Photos of one source in the order of taking. */
export interface PhotoSource {
  readonly name: string
  readonly photos: readonly ListedPhoto[]
  /** Counted and named before a file was opened. */
  readonly rejected: readonly Rejected[]
  /** The file that names them, where there is one. */
  readonly labelFile: { readonly name: string; readonly bytes: Uint8Array } | null
}

export interface Rejected {
  readonly reason: string
  readonly file: string
}
