/** A photo before its file is opened: what the label file says, and how to read it. */
import type { PhotoRow, Quality } from './photo.js'

export interface ListedPhoto {
  readonly row: Omit<PhotoRow, keyof Quality>
  /** The file's bytes; undefined if it is too large to be read. */
  read(): Promise<Uint8Array | undefined>
}

/** Photos of one source in the order of taking. */
export interface PhotoSource {
  readonly name: string
  readonly photos: readonly ListedPhoto[]
  /** Photos rejected before their files were opened. */
  readonly rejected: readonly Rejected[]
  /** The file that lists them; null for generated photos. */
  readonly labelFile: { readonly name: string; readonly bytes: Uint8Array } | null
}

export interface Rejected {
  readonly reason: string
  readonly file: string
}
