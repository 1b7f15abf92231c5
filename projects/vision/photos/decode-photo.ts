/** Decodes a file to 224 × 224 pixels, or says why it cannot. Memory is limited to what a photo may need. */
import sharp from 'sharp'
import { EDGE } from './photo.js'

/** A larger file is no photo of a parcel: 16 MB, and 40 million pixels once decoded. */
export const MOST_BYTES = 16_000_000
const MOST_PIXELS = 40_000_000

export interface Decoded {
  /** EDGE × EDGE × red, green, blue. */
  readonly pixels: Uint8Array
  readonly format: 'jpeg' | 'png' | 'webp'
  readonly width: number
  readonly height: number
}

/** Why a file cannot be used: the reasons that a snapshot counts. */
export const UNREADABLE = {
  empty: 'empty file',
  giant: 'larger than 16 MB or 40 million pixels',
  // Nor WebP. The text is part of manifests: the same data must give the same digest.
  other: 'neither JPEG nor PNG',
  broken: 'broken or truncated',
} as const
type Unreadable = (typeof UNREADABLE)[keyof typeof UNREADABLE]

export const isReadable = (decoded: Decoded | Unreadable): decoded is Decoded => typeof decoded !== 'string'

// One photo at a time on one thread, without a cache: the process has other work, and no photo is decoded twice.
sharp.cache(false)
sharp.concurrency(1)

/**
 * The photo is scaled to a square. Its aspect ratio does not matter for damage, and cropping could remove the damage.
 */
export async function decode(bytes: Uint8Array): Promise<Decoded | Unreadable> {
  if (bytes.length === 0) return UNREADABLE.empty
  if (bytes.length > MOST_BYTES) return UNREADABLE.giant
  const picture = sharp(bytes, { failOn: 'warning', limitInputPixels: false, sequentialRead: true })
  const head = await picture.metadata().catch(() => undefined)
  if (!head) return startsAsPicture(bytes) ? UNREADABLE.broken : UNREADABLE.other
  const { format, width, height } = head
  if (format !== 'jpeg' && format !== 'png' && format !== 'webp') return UNREADABLE.other
  if (width * height > MOST_PIXELS) return UNREADABLE.giant
  try {
    const upright = picture.autoOrient().flatten().resize(EDGE, EDGE, { fit: 'fill' }).toColourspace('srgb')
    const small = () => upright.removeAlpha().raw().toBuffer()
    const pixels = await (width * height > LARGE_PIXELS ? afterOtherLarge(small) : small())
    return { pixels: asColour(pixels), format, width, height }
  } catch {
    return UNREADABLE.broken
  }
}

/**
 * An interlaced or progressive photo is held as a whole while it is decoded, and a decision service gets several at
 * once: those beyond a telephone's camera wait for each other.
 */
const LARGE_PIXELS = 16_000_000
let otherLarge: Promise<unknown> = Promise.resolve()

function afterOtherLarge<Result>(work: () => Promise<Result>): Promise<Result> {
  const next = otherLarge.then(work)
  otherLarge = next.catch(() => {})
  return next
}

/** Grey pictures have one number a pixel. */
function asColour(pixels: Uint8Array): Uint8Array {
  const area = EDGE * EDGE
  if (pixels.length === area * 3) return pixels
  return Uint8Array.from({ length: area * 3 }, (_, at) => pixels[Math.floor(at / 3)] as number)
}

const startsAsPicture = (bytes: Uint8Array): boolean =>
  (bytes[0] === 0xff && bytes[1] === 0xd8) ||
  (bytes[0] === 0x89 && bytes[1] === 0x50) ||
  Buffer.from(bytes.subarray(8, 12)).toString('latin1') === 'WEBP'
