/** Opens each photo of a source once. Usable photos are kept, the others are rejected with a reason. */
import { createHash } from 'node:crypto'
import { extname } from 'node:path'
import sharp from 'sharp'
import { type Decoded, decode, isReadable, UNREADABLE } from './decode-photo.js'
import type { ListedPhoto, Rejected } from './listed-photo.js'
import { EDGE, type PhotoRow } from './photo.js'
import { qualityOf } from './quality.js'
import { TWICE } from './rejections.js'

/** A file of the right dimensions and of no more bytes is kept unchanged. */
const KEPT_AS_IS = 64_000

export function createIntake() {
  const seen = new Set<string>()
  const all = createHash('sha256')
  let bytesRead = 0
  return {
    async open({ row, read }: ListedPhoto): Promise<{ row: PhotoRow; bytes: Uint8Array } | Rejected> {
      const { file } = row
      const bytes = await read()
      if (!bytes) return { reason: UNREADABLE.giant, file }
      const digest = createHash('sha256').update(bytes).digest('hex')
      all.update(`${file}\0${digest}\0`)
      bytesRead += bytes.length
      const decoded = await decode(bytes)
      if (!isReadable(decoded)) return { reason: decoded, file }
      const claimed = extname(file).slice(1).toLowerCase().replace('jpg', 'jpeg')
      if (claimed !== decoded.format) return { reason: `named ${extname(file)} but holds ${decoded.format}`, file }
      // The same picture in another shipment could be on both sides of a split.
      if (seen.has(digest)) return { reason: TWICE, file }
      seen.add(digest)
      return { row: { ...row, ...qualityOf(decoded) }, bytes: await kept(bytes, decoded) }
    },
    /** Digest of all files read, by name and content. */
    digest: (): { sha256: string; bytes: number } => ({ sha256: `sha256:${all.digest('hex')}`, bytes: bytesRead }),
  }
}

/** What a snapshot keeps: 224 × 224 pixels, whatever the camera's resolution. */
async function kept(bytes: Uint8Array, { pixels, width, height, format }: Decoded): Promise<Uint8Array> {
  if (format === 'jpeg' && width === EDGE && height === EDGE && bytes.length <= KEPT_AS_IS) return bytes
  const picture = sharp(pixels, { raw: { width: EDGE, height: EDGE, channels: 3 } })
  return picture.jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer()
}
